import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError, NoProviderError } from '../../src/errors.js'
import type { FailureReason } from '../../src/model/result.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, askTimes, NOW, order, price, reasons, statusOf, world } from './world.js'

const options = { cache: false, retries: 0 } as const
const HOUR = 3_600_000

describe('a provider is passed over', () => {
  it('with the reason that needs a hand or another question', () => {
    const { provider, router } = world()
    const one = router(
      [
        provider('good'),
        provider('off', { enabled: false }),
        provider('alone'),
        provider('gone', { retired: { since: '2025-01-01' } }),
        provider('keyless', { key: { required: true, in: 'header', name: 'x-key' } }),
        provider('other'),
        provider('few', { assets: { ETH: 'ethereum' } }),
      ],
      options,
    )
    one.isolate('alone')
    expect(reasons(one, 'BTC/USD', { except: ['other'] })).toEqual({
      off: 'disabled',
      alone: 'isolated',
      gone: 'retired',
      keyless: 'key-missing',
      other: 'not-wanted',
      few: 'unknown-asset',
    })
    expect(order(one, 'BTC/USD', { except: ['other'] })).toEqual(['good'])
    expect(reasons(one, 'BTC/USD', { only: ['other'] })).toMatchObject({ good: 'not-wanted' })
  })

  it('for what it does not support, or has no dollars for', () => {
    const { clock, provider, router } = world()
    const few = fakeProvider('few', { answers: { candles: () => [] } })
    Object.assign(few.endpoints.candles, { supports: ({ interval }: { interval: string }) => interval === '1h' })
    const candles = new ProviderRouter({ providers: [few], clock })
    expect(candles.plan('candles', { symbol: 'BTC/USD', interval: '1m' }).excluded).toEqual([{ provider: 'few', reason: 'unsupported' }])
    expect(candles.plan('candles', { symbol: 'BTC/USD', interval: '1h' }).excluded).toEqual([])
    const strict = router([provider('tether', { dollarQuote: 'USDT' })], { dollarQuotes: 'strict' })
    expect([reasons(strict), reasons(strict, 'BTC/EUR'), reasons(strict, 'BTC/USDT')]).toEqual([{ tether: 'no-dollars' }, {}, {}])
  })

  it.each<[FailureReason, number]>([
    ['rate-limited', 120_000],
    ['unauthorized', HOUR],
    ['quota-exhausted', HOUR],
    ['geo-blocked', 24 * HOUR],
  ])('while it rests after %s, to the millisecond', async (reason, ms) => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    a.mood = reason
    const one = router([a, b], options)
    expect(await ask(one)).toMatchObject({ provider: 'b' })
    expect(one.plan('ticker', { symbol: 'BTC/USD' }).excluded).toEqual([{ provider: 'a', reason, until: NOW + ms }])
    await clock.advance(ms - 1)
    expect(reasons(one)).toEqual({ a: reason })
    await clock.advance(1)
    expect(order(one)).toEqual(['a', 'b'])
  })

  it('while its breaker is open, and while a window of its own is full', async () => {
    const { provider, router } = world()
    const [a, day, minute] = [
      provider('a'),
      provider('day', { limits: [{ requests: 2, perMs: 24 * HOUR, scope: 'ip' }] }),
      provider('minute', { limits: [{ requests: 2, perMs: 60_000, scope: 'ip' }] }),
    ]
    a.mood = 'network'
    const one = router([a, day, minute], { ...options, strategy: ({ id }) => ['a', 'day', 'minute'].indexOf(id) })
    expect(await askTimes(one, 2)).toEqual(['day', 'minute'])
    await askTimes(one, 3)
    expect(reasons(one)).toEqual({ a: 'circuit-open', day: 'quota-exhausted', minute: 'rate-limited' })
  })

  it('while as many calls are under way as it takes, and is back when one ends', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a', { maxInFlight: 2 }), provider('b', { priority: 2 })]
    a.mood = { takesMs: 100 }
    const one = router([a, b], options)
    const running = ['A/USD', 'B/USD', 'C/USD'].map((symbol) => ask(one, symbol))
    expect(reasons(one)).toEqual({ a: 'busy' })
    await clock.advance(100)
    expect((await Promise.all(running)).map((result) => result instanceof Error || result.provider)).toEqual(['a', 'a', 'b'])
    expect(reasons(one)).toEqual({})
  })

  it('by hand until it is restored, which ends cooldowns and breakers too', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a, provider('b', { priority: 2 })], options)
    one.isolate('a')
    expect(await askTimes(one, 2)).toEqual(['b', 'b'])
    one.restore('a')
    expect(await ask(one)).toMatchObject({ provider: 'a' })
    a.mood = 'rate-limited'
    await ask(one)
    one.restore('a')
    expect(reasons(one)).toEqual({})
    expect(statusOf(one, 'a')).not.toHaveProperty('cooldown')
    expect(() => one.isolate('x')).toThrow("no provider 'x', the router has a, b")
  })
})

describe('a last-resort provider', () => {
  it('is asked after everybody else, whatever its priority, and the result says so', async () => {
    const { provider, router } = world()
    const [last, a, b] = [provider('last', { role: 'last-resort', priority: -1 }), provider('a'), provider('b')]
    const one = router([last, a, b], options)
    expect(order(one)).toEqual(['a', 'b', 'last'])
    expect(await ask(one)).not.toHaveProperty('degraded')
    a.mood = 'network'
    b.mood = 'network'
    expect(await ask(one)).toMatchObject({ provider: 'last', degraded: true })
  })

  it('has one attempt kept for it, and time', async () => {
    const { clock, provider, router } = world()
    const many = ['a', 'b', 'c', 'd', 'e'].map((id) => provider(id))
    for (const one of many) one.mood = 'hang'
    const one = router([...many, provider('last', { role: 'last-resort' })], options)
    expect(order(one).slice(0, 4)).toEqual(['a', 'b', 'c', 'last'])
    const answer = ask(one)
    await clock.advance(10_000)
    expect(await answer).toMatchObject({
      provider: 'last',
      attempts: [{ provider: 'a' }, { provider: 'b' }, { provider: 'c' }, { provider: 'last', outcome: 'succeeded' }],
    })
  })

  it('gets less than a tenth of the price calls while others are healthy, and all when none is (AC-6)', async () => {
    const { clock, provider, router } = world()
    const [a, b, gecko] = [provider('a'), provider('b'), provider('gecko', { role: 'last-resort', reuseMs: 300_000 })]
    const one = router([gecko, a, b], options)
    for (let i = 0; i < 500; i++) {
      a.mood = i % 7 === 0 ? 'network' : 'ok'
      await ask(one, `C${i}/USD`)
      await clock.advance(1_000)
    }
    expect(gecko.asked.length).toBeLessThan(50)
    a.mood = 'network'
    b.mood = 'network'
    const before = gecko.asked.length
    expect(await askTimes(one, 1, 'X/USD')).toEqual(['gecko'])
    for (let i = 0; i < 20; i++) expect(await ask(one, `D${i}/USD`)).toMatchObject({ provider: 'gecko' })
    expect(gecko.asked.length - before).toBe(21)
  })
})

describe('when everybody is passed over', () => {
  it('whoever recovers first is waited for, if that fits', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a', { cooldownsMs: [60_000] }), provider('b', { cooldownsMs: [3_000] })]
    const one = router([a, b], options)
    a.mood = 'rate-limited'
    b.mood = 'rate-limited'
    await ask(one)
    b.mood = 'ok'
    const answer = ask(one)
    await clock.advance(2_999)
    expect(b.asked).toHaveLength(1)
    await clock.advance(1)
    expect(await answer).toMatchObject({ provider: 'b', latencyMs: 3_000 })
  })

  it('the error says why for each and when to come back, at once', async () => {
    const { provider, router } = world()
    const [a, b, off] = [provider('a'), provider('b', { cooldownsMs: [60_000] }), provider('off', { enabled: false })]
    const one = router([a, b, off], options)
    a.mood = 'rate-limited'
    b.mood = 'rate-limited'
    expect(await ask(one)).toBeInstanceOf(AllProvidersFailedError)
    const error = (await ask(one)) as NoProviderError
    expect(error).toBeInstanceOf(NoProviderError)
    expect(error).toMatchObject({ retryAfterMs: 60_000, failureReason: 'rate-limited' })
    expect(error.excluded).toEqual([
      { provider: 'a', reason: 'rate-limited', until: NOW + 120_000 },
      { provider: 'b', reason: 'rate-limited', until: NOW + 60_000 },
      { provider: 'off', reason: 'disabled' },
    ])
    expect(error.message).toBe(
      'no provider can be asked for ticker BTC/USD:\n  a: rate-limited until 2026-01-01T00:02:00.000Z\n  b: rate-limited until 2026-01-01T00:01:00.000Z\n  off: disabled',
    )
  })

  it('because nobody offers it, no time is lost', async () => {
    const { clock } = world()
    const one = new ProviderRouter({
      providers: [fakeProvider('a'), fakeProvider('n', { answers: { volume: ({ symbol }) => ({ ...price(symbol) }) } })],
      clock,
    })
    const error = await one.request('volume', { symbol: 'BTC/USD' }, { only: ['a'] }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NoProviderError)
    expect(clock.pending).toBe(0)
  })
})
