import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const SECOND = 1_000

/** A server that takes requests. */
export interface Listening {
  readonly server: Server
  readonly url: string
  /** Takes no more connections, lets requests under way end, then cuts off what is left. */
  close(): Promise<void>
}

/** Where it listens, and how patient it is. */
export interface ListenOptions {
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly patienceMs?: number | undefined
  readonly headersTimeoutMs?: number | undefined
  readonly requestTimeoutMs?: number | undefined
  readonly maxConnections?: number | undefined
}

/** Listens. Whoever sends slowly, or many headers, or opens connections without end does not keep others out. */
export async function httpServer(
  app: RequestListener,
  { port = 8_000, host = '0.0.0.0', patienceMs = 10 * SECOND, headersTimeoutMs = 10 * SECOND, requestTimeoutMs = 30 * SECOND, maxConnections }: ListenOptions,
): Promise<Listening> {
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(headersTimeoutMs, requestTimeoutMs),
    connectionsCheckingInterval: headersTimeoutMs / 2,
    shouldUpgradeCallback: isWebSocket,
  }
  const server = createServer(options, app)
  server.keepAliveTimeout = 65 * SECOND // longer than that of proxies in front, which would else reuse a connection that just ended
  server.maxRequestsPerSocket = 100_000
  server.maxConnections = maxConnections ?? 5_000
  const url = await listen(server, port, host)
  return {
    server,
    url,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), patienceMs)
        server.close(() => {
          clearTimeout(late)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

// Clients such as Java's offer HTTP/2 by an upgrade that nobody has to take: they get their answer by HTTP/1.1. Node before 24.9 does not ask.
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/** Whether an address is this machine's own. */
export const isLoopback = (address = ''): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address)

function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const { port: own } = server.address() as AddressInfo
      resolve(`http://${hostOf(host)}:${own}`)
    })
  })
}
