import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { Provider, ProviderFacts, ProviderOptions } from '../../src/provider/provider.js'
import { read } from '../../src/provider/read.js'

/** A service on loopback, for tests over real sockets. */
export interface Upstream {
  readonly url: string
  /** Method, path and query of every request, in order. */
  readonly asked: readonly string[]
  /** Connections that are open now. */
  readonly connections: number
}

const started: (() => Promise<unknown>)[] = []

/** Ends every upstream of this file, with its connections. */
export async function endUpstreams(): Promise<void> {
  await Promise.all(started.splice(0).map((end) => end()))
}

async function listening(server: Server | TcpServer, asked: string[]): Promise<Upstream> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  started.push(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get connections() {
      return sockets.size
    },
  }
}

/** Answers as told. */
export function upstream(answer: RequestListener): Promise<Upstream> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  return listening(server, asked)
}

const reply = (status: number, type: string, text: string, headers: Readonly<Record<string, string>> = {}): Promise<Upstream> =>
  upstream((_, response) => void response.writeHead(status, { 'content-type': type, ...headers }).end(text))

export const json = (status: number, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Upstream> =>
  reply(status, 'application/json', JSON.stringify(body), headers)

export const html = (status: number, text: string): Promise<Upstream> => reply(status, 'text/html', `<!DOCTYPE html><html><body><h1>${text}</h1></body></html>`)

/** A whole answer, as its length says, that ends inside its JSON. */
export const truncated = (): Promise<Upstream> => reply(200, 'application/json', '{"last":"10')

/** Takes the request and never sends a byte. */
export const silent = (): Promise<Upstream> => upstream(() => {})

/** Sends headers and the first bytes of a body, and then nothing more. */
export const stopping = (): Promise<Upstream> =>
  upstream((_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"last":'))

/** Closes the connection in the middle of the body. */
export const cutting = (): Promise<Upstream> =>
  upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"last":', () => response.destroy())
  })

/** Takes the connection and resets it at once. */
export const resetting = (): Promise<Upstream> =>
  listening(
    createTcpServer((socket) => void socket.resetAndDestroy()),
    [],
  )

/** URL of a port that nobody listens at. */
export async function refusing(): Promise<string> {
  const { url } = await silent()
  await started.pop()?.()
  return url
}

/** What listens in a thread that then stands still: nobody accepts what the queue takes. */
const DEAF = `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const server = createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })`

/** URL of a port whose queue is full: a connection is neither taken nor refused. */
export async function blackHole(): Promise<string> {
  const worker = new Worker(DEAF, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const queue: Socket[] = []
  started.push(async () => {
    for (const socket of queue) socket.destroy()
    await worker.terminate()
  })
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    queue.push(socket)
    const taken = await Promise.race([once(socket, 'connect').then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 150, false))])
    if (!taken) return `http://127.0.0.1:${port}`
    if (queue.length > 20) throw new Error('the queue of the black hole never fills')
  }
}

/** A provider of prices and books whose answers are `{ last }` and `{ bid, ask }`. */
export function shop(
  id: string,
  hosts: string | readonly string[],
  options: ProviderOptions = {},
  facts: Partial<ProviderFacts> = {},
): Provider<'ticker' | 'orderBook'> {
  return defineProvider<'ticker' | 'orderBook'>(
    {
      name: id,
      homepage: 'https://shop.example',
      docs: 'https://shop.example/docs',
      ...facts,
      id,
      endpoints: {
        ticker: {
          request: ({ symbol }) => ({ path: 'ticker', query: { symbol } }),
          parse: (body, { symbol }) => {
            const [base = '', quote = ''] = symbol.split('/')
            return { symbol, base, quote, last: read.positive(read.object(body, 'ticker').last, 'last') }
          },
        },
        orderBook: {
          request: ({ symbol }) => ({ path: 'book', query: { symbol } }),
          parse: (body, { symbol }) => {
            const [base = '', quote = ''] = symbol.split('/')
            const { bid, ask } = read.object(body, 'book')
            return { symbol, base, quote, bids: [[read.positive(bid, 'bid'), 1]], asks: [[read.positive(ask, 'ask'), 1]] }
          },
        },
      },
    },
    { hosts: [hosts].flat(), ...options },
  )
}
