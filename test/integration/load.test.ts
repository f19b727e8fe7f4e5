import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { binance } from '../../src/providers/binance.js'
import { coinbase } from '../../src/providers/coinbase.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { endUpstreams, html, json, refusing, shop, silent, type Upstream } from '../support/upstreams.js'

const BTC = { symbol: 'BTC/USD' }
const good = (): Promise<Upstream> => json(200, { last: 100, bid: 99, ask: 101 })
const symbols = (count: number): { symbol: string }[] => Array.from({ length: count }, (_, n) => ({ symbol: `COIN${n}/USD` }))

// the HTTP client is loaded with the first call
beforeAll(async () => {
  await new ProviderRouter({ providers: [shop('warm', (await good()).url)] }).request('ticker', BTC)
})
afterEach(endUpstreams)

describe('a hundred calls at once to a provider that hangs', () => {
  it('delay no call that another one serves', async () => {
    const [hanging, quick] = [await silent(), await good()]
    const router = new ProviderRouter({ providers: [shop('hanging', hanging.url), shop('quick', quick.url)] })
    const controller = new AbortController()
    const stuck = Promise.allSettled(symbols(100).map((params) => router.request('orderBook', params, { only: ['hanging'], signal: controller.signal })))
    await expect.poll(() => hanging.asked.length).toBe(100)
    for (const params of symbols(20)) {
      const { provider, latencyMs } = await router.request('ticker', params, { only: ['quick'] })
      expect(provider).toBe('quick')
      expect(latencyMs).toBeLessThan(250)
    }
    expect(router.status().providers.map(({ inFlight }) => inFlight)).toEqual([100, 0])
    controller.abort(new Error('enough'))
    expect((await stuck).every(({ status }) => status === 'rejected')).toBe(true)
    await expect.poll(() => hanging.connections).toBe(0)
    expect(router.status().providers[0]).toMatchObject({ inFlight: 0, failures: 0 })
  })

  it('are all answered by the next one after one patience, not after a queue of them', async () => {
    const [hanging, quick] = [await silent(), await good()]
    const router = new ProviderRouter({
      providers: [shop('hanging', hanging.url, { priority: 1 }), shop('quick', quick.url, { priority: 2 })],
      timeoutMs: 1_000,
    })
    const startedAt = performance.now()
    const results = await Promise.all(symbols(100).map((params) => router.request('ticker', params)))
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    expect(results.every(({ provider }) => provider === 'quick')).toBe(true)
    expect([hanging.asked.length, quick.asked.length]).toEqual([100, 100])
  })
})

describe('retries and hedges', () => {
  it('of a failing provider stay within a fifth of the requests plus three', async () => {
    const failing = await json(500, {})
    const router = new ProviderRouter({ providers: [shop('failing', failing.url)] })
    await Promise.allSettled(symbols(100).map((params) => router.request('ticker', params)))
    expect(failing.asked.length).toBeGreaterThan(100)
    expect(failing.asked.length).toBeLessThanOrEqual(123)
  })

  it('at a hanging provider stay within a fifth of the requests plus three, whatever the rate of hedges', async () => {
    const [hanging, quick] = [await silent(), await good()]
    const router = new ProviderRouter({
      providers: [shop('hanging', hanging.url, { priority: 1 }), shop('quick', quick.url, { priority: 2 })],
      hedge: { afterMs: 50, maxExtraRate: 1 },
      timeoutMs: 1_500,
    })
    const results = await Promise.all(symbols(100).map((params) => router.request('ticker', params)))
    const hedges = results.flatMap(({ attempts }) => attempts).filter(({ hedged }) => hedged)
    expect(hedges.length).toBeGreaterThan(0)
    expect(hedges.length).toBeLessThanOrEqual(23)
    expect(hanging.asked.length + quick.asked.length).toBeLessThanOrEqual(200)
  })

  it('are a tenth of the requests plus three by default', async () => {
    const [hanging, quick] = [await silent(), await good()]
    const router = new ProviderRouter({
      providers: [shop('hanging', hanging.url, { priority: 1 }), shop('quick', quick.url, { priority: 2 })],
      hedge: { afterMs: 50 },
      timeoutMs: 1_500,
    })
    const results = await Promise.all(symbols(100).map((params) => router.request('ticker', params)))
    const hedges = results.flatMap(({ attempts }) => attempts).filter(({ hedged }) => hedged)
    expect(hedges.length).toBeGreaterThan(0)
    expect(hedges.length).toBeLessThanOrEqual(13)
  })
})

describe('Binance over its hosts', () => {
  const row = {
    symbol: 'BTCUSDT',
    lastPrice: '100.0',
    bidPrice: '99.0',
    askPrice: '101.0',
    openPrice: '98.0',
    highPrice: '103.0',
    lowPrice: '97.0',
    volume: '5',
    quoteVolume: '500',
    closeTime: 1_793_534_400_000,
  }
  const coinbaseUp = (): Promise<Upstream> => json(200, { price: '100.5', bid: '100', ask: '101', volume: '12', time: '2026-11-01T12:00:00Z' })

  it('answers a ticker while one host of seven is alive, and goes to it at once the next time', { timeout: 15_000 }, async () => {
    const [alive, ...hanging] = [await json(200, row), await silent(), await silent()]
    const failing = [(await json(500, {})).url, (await html(502, 'Bad gateway')).url]
    const dead = [...(await Promise.all([refusing(), refusing()])), ...failing] // at the same time and last: no port is given twice
    const router = new ProviderRouter({ providers: [binance({ hosts: [...hanging.map(({ url }) => url), ...dead, alive.url] })], cache: false })
    const { data, provider, host, attempts, latencyMs } = await router.request('ticker', BTC)
    expect([provider, host, data.last, data.quote]).toEqual(['binance', new URL(alive.url).host, 100, 'USDT'])
    // hops between hosts are one attempt
    expect(attempts).toMatchObject([{ provider: 'binance', outcome: 'succeeded' }])
    expect(latencyMs).toBeGreaterThan(1_500)
    expect(latencyMs).toBeLessThan(2_500)
    expect(router.status().providers[0]).toMatchObject({ consecutiveFailures: 0, breaker: { state: 'closed' } })
    expect(router.status().providers[0]?.hosts?.filter(({ consecutiveFailures }) => consecutiveFailures === 1)).toHaveLength(6)
  })

  it('is left at once for the next provider when all hosts are dead', async () => {
    const dead = [...(await Promise.all(Array.from({ length: 5 }, refusing))), (await json(500, {})).url, (await json(503, {})).url]
    const other = await coinbaseUp()
    const router = new ProviderRouter({ providers: [binance({ hosts: dead, priority: 1 }), coinbase({ hosts: [other.url], priority: 2 })], cache: false })
    const { provider, attempts, latencyMs } = await router.request('ticker', BTC)
    expect([provider, attempts.map(({ reason }) => reason)]).toEqual(['coinbase', ['unavailable', undefined]])
    expect(latencyMs).toBeLessThan(250)
    expect(router.status().providers[0]).toMatchObject({ consecutiveFailures: 1 })
  })

  it('is left within the patience for one attempt when all hosts hang', async () => {
    const hanging = await Promise.all(Array.from({ length: 7 }, silent))
    const other = await coinbaseUp()
    const router = new ProviderRouter({
      providers: [binance({ hosts: hanging.map(({ url }) => url), priority: 1 }), coinbase({ hosts: [other.url], priority: 2 })],
      timeoutMs: 1_000,
    })
    const { provider, attempts, latencyMs } = await router.request('ticker', BTC)
    expect([provider, attempts[0]?.reason]).toEqual(['coinbase', 'timeout'])
    expect(latencyMs).toBeLessThan(1_250)
  })

  it('rests all hosts after a 429 of one', async () => {
    const [limited, fine, other] = [await json(429, {}, { 'retry-after': '5' }), await json(200, row), await coinbaseUp()]
    const router = new ProviderRouter({
      providers: [binance({ hosts: [limited.url, fine.url], priority: 1 }), coinbase({ hosts: [other.url], priority: 2 })],
      cache: false,
    })
    expect(await router.request('ticker', BTC)).toMatchObject({ provider: 'coinbase', attempts: [{ reason: 'rate-limited', retryAfterMs: 5_000 }, {}] })
    expect((await router.request('ticker', BTC)).provider).toBe('coinbase')
    expect([limited.asked.length, fine.asked.length]).toEqual([1, 0])
  })
})
