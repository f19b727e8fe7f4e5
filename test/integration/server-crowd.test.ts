import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../examples/express-server/start.ts'

const TOKEN = 'a-token-for-tests-only'
const [READERS, SLOW, KILLED] = [430, 50, 20]
const SYMBOLS = ['BTC', 'ETH', 'SOL']
const BULK = 100

let server: RunningServer
const children: ChildProcess[] = []

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server.close()
})

/** Clients in a process of their own: some read, some never do. Those that read tell how late each message was. */
const CLIENTS = `
  import { WebSocket } from 'ws'
  const [url, readers, slow, symbols] = JSON.parse(process.argv[1])
  const late = [], counts = { prices: 0, notices: 0, bulk: 0, closed: 0 }
  const open = (groups, isReader, n) => new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.on('error', reject)
    socket.on('close', () => (counts.closed += 1))
    socket.on('message', (data) => {
      const message = JSON.parse(data)
      if (message.type === 'subscribed' && --waiting === 0) {
        resolve()
        if (!isReader) socket._socket.pause()
      }
      if (message.type === 'price') counts.prices += 1
      if (message.type === 'bulk') counts.bulk += 1
      if (message.type !== 'notice') return
      counts.notices += 1
      late.push(Date.now() - message.at)
    })
    let waiting = groups.length + 1
    socket.on('open', () => {
      for (const group of groups) socket.send(JSON.stringify({ type: 'subscribe', group }))
      socket.send(JSON.stringify({ type: 'subscribe', symbol: symbols[n % symbols.length] }))
    })
  })
  const all = [...Array(readers).keys()].map((n) => [n < 10 ? ['alerts', 'breakers'] : ['alerts'], true, n])
    .concat([...Array(slow).keys()].map((n) => [['breakers'], false, n]))
  for (let at = 0; at < all.length; at += 50) await Promise.all(all.slice(at, at + 50).map((one) => open(...one)))
  process.send('open')
  process.on('message', () => process.send({ ...counts, late: late.sort((a, b) => a - b) }))
`

interface Report {
  readonly prices: number
  readonly notices: number
  readonly bulk: number
  readonly closed: number
  readonly late: readonly number[]
}

async function clients(readers: number, slow: number): Promise<ChildProcess> {
  const url = `${server.url.replace('http', 'ws')}/ws`
  const args = ['--input-type=module', '-e', CLIENTS, JSON.stringify([url, readers, slow, SYMBOLS])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  await once(child, 'message')
  return child
}

async function reportOf(child: ChildProcess): Promise<Report> {
  child.send('report')
  const [report] = (await once(child, 'message')) as [Report]
  return report
}

const broadcast = (group: string, message: object): Promise<Response> =>
  fetch(`${server.url}/api/broadcast?group=${group}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(message),
  })

const connections = async (): Promise<number> =>
  ((await (await fetch(`${server.url}/api/sessions/stats`)).json()) as { active_connections: number }).active_connections

const tickerCalls = (): number =>
  ['binance', 'okx', 'kraken', 'coinbase', 'coinpaprika'].flatMap((id) => server.world?.upstreams(id) ?? []).reduce((sum, { calls }) => sum + calls, 0)

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

it(
  'serves 500 clients of which 50 never read and 20 are killed: the others are on time, memory stays bounded, and providers notice nothing',
  { timeout: 60_000 },
  async () => {
    server = await startServer({
      port: 0,
      host: '127.0.0.1',
      token: TOKEN,
      rateLimit: false,
      worker: false,
      socket: { maxBufferedBytes: 262_144, priceMs: 500 },
    })
    const doomed = await clients(KILLED, 0)
    const crowd = await clients(READERS, SLOW)
    expect(await connections()).toBe(READERS + SLOW + KILLED)
    const [before, calls] = [process.memoryUsage(), tickerCalls()]
    doomed.kill('SIGKILL')
    let peak = 0
    const text = 'x'.repeat(60_000)
    for (let count = 0; count < BULK; count++) {
      await broadcast('breakers', { type: 'bulk', text })
      if (count % 5 === 0) await broadcast('alerts', { type: 'notice', at: Date.now() })
      await pause(10)
      const { heapUsed, external } = process.memoryUsage()
      peak = Math.max(peak, heapUsed + external - before.heapUsed - before.external)
    }
    await pause(500)
    const report = await reportOf(crowd)
    expect(report.closed).toBe(0) // nobody who reads was dropped: the slow ones have not even seen their end
    expect(await connections()).toBe(READERS)
    // each reader got all that was for it, in time
    expect([report.notices, report.bulk]).toEqual([(BULK / 5) * READERS, BULK * 10])
    expect(report.late[Math.floor(report.late.length * 0.99)]).toBeLessThan(2_000)
    expect(report.prices).toBeGreaterThan(READERS * 2)
    // 50 × 256 KiB may wait at most
    expect(peak).toBeLessThan(150 * 1_048_576)
    // three symbols, asked again when their ten seconds in the cache are over, however many listen
    expect(tickerCalls() - calls).toBeLessThan(30)
  },
)
