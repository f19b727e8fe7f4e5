import { expect, test } from 'vitest'
import { limitText } from '../../src/cli/commands/providers.js'
import type { Candle, OrderBook } from '../../src/model/market.js'
import type { Plan } from '../../src/router/plan.js'
import type { HealthReport } from '../../src/router/probes.js'
import { feedmux, result, rig, ticker } from './support.js'

const candles: Candle[] = Array.from({ length: 30 }, (_, index) => {
  const open = 100 + index
  return { openTime: Date.UTC(2026, 10, 2, index), open, high: open + 2, low: open - 1, close: open + 1, volume: 1_500, closed: index < 29 }
})

test('candles are asked with interval and limit and shown as a chart with the newest rows', async () => {
  const io = rig(() => result(candles))
  expect(await feedmux(io, 'candles BTC/USD --interval 1h --limit 30')).toBe(0)
  expect(io.asked[0]).toMatchObject({ capability: 'candles', params: { symbol: 'BTC/USD', interval: '1h', limit: 30 } })
  const { text } = io.stdout
  expect(text).toContain('BTC/USD 1h  130.00  +30.00 % over 30 candles')
  expect(text).toMatch(/┤.*╭/)
  expect(text).toContain('2026-11-03 05:00 running')
  expect(text).toContain('kraken in 12 ms')
})

test('no candles at all are said to be none', async () => {
  const io = rig(() => result([]))
  expect(await feedmux(io, 'candles BTC/USD')).toBe(0)
  expect(io.stdout.text).toContain('BTC/USD 1h: no candles')
})

test('an order book shows as many orders as were asked and the gap between the best', async () => {
  const book: OrderBook = {
    symbol: 'BTC/USD',
    base: 'BTC',
    quote: 'USD',
    bids: [
      [100, 1],
      [99, 2],
      [98, 3],
    ],
    asks: [[101, 0.5]],
  }
  const io = rig(() => result(book))
  expect(await feedmux(io, 'book BTC/USD --depth 2')).toBe(0)
  expect(io.asked[0]?.params).toEqual({ symbol: 'BTC/USD', depth: 2 })
  expect(io.stdout.text).toContain('spread 1.00 (1.000 %)')
  expect(io.stdout.text).toContain('99.00')
  expect(io.stdout.text).not.toContain('98.00')
})

test('fear & greed has a bar for each day', async () => {
  const io = rig(() => result([{ value: 50, label: 'Neutral', at: Date.UTC(2026, 10, 2) }]))
  expect(await feedmux(io, 'fear-greed --limit 1')).toBe(0)
  expect(io.asked[0]).toMatchObject({ capability: 'fearGreed', params: { limit: 1 } })
  expect(io.stdout.text).toContain(`2026-11-02     50  ${'█'.repeat(10)}${'░'.repeat(10)}  Neutral`)
})

test('a stale answer, its age and its reason are shown, and whom to credit', async () => {
  const attribution = { text: 'Data by Gecko', url: 'https://gecko.example', required: true }
  const io = rig(() => result(ticker('BTC/USD'), { source: 'stale', ageMs: 120_000, staleReason: 'timeout', attribution }))
  expect(await feedmux(io, 'ticker BTC/USD ETH/USD')).toBe(0)
  expect(io.stdout.text).toContain('kraken (stale, 2 min old: timeout)')
  expect(io.stdout.text.match(/Data by Gecko https:\/\/gecko\.example/g)).toHaveLength(1)
})

const plan: Plan = {
  capability: 'ticker',
  candidates: [
    { provider: 'kraken', cost: 0, quotaCost: 1, role: 'regular' },
    { provider: 'gecko', cost: 1, quotaCost: 1, role: 'last-resort' },
  ],
  excluded: [
    { provider: 'needs-key', reason: 'key-missing' },
    { provider: 'okx', reason: 'rate-limited', until: 1_030_000 },
  ],
  cache: 'none',
}

test('a plan shows the order and who is passed over, why and how long, without asking', async () => {
  const io = rig(undefined, { plan: () => plan })
  expect(await feedmux(io, 'plan ticker BTCUSDT')).toBe(0)
  expect(io.asked).toEqual([])
  expect(io.stdout.text).toMatch(/1 {2}kraken[^]*2 {2}gecko/)
  expect(io.stdout.text).toMatch(/needs-key\s+key-missing/)
  expect(io.stdout.text).toMatch(/okx\s+rate-limited\s+for 30 s/)
})

test('a plan in which nobody can be asked is a failure', async () => {
  const io = rig()
  expect(await feedmux(io, 'plan fear-greed')).toBe(1)
  expect(io.stdout.text).toContain('nobody can be asked')
})

test('health is 0 where nobody is ill, unknown ones included, and 1 where one is', async () => {
  const reports: HealthReport[] = [
    { provider: 'kraken', healthy: true, latencyMs: 40, at: 0 },
    { provider: 'needs-key', reason: 'key-missing', at: 0 },
  ]
  const fine = rig(undefined, { checkHealth: async () => reports })
  expect(await feedmux(fine, 'health kraken needs-key')).toBe(0)
  expect(fine.setups[0]?.providers.map(({ id }) => id)).toEqual(['kraken', 'needs-key'])
  expect(fine.stdout.text).toMatch(/kraken\s+well\s+40 ms/)
  expect(fine.stdout.text).toMatch(/needs-key\s+unknown\s+-\s+key-missing/)
  const ill = rig(undefined, { checkHealth: async () => [{ provider: 'kraken', healthy: false, reason: 'timeout', at: 0 }] })
  expect(await feedmux(ill, 'health')).toBe(1)
  expect(ill.stdout.text).toMatch(/kraken\s+ill\s+-\s+timeout/)
})

test('providers are listed with what they offer, keys and limits, and no key is printed', async () => {
  const env = { FEEDMUX_KRAKEN_API_KEY: 'planted-key-of-kraken' }
  const io = rig(undefined, { env })
  expect(await feedmux(io, 'providers')).toBe(0)
  expect(io.stdout.text).toMatch(/kraken\s+ticker\s+none/)
  expect(io.stdout.text).toMatch(/needs-key\s+ticker\s+needs FEEDMUX_NEEDS_KEY_API_KEY/)
  expect(io.stdout.text).toMatch(/gecko\s+ticker\s+none\s+every 10 s, last resort/)
  const json = rig(undefined, { env })
  expect(await feedmux(json, 'providers needs-key --json')).toBe(0)
  expect(JSON.parse(json.stdout.text)).toMatchObject([{ id: 'needs-key', key: 'required', keyVariable: 'FEEDMUX_NEEDS_KEY_API_KEY', keyGiven: false }])
  expect(io.stdout.text + json.stdout.text).not.toContain('planted-key')
})

test.each([
  [{ requests: 10, perMs: 1_000, scope: 'ip' }, '10/s'],
  [{ cost: 6_000, perMs: 60_000, scope: 'ip' }, '6,000 weight/min'],
  [{ requests: 20, perMs: 2_000, scope: 'ip' }, '20 per 2 s'],
  [{ requests: 20_000, perMs: 2_678_400_000, scope: 'ip', resets: 'utc-month' }, '20,000/month'],
] as const)('the limit %j is shown as %s', (limit, text) => {
  expect(limitText(limit)).toBe(text)
})

test('compares sources when asked to, and shows how they agree', async () => {
  const members = [
    { provider: 'kraken', value: 65_000, deviation: 0 },
    { provider: 'binance', value: 66_300, deviation: 0.02, via: { symbol: 'USDT/USD', price: 0.9991, provider: 'kraken' } },
  ]
  const agreement = { n: 3, median: 65_000, spread: 0.02, members, dissent: ['binance'], late: ['coingecko'] }
  const io = rig(() => result(ticker('BTC/USD'), { agreement }))
  expect(await feedmux(io, 'ticker BTC/USD --agree 3')).toBe(0)
  expect(io.asked[0]?.options).toMatchObject({ agree: { of: 3 } })
  expect(io.stdout.text).toMatch(/2 sources, \+?2\.00 ?% apart/)
  expect(io.stdout.text).toMatch(/binance 66,?300.*USDT\/USD 0\.9991 of kraken/)
  expect(io.stdout.text).toContain('coingecko is too old')
  expect(await feedmux(io, 'ticker BTC/USD --agree many')).toBe(2)
})
