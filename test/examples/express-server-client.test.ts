import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type WebSocket as Peer, WebSocketServer } from 'ws'

/** As much of the client as is used here: it is JavaScript for pages. */
interface CryptoWebSocketClient {
  readonly state: string
  connect(): void
  close(): void
  subscribe(group: string): void
  on(type: string, handler: (message: unknown) => void): () => void
  onConnection(listener: (state: string) => void): () => void
}

const FILE = new URL('../../examples/status-widget/crypto-websocket-client.js', import.meta.url).href
const { CryptoWebSocketClient } = (await import(FILE)) as { CryptoWebSocketClient: new (url: string) => CryptoWebSocketClient }

let server: WebSocketServer
let url: string

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`
  // nothing that comes by chance: each wait is the whole of it
  vi.spyOn(Math, 'random').mockReturnValue(1)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(async () => {
  vi.useRealTimers()
  for (const socket of server.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
})

const becomes = (client: CryptoWebSocketClient, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    const end = client.onConnection((state) => {
      if (state !== wanted) return
      queueMicrotask(() => end())
      resolve()
    })
  })

it('a client that is sent away at once waits longer each time, and gives up until it is told to connect', async () => {
  server.on('connection', (socket) => socket.close(1013))
  const client = new CryptoWebSocketClient(url)
  const waits: number[] = []
  client.connect()
  for (;;) {
    await Promise.race([becomes(client, 'waiting'), becomes(client, 'failed')])
    if (client.state === 'failed') break
    const before = performance.now()
    while (client.state === 'waiting') vi.advanceTimersByTime(500)
    waits.push(performance.now() - before)
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  client.connect()
  expect(client.state).toBe('connecting')
  client.close()
})

it('a client begins anew with short waits after a connection that held, and subscribes again', async () => {
  const client = new CryptoWebSocketClient(url)
  client.subscribe('prices:BTC')
  for (let count = 0; count < 3; count++) {
    const arrived = once(server, 'connection')
    if (count === 0) client.connect()
    else vi.advanceTimersByTime(1_000)
    const [socket] = (await arrived) as [Peer]
    const [text] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(text.toString())).toEqual({ type: 'subscribe', group: 'prices:BTC' })
    vi.advanceTimersByTime(10_000)
    const lost = becomes(client, 'waiting')
    socket.terminate()
    await lost
  }
  client.close()
})

it('a client gives up a connection that has been silent for long', async () => {
  const client = new CryptoWebSocketClient(url)
  const arrived = once(server, 'connection')
  client.connect()
  const [socket] = (await arrived) as [Peer]
  await becomes(client, 'connected')
  vi.advanceTimersByTime(40_000)
  const heard = new Promise((resolve) => client.on('heartbeat', resolve))
  socket.send('{"type":"heartbeat"}')
  await heard
  vi.advanceTimersByTime(40_000)
  expect(client.state).toBe('connected')
  vi.advanceTimersByTime(5_500)
  expect(client.state).toBe('waiting')
  client.close()
})
