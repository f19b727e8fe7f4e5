import { describe, expect, it } from 'vitest'
import { CAPABILITIES, type Capability, type CapabilityInfo } from '../../src/model/capabilities.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeAnswer, fakeProvider } from '../../src/testing/index.js'
import { ask, askTimes, listener, NOW, price, world } from '../router/world.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('how long answers live', () => {
  /** Fresh and stale for so long, of the table in docs. */
  const lives: Partial<Record<Capability, [number, number]>> = {
    ticker: [10_000, 5 * MINUTE],
    tickers: [10_000, 5 * MINUTE],
    orderBook: [2_000, 0],
    assets: [HOUR, 24 * HOUR],
    exchanges: [HOUR, 24 * HOUR],
    news: [5 * MINUTE, HOUR],
    fearGreed: [HOUR, 24 * HOUR],
  }

  it('is what the table says', () => {
    const all: Record<string, CapabilityInfo> = CAPABILITIES
    expect(Object.fromEntries(Object.keys(lives).map((name) => [name, [all[name]?.ttlMs, all[name]?.staleMs]]))).toEqual(lives)
    expect([CAPABILITIES.gasPrice.ttlMs, CAPABILITIES.defiProtocols.ttlMs, CAPABILITIES.nftCollection.ttlMs, CAPABILITIES.candles.staleMs]).toEqual([
      15_000,
      5 * MINUTE,
      5 * MINUTE,
      HOUR,
    ])
  })

  it('is ten seconds for a price, give or take a tenth', async () => {
    for (const [random, lastFresh] of [
      [0, 8_999],
      [0.5, 9_999],
      [0.999_999, 10_999],
    ] as const) {
      const { clock, provider, router } = world()
      const one = router([provider('a')], { random: () => random })
      await ask(one)
      await clock.advance(lastFresh)
      expect(await ask(one)).toMatchObject({ source: 'cache', ageMs: lastFresh, fetchedAt: NOW })
      await clock.advance(1)
      expect(await ask(one)).toMatchObject({ source: 'network', ageMs: 0 })
    }
  })

  it.each([0, 0.5, 0.999])('ends for candles when the running one closes, or after a minute (random %s)', async (random) => {
    const { clock } = world()
    const candles: FakeAnswer<'candles'> = () => [{ openTime: 1, open: 1, high: 1, low: 1, close: 1 }]
    const one = new ProviderRouter({ providers: [fakeProvider('a', { answers: { candles } })], clock, random: () => random })
    const asking = (interval: '1m' | '1h') => one.request('candles', { symbol: 'BTC/USD', interval }).then(({ source }) => source)
    await clock.advance(50_000)
    expect(await asking('1m')).toBe('network')
    await clock.advance(8_999)
    expect(await asking('1m')).toBe('cache')
    await clock.advance(1_001)
    expect(await asking('1m')).toBe('network')
    expect(await asking('1h')).toBe('network')
    await clock.advance(53_999)
    expect(await asking('1h')).toBe('cache')
    await clock.advance(6_001)
    expect(await asking('1h')).toBe('network')
  })

  it('is short for an answer without content', async () => {
    const { clock } = world()
    const one = new ProviderRouter({ providers: [fakeProvider('a', { answers: { news: () => [] } })], clock, random: () => 0.5 })
    await one.request('news', {})
    await clock.advance(MINUTE - 1)
    expect(await one.request('news', {})).toMatchObject({ source: 'cache', data: [] })
    await clock.advance(1)
    expect(await one.request('news', {})).toMatchObject({ source: 'network' })
  })

  it('can be set for all, or for one capability', async () => {
    const { clock, provider, router } = world()
    const [all, one] = [
      router([provider('a')], { cache: { ttlMs: 1_000, staleMs: 0 } }),
      router([provider('b')], { cache: { ttlMs: { ticker: 2_000 }, staleMs: { ticker: 0 } } }),
    ]
    await Promise.all([ask(all), ask(one)])
    await clock.advance(1_500)
    expect([await ask(all), await ask(one)]).toMatchObject([{ source: 'network' }, { source: 'cache' }])
  })
})

describe('one answer', () => {
  it('serves equal questions whatever the order of symbols, and whoever gave it', async () => {
    const { clock } = world()
    const tickers: FakeAnswer<'tickers'> = ({ symbols }) => symbols.map((symbol) => price(symbol))
    const [a, b] = [fakeProvider('a', { answers: { tickers } }), fakeProvider('b', { answers: { tickers } })]
    const one = new ProviderRouter({ providers: [a, b], clock, random: () => 0.5 })
    await one.request('tickers', { symbols: ['ETH/USD', 'BTC/USD'] })
    expect(await one.request('tickers', { symbols: ['BTC/USD', 'ETH/USD'] })).toMatchObject({ source: 'cache', provider: 'a' })
    expect(b.asked).toEqual([])
  })

  it('serves no question for another id, be it only another case', async () => {
    const { clock } = world()
    const a = fakeProvider('a', { answers: { tokenTicker: () => price('X/USD') } })
    const one = new ProviderRouter({ providers: [a], clock, random: () => 0.5 })
    const solana = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:'
    await one.request('tokenTicker', { asset: `${solana}AbC` })
    expect(await one.request('tokenTicker', { asset: `${solana}abc` })).toMatchObject({ source: 'network' })
  })

  it('is the same for a default and for the value it stands for, and without what is undefined', async () => {
    const { clock } = world()
    const a = fakeProvider('a', { answers: { candles: () => [], assets: () => [] } })
    const one = new ProviderRouter({ providers: [a], clock, random: () => 0.5 })
    await one.request('candles', { symbol: 'BTC/USD', interval: '1h' })
    await one.request('candles', { interval: '1h', limit: 100, symbol: 'BTC/USD', since: undefined })
    await one.request('assets', {})
    await one.request('assets', { limit: undefined })
    expect(a.asked).toHaveLength(2)
  })

  it('cannot be changed by who got it', async () => {
    const { provider, router } = world()
    const one = router([provider('a')])
    const { data } = await one.request('ticker', { symbol: 'BTC/USD' })
    expect(() => (data.last = 1)).toThrow(TypeError)
    expect(await ask(one)).toMatchObject({ source: 'cache', data: { last: 100 } })
  })

  it('is not for who wants it from somebody else', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { pools: { second: { members: ['b'] } } })
    await ask(one, 'BTC/USD', { only: ['a'] })
    expect(await ask(one)).toMatchObject({ source: 'cache', provider: 'a' })
    expect(await ask(one, 'BTC/USD', { except: ['a'] })).toMatchObject({ source: 'network', provider: 'b' })
    expect(await ask(one, 'BTC/USD', { only: ['a'] })).toMatchObject({ source: 'network', provider: 'a' })
    expect(await ask(one, 'BTC/USD', { pool: 'second' })).toMatchObject({ source: 'network', provider: 'b' })
  })

  it('may be wanted younger than it is, or afresh', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a])
    await ask(one)
    await clock.advance(5_000)
    expect(await ask(one, 'BTC/USD', { maxAgeMs: 5_001 })).toMatchObject({ source: 'cache' })
    expect(await ask(one, 'BTC/USD', { maxAgeMs: 4_000 })).toMatchObject({ source: 'network' })
    expect(await ask(one, 'BTC/USD', { maxAgeMs: 0 })).toMatchObject({ source: 'network' })
    expect(a.asked).toHaveLength(3)
  })
})

describe('the cache', () => {
  it('keeps no more answers than it may', async () => {
    const { provider, router } = world()
    const one = router([provider('a')], { cache: { maxEntries: 10 } })
    for (let i = 0; i < 100; i++) await ask(one, `C${i}/USD`)
    // quick-lru keeps two generations
    expect(one.status().cache.entries).toBeLessThanOrEqual(20)
    expect([await ask(one, 'C99/USD'), await ask(one, 'C0/USD')]).toMatchObject([{ source: 'cache' }, { source: 'network' }])
  })

  it('can be turned off', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a], { cache: false })
    await askTimes(one, 3)
    expect(a.asked).toHaveLength(3)
    expect(one.status().cache).toEqual({ entries: 0, hits: 0, misses: 0, stale: 0, byCapability: {} })
  })

  it('tells hits and misses, and counts them by capability', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a')])
    expect(one.status().cache).not.toHaveProperty('hitRate')
    const [hit, missed] = [listener(), listener()]
    one.on('cache-hit', hit).on('cache-missed', missed)
    await ask(one)
    await clock.advance(1_000)
    await askTimes(one, 3)
    expect(missed.mock.calls).toEqual([[{ capability: 'ticker', at: NOW, request: 1 }]])
    expect(hit.mock.calls).toHaveLength(3)
    expect(hit.mock.calls[0]).toEqual([{ capability: 'ticker', provider: 'a', at: NOW + 1_000, request: 2, ageMs: 1_000 }])
    expect(one.status().cache).toMatchObject({ entries: 1, hits: 3, misses: 1, hitRate: 0.75, byCapability: { ticker: { hits: 3, misses: 1, stale: 0 } } })
  })

  it.each([
    [1, 0.7],
    [4, 0.8],
  ])('answers %s viewers of five coins, polled every 3 s for 10 min, from memory in more than %s of all cases', async (viewers, least) => {
    const { clock, provider, router } = world()
    let seed = 1
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    const a = provider('a')
    a.mood = { takesMs: 80 }
    const one = router([a], { random })
    const coins = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA']
    const sources: string[] = []
    for (let poll = 0; poll < 200; poll++) {
      const answers = coins.flatMap((coin) => Array.from({ length: viewers }, () => one.request('ticker', { symbol: `${coin}/USD` })))
      await clock.advance(3_000)
      for (const { source } of await Promise.all(answers)) sources.push(source)
    }
    expect(sources).toHaveLength(viewers * 1_000)
    expect(sources.filter((source) => source === 'cache' || source === 'shared').length / sources.length).toBeGreaterThan(least)
    expect(a.asked.length).toBe(sources.filter((source) => source === 'network').length)
  })
})
