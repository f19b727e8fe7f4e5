import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../src/errors.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { ask, type Moody, type TickerRouter, type World, world } from '../router/world.js'

function slow(ms = 100): World & { a: Moody; one: TickerRouter } {
  const here = world()
  const a = here.provider('a')
  a.mood = { takesMs: ms }
  return { ...here, a, one: here.router([a], { retries: 0 }) }
}

describe('equal questions under way', () => {
  it('are asked once, and all get the answer', async () => {
    const { clock, a, one } = slow()
    const answers = Array.from({ length: 50 }, () => one.request('ticker', { symbol: 'BTC/USD' }))
    await clock.advance(100)
    const sources = (await Promise.all(answers)).map(({ source }) => source)
    expect([a.asked.length, sources.filter((source) => source === 'network').length, sources.filter((source) => source === 'shared').length]).toEqual([
      1, 1, 49,
    ])
    expect(one.status().inFlight).toBe(0)
  })

  it('are asked once without a cache, too', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = { takesMs: 100 }
    const one = router([a], { cache: false })
    const answers = [ask(one), ask(one)]
    await clock.advance(100)
    expect(await Promise.all(answers)).toMatchObject([{ source: 'network' }, { source: 'shared' }])
    expect(a.asked).toHaveLength(1)
  })

  it('fail together', async () => {
    const { clock, a, one } = slow()
    a.mood = 'hang'
    const answers = [ask(one), ask(one)]
    await clock.advance(10_000)
    for (const error of await Promise.all(answers)) expect(error).toBeInstanceOf(AllProvidersFailedError)
    expect(a.asked).toHaveLength(1)
  })

  it('with other filters, another pool or a strategy of their own are others', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    for (const one of [a, b]) one.mood = { takesMs: 100 }
    const one = router([a, b], { pools: { p: { members: ['b'] } } })
    const answers = [
      ask(one),
      ask(one, 'BTC/USD', { only: ['b'] }),
      ask(one, 'BTC/USD', { pool: 'p' }),
      ask(one, 'BTC/USD', { strategy: roundRobin() }),
      ask(one, 'ETH/USD'),
    ]
    await clock.advance(100)
    expect(await Promise.all(answers)).toMatchObject(answers.map(() => ({ source: 'network' })))
    expect(a.asked.length + b.asked.length).toBe(5)
  })

  it('begin anew once the first is answered', async () => {
    const { clock, a, one } = slow()
    const first = ask(one)
    await clock.advance(100)
    await first
    await clock.advance(11_000)
    const second = ask(one)
    await clock.advance(100)
    expect(await second).toMatchObject({ source: 'network' })
    expect(a.asked).toHaveLength(2)
  })
})

describe('a caller who leaves', () => {
  it('gets the own reason at once and takes nobody along, be it the first', async () => {
    const { clock, a, one } = slow()
    const caller = new AbortController()
    const first = ask(one, 'BTC/USD', { signal: caller.signal })
    const second = ask(one)
    const third = ask(one, 'BTC/USD', { signal: new AbortController().signal })
    await clock.advance(50)
    const reason = new Error('gone')
    caller.abort(reason)
    expect(await first).toBe(reason)
    await clock.advance(50)
    expect(await Promise.all([second, third])).toMatchObject([{ provider: 'a' }, { provider: 'a' }])
    expect(a.asked).toHaveLength(1)
  })

  it('ends the work if it was the last', async () => {
    const { clock, provider, router } = world()
    let signal: AbortSignal | undefined
    const a = provider('a')
    const endpoint = a.endpoints.ticker as { call: (params: unknown, context: { signal: AbortSignal }) => Promise<never> }
    endpoint.call = (_, context) => {
      ;({ signal } = context)
      return new Promise(() => undefined)
    }
    const b = provider('b', { priority: 2 })
    const one = router([a, b])
    const callers = [new AbortController(), new AbortController()]
    const waiting = callers.map((caller) => ask(one, 'BTC/USD', { signal: caller.signal }))
    await clock.advance(10)
    callers[0]?.abort(new Error('one'))
    await clock.advance(10)
    expect(signal?.aborted).toBe(false)
    callers[1]?.abort(new Error('two'))
    expect(signal?.aborted).toBe(true)
    expect(await Promise.all(waiting)).toMatchObject([{ message: 'one' }, { message: 'two' }])
    await clock.advance(10)
    expect([b.asked.length, one.status().inFlight, clock.pending]).toEqual([0, 0, 0])
  })

  it('leaves the next to ask afresh, whom later ones join', async () => {
    const { clock, a, one } = slow()
    const caller = new AbortController()
    const first = ask(one, 'BTC/USD', { signal: caller.signal })
    await clock.advance(10)
    caller.abort(new Error('gone'))
    const second = ask(one)
    await clock.advance(10)
    const third = ask(one)
    await clock.advance(100)
    expect(await Promise.all([first, second, third])).toMatchObject([{ message: 'gone' }, { source: 'network' }, { source: 'shared' }])
    expect(a.asked).toHaveLength(2)
  })

  it('before asking is refused with the own reason', async () => {
    const { a, one } = slow()
    expect(await ask(one, 'BTC/USD', { signal: AbortSignal.abort('no') })).toBe('no')
    expect(a.asked).toEqual([])
  })
})

describe('a caller who joins', () => {
  it('with less time gets the error in time, and the others their answer', async () => {
    const { clock, one } = slow(3_000)
    const patient = ask(one)
    await clock.advance(500)
    let error: unknown
    const hasty = ask(one, 'BTC/USD', { totalTimeoutMs: 1_000 }).then((result) => (error = result))
    await clock.advance(999)
    expect(error).toBeUndefined()
    await clock.advance(1)
    await hasty
    expect(error).toBeInstanceOf(AllProvidersFailedError)
    await clock.advance(1_500)
    expect(await patient).toMatchObject({ source: 'network' })
    expect(clock.pending).toBe(0)
  })

  it('with less time gets the answer that comes in time, and leaves no timer', async () => {
    const { clock, one } = slow(300)
    const patient = ask(one)
    const hasty = ask(one, 'BTC/USD', { totalTimeoutMs: 1_000 })
    await clock.advance(300)
    expect(await Promise.all([patient, hasty])).toMatchObject([{ source: 'network' }, { source: 'shared', latencyMs: 300 }])
    expect(clock.pending).toBe(0)
  })

  it('with more time is not bound to the time of the first', async () => {
    const { clock, one } = slow(1_000)
    const hasty = ask(one, 'BTC/USD', { totalTimeoutMs: 100 })
    const patient = ask(one)
    await clock.advance(1_000)
    expect(await hasty).toBeInstanceOf(AllProvidersFailedError)
    expect(await patient).toMatchObject({ data: { last: 100 } })
  })
})
