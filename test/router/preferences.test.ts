import { describe, expect, it } from 'vitest'
import { fastest } from '../../src/strategies/fastest.js'
import { ask, askTimes, type Moody, order, type TickerRouter, type World, world } from './world.js'

const options = { cache: false, retries: 0 } as const

/** A provider that takes so long, measured once. */
async function measured({ clock }: World, one: TickerRouter, provider: Moody, ms: number): Promise<void> {
  provider.mood = { takesMs: ms }
  const answer = ask(one, 'BTC/USD', { only: [provider.id] })
  await clock.advance(ms)
  await answer
}

describe('skipSlowerThanMs', () => {
  it('prefers others while the estimate is above it', async () => {
    const here = world()
    const [slow, quick] = [here.provider('slow'), here.provider('quick', { priority: 2 })]
    const one = here.router([slow, quick], { ...options, skipSlowerThanMs: 300, ejectSlowerThan: false })
    expect(order(one)).toEqual(['slow', 'quick'])
    await measured(here, one, slow, 350)
    expect(order(one)).toEqual(['quick', 'slow'])
  })

  it('is never the reason to fail, and no exclusion', async () => {
    const here = world()
    const [slow, quick] = [here.provider('slow'), here.provider('quick', { priority: 2 })]
    const one = here.router([slow, quick], { ...options, skipSlowerThanMs: 300 })
    await measured(here, one, slow, 3_000)
    quick.mood = 'network'
    slow.mood = 'ok'
    expect(await ask(one)).toMatchObject({ provider: 'slow', attempts: [{ provider: 'quick' }, { provider: 'slow' }] })
    expect(one.plan('ticker', { symbol: 'BTC/USD' }).excluded).toEqual([])
  })

  it('lets the slow one be tried again after 30 s', async () => {
    const here = world()
    const [slow, quick] = [here.provider('slow'), here.provider('quick', { priority: 2 })]
    const one = here.router([slow, quick], { ...options, skipSlowerThanMs: 300 })
    await measured(here, one, slow, 1_000)
    await here.clock.advance(30_000)
    expect(order(one)).toEqual(['quick', 'slow'])
    await here.clock.advance(1)
    expect(order(one)).toEqual(['slow', 'quick'])
    slow.mood = { takesMs: 10 }
    const answer = ask(one)
    await here.clock.advance(10)
    expect(await answer).toMatchObject({ provider: 'slow' })
  })

  it('holds for a figure of an earlier process only as long as it is young', async () => {
    const here = world()
    const [slow, quick] = [here.provider('slow'), here.provider('quick', { priority: 2 })]
    const first = here.router([slow, quick], { ...options, skipSlowerThanMs: 300 })
    await measured(here, first, slow, 1_000)
    const second = here.router([slow, quick], { ...options, skipSlowerThanMs: 300, snapshot: first.snapshot() })
    expect(order(second)).toEqual(['quick', 'slow'])
    await here.clock.advance(30_001)
    expect(order(second)).toEqual(['slow', 'quick'])
  })
})

describe('a provider four times slower than the best', () => {
  it('loses its place, and has it again when it has recovered', async () => {
    const here = world()
    const [first, second] = [here.provider('first'), here.provider('second', { priority: 2 })]
    const one = here.router([first, second], options)
    await measured(here, one, second, 100)
    await measured(here, one, first, 399)
    expect(order(one)).toEqual(['first', 'second'])
    await measured(here, one, first, 2_000)
    expect(order(one)).toEqual(['second', 'first'])
    await here.clock.advance(25_000)
    await measured(here, one, first, 50)
    expect(order(one)).toEqual(['first', 'second'])
  })

  it('keeps it below 400 ms, where nobody was measured to be quicker, or where that is turned off', async () => {
    const here = world()
    const [first, second] = [here.provider('first'), here.provider('second', { priority: 2 })]
    const one = here.router([first, second], options)
    await measured(here, one, second, 10)
    await measured(here, one, first, 390)
    expect(order(one)).toEqual(['first', 'second'])
    const alone = here.router([first, second], options)
    await measured(here, alone, first, 4_000)
    expect(order(alone)).toEqual(['first', 'second'])
    const off = here.router([first, second], { ...options, ejectSlowerThan: false })
    await measured(here, off, second, 10)
    await measured(here, off, first, 4_000)
    expect(order(off)).toEqual(['first', 'second'])
  })
})

describe('keepIncumbent', () => {
  const strategy = fastest({ explore: 0 })

  it('keeps who was picked last while nobody is 30 % better, for 30 s', async () => {
    const here = world()
    const [a, b] = [here.provider('a'), here.provider('b')]
    const one = here.router([a, b], { ...options, strategy, keepIncumbent: true })
    await measured(here, one, b, 100)
    await measured(here, one, a, 120)
    a.mood = 'ok'
    b.mood = 'ok'
    expect(order(one)[0]).toBe('a')
    await here.clock.advance(29_000)
    expect(order(one)[0]).toBe('a')
    await here.clock.advance(1_000)
    expect(order(one)[0]).toBe('b')
  })

  it('gives way to somebody clearly better, to a failure, and is off by default', async () => {
    const here = world()
    const [a, b] = [here.provider('a'), here.provider('b')]
    const kept = here.router([a, b], { ...options, strategy, keepIncumbent: { within: 0.1 } })
    await measured(here, kept, b, 100)
    await measured(here, kept, a, 120)
    expect(order(kept)[0]).toBe('b')
    const failing = here.router([a, b], { ...options, strategy, keepIncumbent: true })
    await measured(here, failing, b, 100)
    await measured(here, failing, a, 110)
    failing.isolate('a')
    expect(order(failing)).toEqual(['b'])
    const plain = here.router([a, b], { ...options, strategy })
    await measured(here, plain, b, 100)
    await measured(here, plain, a, 110)
    expect(order(plain)[0]).toBe('b')
  })
})

describe('a hedge', () => {
  it('is never sent to a provider whose calls cost money', async () => {
    const here = world()
    const [slow, metered] = [here.provider('slow'), here.provider('metered', { priority: 2, metered: true })]
    slow.mood = { takesMs: 1_000 }
    const one = here.router([slow, metered], { ...options, hedge: { afterMs: 100 } })
    const answer = ask(one)
    await here.clock.advance(1_000)
    expect(await answer).toMatchObject({ provider: 'slow' })
    expect(metered.asked).toEqual([])
  })

  it('asks one whose calls are free when the first is late, and ends the loser', async () => {
    const here = world()
    const [slow, free] = [here.provider('slow'), here.provider('free', { priority: 2 })]
    slow.mood = 'hang'
    const one = here.router([slow, free], { ...options, hedge: { afterMs: 100 } })
    const answer = ask(one)
    await here.clock.advance(100)
    expect(await answer).toMatchObject({
      provider: 'free',
      latencyMs: 100,
      attempts: [
        { provider: 'free', outcome: 'succeeded', hedged: true },
        { provider: 'slow', outcome: 'cancelled' },
      ],
    })
    expect(one.status().providers[0]).toMatchObject({ consecutiveFailures: 0, inFlight: 0, breaker: { state: 'closed' } })
    expect(here.clock.pending).toBe(0)
  })
})

it('a hundred calls that hang at one provider do not delay those that others serve', async () => {
  const here = world()
  const [hung, good] = [here.provider('hung', { maxInFlight: 100 }), here.provider('good', { priority: 2 })]
  hung.mood = 'hang'
  const one = here.router([hung, good], options)
  const stuck = Array.from({ length: 100 }, (_, index) => ask(one, `C${index}/USD`))
  expect(await askTimes(one, 20)).toEqual(Array.from({ length: 20 }, () => 'good'))
  await here.clock.advance(10_000)
  for (const result of await Promise.all(stuck)) expect(result).toMatchObject({ provider: 'good' })
  expect(hung.asked).toHaveLength(100)
})
