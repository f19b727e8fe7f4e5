import { expect, it } from 'vitest'
import { ConfigError, ProviderRouter, roundRobin, weighted } from '../../src/index.js'
import type { Ticker } from '../../src/model/market.js'
import { pairOf } from '../../src/model/symbol.js'
import { Percentiles } from '../../src/pipeline/health.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const price = (symbol: string): Ticker => ({ ...pairOf(symbol), last: 100 })
const symbolOf = (number: number): { symbol: string } => ({ symbol: `S${number}/USD` })

it('a limited provider is not starved by a snapshot after every call', async () => {
  const clock = fakeClock()
  const limited = fakeProvider('limited', { limits: [{ requests: 10, perMs: 60_000, scope: 'ip' }] })
  let snapshot: ReturnType<ProviderRouter['snapshot']> | undefined
  let answered = 0
  for (let call = 0; call < 60; call++) {
    const router = new ProviderRouter({ providers: [limited], clock, snapshot, totalTimeoutMs: 1_000, random: () => 0.5 })
    answered += await router.request('ticker', symbolOf(call)).then(
      () => 1,
      () => 0,
    )
    snapshot = JSON.parse(JSON.stringify(router.snapshot())) as ReturnType<ProviderRouter['snapshot']>
    await clock.advance(10_000)
  }
  expect(answered).toBe(60)
})

it('callers who stand in line for a provider are not sent once it rests', async () => {
  const clock = fakeClock()
  const limited = fakeProvider('limited', { limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], answers: { ticker: () => 'rate-limited' } })
  const router = new ProviderRouter({ providers: [limited], clock, random: () => 0.5 })
  const all = Promise.allSettled(Array.from({ length: 40 }, (_, number) => router.request('ticker', symbolOf(number))))
  await clock.advance(20_000)
  expect((await all).every(({ status }) => status === 'rejected')).toBe(true)
  expect(limited.asked.length).toBeLessThanOrEqual(9)
})

it('a batch comes in the order of whoever asks, also from memory', async () => {
  const provider = fakeProvider('a', { answers: { tickers: ({ symbols }) => symbols.filter((symbol) => !symbol.startsWith('NO')).map(price) } })
  const router = new ProviderRouter({ providers: [provider] })
  const first = await router.request('tickers', { symbols: ['BTC/USD', 'NO1/USD', 'ETH/USD', 'NO2/USD'] })
  const second = await router.request('tickers', { symbols: ['NO2/USD', 'ETH/USD', 'NO1/USD', 'BTC/USD'] })
  expect(second.source).toBe('cache')
  expect(first.data.map(({ symbol }) => symbol)).toEqual(['BTC/USD', 'ETH/USD'])
  expect(second.data.map(({ symbol }) => symbol)).toEqual(['ETH/USD', 'BTC/USD'])
  expect([first.missing, second.missing]).toEqual([
    ['NO1/USD', 'NO2/USD'],
    ['NO2/USD', 'NO1/USD'],
  ])
})

it('failures in a row are counted over restarts, so that the breaker opens in the end', async () => {
  const clock = fakeClock()
  const down = fakeProvider('down', { answers: { ticker: () => 'unavailable' } })
  let snapshot: ReturnType<ProviderRouter['snapshot']> | undefined
  for (let start = 0; start < 8; start++) {
    const router = new ProviderRouter({ providers: [down], clock, snapshot, retries: 0 })
    await router.request('ticker', symbolOf(start)).catch(() => undefined)
    snapshot = JSON.parse(JSON.stringify(router.snapshot())) as ReturnType<ProviderRouter['snapshot']>
  }
  expect(down.asked).toHaveLength(5)
})

it('a caller with more attempts does not end with the one attempt of another', async () => {
  const clock = fakeClock()
  const [down, up] = [fakeProvider('down', { answers: { ticker: () => 'unavailable' } }), fakeProvider('up', { priority: 2 })]
  const router = new ProviderRouter({ providers: [down, up], clock, cache: false })
  const [one, all] = await Promise.allSettled([router.request('ticker', symbolOf(1), { maxAttempts: 1 }), router.request('ticker', symbolOf(1))])
  expect([one?.status, all?.status]).toEqual(['rejected', 'fulfilled'])
})

it('percentiles survive days without a sample', () => {
  const latencies = new Percentiles()
  latencies.add(100, 0)
  for (let sample = 1; sample <= 30; sample++) latencies.add(100, 4 * 86_400_000 + sample)
  expect(latencies.at(0.99)).toBeLessThan(120)
})

it("an author's throwing supports() or cost() excludes nobody else and shows nothing of its text", async () => {
  const slip = (): never => {
    throw new TypeError('a-secret in a message')
  }
  const broken = { ...fakeProvider('broken'), endpoints: { ticker: { call: slip, supports: slip, cost: slip } } }
  const router = new ProviderRouter({ providers: [broken, fakeProvider('sound', { priority: 2 })] })
  expect((await router.request('ticker', symbolOf(1))).provider).toBe('sound')
  expect(router.plan('ticker', symbolOf(2)).excluded).toEqual([{ provider: 'broken', reason: 'unsupported' }])
})

it("an endpoint's own abort is a failure like another, not the caller's", async () => {
  const moody = fakeProvider('moody', { answers: { ticker: () => 'aborted' } })
  const { provider, attempts } = await new ProviderRouter({ providers: [moody, fakeProvider('up', { priority: 2 })] }).request('ticker', symbolOf(1))
  expect(provider).toBe('up')
  expect(attempts[0]).toMatchObject({ provider: 'moody', outcome: 'failed', reason: 'network' })
})

it('patience beyond what a timer can count is patience', async () => {
  const provider = fakeProvider('a', {
    answers: { ticker: async ({ symbol }) => new Promise<Ticker>((resolve) => void setTimeout(resolve, 30, price(symbol))) },
  })
  const router = new ProviderRouter({ providers: [provider], timeoutMs: 3e9, totalTimeoutMs: 3e9 })
  expect((await router.request('ticker', symbolOf(1))).data.last).toBe(100)
})

it('a strategy sees what a call costs, limits or not', async () => {
  const seen: number[] = []
  const router = new ProviderRouter({
    providers: [fakeProvider('dear', { cost: 5 }), fakeProvider('cheap', { cost: 2 })],
    strategy: ({ cost }) => (seen.push(cost), cost),
  })
  expect((await router.request('ticker', symbolOf(1))).provider).toBe('cheap')
  expect(seen).toEqual([5, 2])
})

it('a full provider is waited for, not refused', async () => {
  const clock = fakeClock()
  const slow = fakeProvider('slow', {
    maxInFlight: 4,
    answers: { ticker: async ({ symbol }) => new Promise<Ticker>((resolve) => void clock.setTimeout(() => resolve(price(symbol)), 50)) },
  })
  const router = new ProviderRouter({ providers: [slow], clock })
  const all = Promise.allSettled(Array.from({ length: 20 }, (_, number) => router.request('ticker', symbolOf(number))))
  await clock.advance(10_000)
  expect((await all).filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
})

it('what a limit or a strategy cannot be is said', () => {
  const limits = [{ requests: 1, perMs: 1_000, scope: 'ip', resets: 'daily' }] as never
  expect(() => new ProviderRouter({ providers: [fakeProvider('a', { limits })] })).toThrow(ConfigError)
  const router = new ProviderRouter({ providers: [fakeProvider('a')], pools: { 'fast ones': { members: ['a'] } } })
  expect(() => router.pool('fast ones').update({ strategy: 'weighted' as never })).toThrow(/strategy must be a function/)
  expect(router.pools.create('Primary Market Data Pool', { members: ['a'] }).id).toBe('primary_market_data_pool')
})

it('a rotation goes where the next request goes', async () => {
  const ids = ['a', 'b', 'c']
  const router = new ProviderRouter({ providers: ids.map((id) => fakeProvider(id)), cache: false, strategy: roundRobin() })
  const pool = router.pools.create('three', { members: ids })
  for (let asked = 0; asked < 2; asked++) await router.request('ticker', symbolOf(asked), { pool: 'three' })
  const { from, to } = pool.rotate()
  expect([from, to]).toEqual(['b', 'c'])
  expect((await router.request('ticker', symbolOf(3), { pool: 'three' })).provider).toBe('c')
  expect(pool.history().map((rotation) => rotation.to)).toEqual(['c', 'b'])
})

it('the status tells the share of each provider', async () => {
  const router = new ProviderRouter({ providers: [fakeProvider('a', { weight: 3 }), fakeProvider('b')], cache: false, strategy: weighted() })
  for (let asked = 0; asked < 8; asked++) await router.request('ticker', symbolOf(asked))
  expect(router.status().providers.map(({ share }) => share)).toEqual([
    { target: 0.75, actual: 0.75 },
    { target: 0.25, actual: 0.25 },
  ])
})
