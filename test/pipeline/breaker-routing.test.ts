import CircuitBreaker from 'opossum'
import { describe, expect, it, vi } from 'vitest'
import type { FailureReason } from '../../src/model/result.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, askTimes, listener, NOW, price, reasons, statusOf, world } from '../router/world.js'

const options = { retries: 0, cache: false } as const

describe('a provider that fails five times in a row', () => {
  it('is left alone for 60 s, gets one trial, closes on success', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const one = router([a, b], options)
    const states: string[] = []
    one.on('breaker-changed', ({ provider: id, state, at, openUntil }) =>
      states.push(`${id} ${state} at ${at - NOW}${openUntil === undefined ? '' : ` until ${openUntil - NOW}`}`),
    )
    a.mood = 'network'
    expect(await askTimes(one, 4)).toEqual(['b', 'b', 'b', 'b'])
    expect(statusOf(one, 'a').breaker.state).toBe('closed')
    await ask(one)
    expect(statusOf(one, 'a').breaker).toEqual({ state: 'open', openUntil: NOW + 60_000 })
    await clock.advance(59_999)
    await askTimes(one, 3)
    expect(a.asked).toHaveLength(5)
    await clock.advance(1)
    a.mood = { takesMs: 100 }
    const trial = ask(one)
    await clock.advance(50)
    expect(await askTimes(one, 2, 'ETH/USD')).toEqual(['b', 'b'])
    await clock.advance(50)
    expect(await trial).toMatchObject({ provider: 'a' })
    expect(a.asked).toHaveLength(6)
    expect(states).toEqual(['a open at 0 until 60000', 'a half-open at 60000', 'a closed at 60100'])
  })

  it('is left alone for longer when the trial fails', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const one = router([a, b], options)
    a.mood = 'unavailable'
    await askTimes(one, 5)
    await clock.advance(60_000)
    await ask(one)
    expect(statusOf(one, 'a').breaker).toEqual({ state: 'open', openUntil: NOW + 60_000 + 120_000 })
    await clock.advance(119_999)
    await ask(one)
    expect(a.asked).toHaveLength(6)
  })
})

describe('an outcome that says nothing of health', () => {
  it.each<FailureReason>(['rate-limited', 'not-found', 'bad-request', 'unauthorized', 'quota-exhausted', 'geo-blocked', 'cold-start'])(
    'never opens: %s',
    async (reason) => {
      const { clock, provider, router } = world()
      const a = provider('a')
      const one = router([a], options)
      a.mood = reason
      for (let i = 0; i < 12; i++) {
        await ask(one, `X${i}/USD`)
        await clock.advance(25 * 3_600_000)
      }
      expect(a.asked).toHaveLength(12)
      expect(statusOf(one, 'a').breaker.state).toBe('closed')
    },
  )

  it.each<FailureReason>(['rate-limited', 'not-found', 'cold-start'])('changes nothing in half-open and gives the place back: %s', async (reason) => {
    const { clock, provider, router } = world()
    const a = provider('a', { cooldownsMs: [1] })
    const one = router([a], options)
    a.mood = 'network'
    await askTimes(one, 5)
    await clock.advance(60_000)
    a.mood = reason
    await ask(one)
    expect(statusOf(one, 'a').breaker.state).toBe('half-open')
    await clock.advance(1)
    a.mood = 'ok'
    expect(await ask(one, 'ETH/USD')).toMatchObject({ provider: 'a' })
    expect(statusOf(one, 'a').breaker.state).toBe('closed')
  })

  it('nor does an abort by the caller', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], options)
    a.mood = 'network'
    await askTimes(one, 5)
    await clock.advance(60_000)
    a.mood = 'hang'
    const caller = new AbortController()
    const trial = ask(one, 'BTC/USD', { signal: caller.signal })
    await clock.advance(1)
    expect(reasons(one)).toEqual({ a: 'circuit-open' })
    caller.abort(new Error('left'))
    expect(await trial).toMatchObject({ message: 'left' })
    await clock.advance(0)
    expect([statusOf(one, 'a').breaker.state, reasons(one)]).toEqual(['half-open', {}])
  })

  it('nor does an own answer used again: nothing was sent', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { reuseMs: 300_000 })
    const one = router([a], options)
    await ask(one, 'BTC/USD')
    a.mood = 'network'
    await askTimes(one, 5, 'ETH/USD')
    expect(await ask(one, 'BTC/USD')).toMatchObject({ source: 'cache', provider: 'a' })
    expect(statusOf(one, 'a').breaker).toEqual({ state: 'open', openUntil: NOW + 60_000 })
    await clock.advance(60_000)
    await ask(one, 'BTC/USD')
    expect([statusOf(one, 'a').breaker.state, a.asked.length]).toEqual(['half-open', 6])
  })
})

it('a trial that never comes back gives its place to another after 30 s', async () => {
  const { clock, provider, router } = world()
  const a = provider('a')
  const one = router([a], { ...options, timeoutMs: 500_000, totalTimeoutMs: 600_000 })
  a.mood = 'network'
  await askTimes(one, 5)
  await clock.advance(60_000)
  a.mood = 'hang'
  const caller = new AbortController()
  const hung = ask(one, 'BTC/USD', { signal: caller.signal })
  await clock.advance(29_999)
  expect(reasons(one, 'ETH/USD')).toEqual({ a: 'circuit-open' })
  await clock.advance(1)
  a.mood = 'ok'
  expect(await ask(one, 'ETH/USD')).toMatchObject({ provider: 'a' })
  expect(statusOf(one, 'a').breaker.state).toBe('closed')
  caller.abort()
  await hung
})

it('calls that an open breaker turns away make no error, reach no opossum and dilute no window', async () => {
  vi.resetModules()
  let made = 0
  const Original = Error
  vi.stubGlobal(
    'Error',
    class extends Original {
      constructor(...args: ConstructorParameters<ErrorConstructor>) {
        super(...args)
        made++
      }
    },
  )
  const { world: fresh } = await import('../router/world.js')
  const { clock, provider, router } = fresh()
  const [a, b] = [provider('a'), provider('b', { priority: 2 })]
  const one = router([a, b], options)
  a.mood = 'network'
  for (let i = 0; i < 5; i++) await one.request('ticker', { symbol: 'BTC/USD' })
  expect(made).toBeGreaterThanOrEqual(5)
  made = 0
  const fire = vi.spyOn(CircuitBreaker.prototype, 'fire')
  for (let i = 0; i < 1_000; i++) await one.request('ticker', { symbol: 'BTC/USD' })
  expect([made, a.asked.length, b.asked.length, fire.mock.calls.length]).toEqual([0, 5, 1_005, 0])
  await clock.advance(60_000)
  await one.request('ticker', { symbol: 'BTC/USD' })
  expect(a.asked).toHaveLength(6)
})

it('repeats at one provider are one outcome', async () => {
  const { clock, provider, router } = world()
  const a = provider('a')
  const one = router([a], { cache: false, retries: 1 })
  a.mood = 'network'
  for (let request = 1; request <= 5; request++) {
    expect(statusOf(one, 'a').breaker.state).toBe('closed')
    const failed = ask(one)
    await clock.advance(10_000)
    await failed
  }
  expect(a.asked).toHaveLength(10)
  expect(statusOf(one, 'a').breaker.state).toBe('open')
})

it('drifted answers rest one capability, not the provider, and the event says until when', async () => {
  const { clock } = world()
  const a = fakeProvider<'ticker' | 'volume'>('a', { answers: { ticker: () => 'bad-response', volume: ({ symbol }) => ({ ...price(symbol), volume24h: 1 }) } })
  const one = new ProviderRouter({ providers: [a], ...options, clock, random: () => 0.5 })
  const changed = listener()
  one.on('breaker-changed', changed)
  for (let i = 0; i < 6; i++) await one.request('ticker', { symbol: 'BTC/USD' }).catch(() => undefined)
  expect(a.asked).toHaveLength(5)
  expect(changed.mock.calls).toEqual([[{ provider: 'a', capability: 'ticker', state: 'open', at: NOW, openUntil: NOW + 60_000 }]])
  expect(await one.request('volume', { symbol: 'BTC/USD' })).toMatchObject({ provider: 'a' })
  expect(one.status().providers[0]).toMatchObject({ breaker: { state: 'closed' }, capabilityBreakers: { ticker: 'open' } })
})

it('a breaker that came open out of a snapshot can be ended by hand, and the event says when', async () => {
  const { clock, provider, router } = world()
  const a = provider('a')
  a.mood = 'network'
  const first = router([a], options)
  await askTimes(first, 5)
  const second = router([a], { ...options, snapshot: first.snapshot() })
  const changed = listener()
  second.on('breaker-changed', changed)
  await clock.advance(5_000)
  second.restore('a')
  expect(changed.mock.calls).toEqual([[{ provider: 'a', state: 'closed', at: NOW + 5_000 }]])
})
