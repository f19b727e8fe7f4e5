import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { statisticsOf, timestamp } from './answers.ts'
import { type ClientFacts, type LiveClient, LiveClients } from './clients.ts'
import { factsOf, isOwnOrigin } from './arrival.ts'
import { answer, type Desk, refuse } from './messages.ts'
import { LivePrices } from './prices.ts'
import type { ServerRouter } from '../providers.ts'

/** Bounds of the WebSocket. Each has a default. */
export interface SocketOptions {
  /** @default 1_000 */
  readonly maxConnections?: number | undefined
  /** Of one client. @default 50 */
  readonly maxSubscriptions?: number | undefined
  /** Of one message that comes in. @default 65_536 */
  readonly maxMessageBytes?: number | undefined
  /** Messages and pings of one client in ten seconds. @default 100 */
  readonly maxMessages?: number | undefined
  /** A client that leaves more unread is dropped. @default 1_048_576 */
  readonly maxBufferedBytes?: number | undefined
  /** Between two heartbeats; three without a sign of life end a connection. @default 10_000 */
  readonly heartbeatMs?: number | undefined
  /** Between two prices of a symbol. @default 5_000 */
  readonly priceMs?: number | undefined
  /** Pages of other origins that may connect, like `https://example.com`. @default only pages of this server */
  readonly origins?: readonly string[] | undefined
  /** Who may connect. @default everybody */
  readonly authorize?: ((request: IncomingMessage) => boolean | Promise<boolean>) | undefined
}

const MISSED_MOST = 3
const STATISTICS_MS = 1_000
const MESSAGES_MS = 10_000
/** Who does not answer a goodbye within this time is cut off. */
const GOODBYE_MS = 1_000
const GOING_AWAY = 1001
const POLICY = 1008

/** Each part of a message that is not there yet costs far more memory than its bytes: messages here come in one part, of a few packets. */
const PARTS = { maxFragments: 64, maxBufferedChunks: 1_024 }

type AddressOf = (request: IncomingMessage) => string | undefined

/** The stream at `/ws`. */
export class LiveSocket {
  readonly clients: LiveClients
  readonly #prices: LivePrices
  readonly #desk: Desk
  readonly #options: SocketOptions
  readonly #sockets: WebSocketServer
  readonly #counters: ReturnType<typeof throttled>
  readonly #heart: NodeJS.Timeout
  /** Connections of which it is not known yet whether they may. */
  readonly #arriving = new Set<Duplex>()
  #isClosed = false

  /** `stats`: the system's statistics, as a client that asks for them gets them. */
  constructor(router: ServerRouter, stats: () => Promise<unknown>, options: SocketOptions = {}) {
    const { maxMessageBytes = 65_536, maxBufferedBytes = 1_048_576, heartbeatMs = 10_000, priceMs = 5_000, maxSubscriptions = 50 } = options
    const clients = new LiveClients(maxBufferedBytes)
    this.clients = clients
    this.#options = options
    this.#prices = new LivePrices(router, clients, priceMs)
    this.#desk = { clients, prices: this.#prices, maxSubscriptions, stats }
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, ...PARTS, perMessageDeflate: false })
    this.#counters = throttled(() => clients.publish('all', { type: 'stats_update', data: statisticsOf(clients.statistics()) }), STATISTICS_MS)
    this.#heart = setInterval(() => beat(clients), heartbeatMs)
  }

  /** Begins to take connections of a server. `addressOf`: whose they are, where a proxy stands in between. */
  attach(server: Server, addressOf: AddressOf = ({ socket }) => socket.remoteAddress): void {
    server.on('upgrade', (request, stream, head) => {
      this.#arriving.add(stream)
      stream.on('error', () => stream.destroy())
      this.#upgrade(request, stream, head, addressOf(request))
        .catch(() => stream.destroy())
        .finally(() => this.#arriving.delete(stream))
    })
  }

  /** Says goodbye to everybody. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#heart)
    this.#counters.stop()
    this.#prices.stop()
    for (const stream of this.#arriving) stream.destroy()
    for (const { socket } of this.clients.all()) socket.close(GOING_AWAY, 'the server is going down')
    const late = setTimeout(() => this.#sockets.clients.forEach((socket) => socket.terminate()), GOODBYE_MS)
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()))
    clearTimeout(late)
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, address: string | undefined): Promise<void> {
    const refusal = await this.#refusalOf(request)
    if (refusal === undefined) return this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#welcome(socket, factsOf(request, address)))
    // half of the connection would stay open as long as the other side likes
    stream.once('finish', () => stream.destroy())
    stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  }

  /** Why somebody may not connect. */
  async #refusalOf(request: IncomingMessage): Promise<string | undefined> {
    const { origins = [], authorize, maxConnections = 1_000 } = this.#options
    if (pathOf(request) !== '/ws') return '404 Not Found'
    if (!isOwnOrigin(request, origins)) return '403 Forbidden'
    if (authorize !== undefined && !(await authorize(request))) return '401 Unauthorized'
    return this.#isClosed || this.clients.size >= maxConnections ? '503 Service Unavailable\r\nRetry-After: 30' : undefined
  }

  #welcome(socket: WebSocket, facts: ClientFacts): void {
    const client = this.clients.add(socket, facts)
    const names = { session_id: client.id, client_id: client.clientId }
    this.clients.send(client, { type: 'welcome', ...names, message: 'connected to feedmux', timestamp: timestamp() })
    listen(this.#desk, client, this.#options.maxMessages ?? 100)
    socket.once('close', () => {
      this.clients.remove(client)
      this.#counters.soon()
    })
    this.#counters.soon()
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/'

/** Reads what a client sends, as long as it does not send too much. */
function listen(desk: Desk, client: LiveClient, maxMessages: number): void {
  const { socket } = client
  let [since, count] = [Date.now(), 0]
  function isAllowed(): boolean {
    if (Date.now() - since > MESSAGES_MS) [since, count] = [Date.now(), 0]
    count += 1
    if (count === maxMessages + 1) {
      refuse(desk, client, 'too-many-messages', `more than ${maxMessages} messages in ${MESSAGES_MS / 1_000} s: slower, please`)
      socket.close(POLICY, 'too many messages')
    }
    return count <= maxMessages
  }
  socket.on('error', () => socket.terminate()) // a message too large, or no text at all
  socket.on('pong', () => {
    client.missed = 0
  })
  socket.on('ping', isAllowed) // each is answered, as a message is
  socket.on('message', (data: RawData, isBinary) => {
    desk.clients.received(client)
    if (!isAllowed()) return
    if (isBinary || !Buffer.isBuffer(data)) refuse(desk, client, 'bad-message', 'text expected, got a binary message')
    else answer(desk, client, data.toString()).catch(() => socket.terminate())
  })
}

/** A message and a ping for everybody; whoever gave no sign of life three times has gone. */
function beat(clients: LiveClients): void {
  for (const client of clients.all()) {
    if (client.missed >= MISSED_MOST) client.socket.terminate()
    else if (client.socket.readyState === client.socket.OPEN) client.socket.ping()
    client.missed += 1
  }
  clients.publish('all', { type: 'heartbeat', timestamp: timestamp(), status: 'alive' })
}

/** Calls soon, but never twice within `everyMs`. */
function throttled(call: () => void, everyMs: number): { soon(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let last = 0
  let isStopped = false
  return {
    soon() {
      if (isStopped) return
      timer ??= setTimeout(
        () => {
          timer = undefined
          last = Date.now()
          call()
        },
        Math.max(0, last + everyMs - Date.now()),
      )
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
