import fc from 'fast-check'
import CircuitBreaker from 'opossum'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Breaker, BREAKER_DEFAULTS, type BreakerState } from '../../src/pipeline/breaker.js'
import { fakeClock } from '../../src/testing/index.js'

const NOW = 1_800_000_000_000

function made(random = () => 0.5, options: Partial<typeof BREAKER_DEFAULTS> = {}) {
  const changes: [BreakerState, number][] = []
  const breaker = new Breaker({ ...BREAKER_DEFAULTS, ...options }, random, (state, now) => changes.push([state, now]))
  return { breaker, changes }
}

/** Lets opossum, which counts in promises, come to its end. */
const settled = (): Promise<void> => fakeClock().advance(0)

async function attempt(breaker: Breaker, ok: boolean, now = NOW): Promise<void> {
  breaker.settled(ok, breaker.enter(now), now)
  await settled()
}

async function attempts(breaker: Breaker, outcomes: string, now = NOW): Promise<void> {
  for (const outcome of outcomes) await attempt(breaker, outcome === '+', now)
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a closed breaker', () => {
  it('opens at the fifth failure in a row, not at the fourth', async () => {
    const { breaker, changes } = made()
    await attempts(breaker, '----')
    expect(breaker.state(NOW)).toBe('closed')
    await attempt(breaker, false)
    expect(breaker.state(NOW)).toBe('open')
    expect(changes).toEqual([['open', NOW]])
  })

  it('begins its row anew after a success', async () => {
    const { breaker } = made()
    await attempts(breaker, `${'+'.repeat(12)}----+----`)
    expect(breaker.state(NOW)).toBe('closed')
    await attempt(breaker, false)
    expect(breaker.state(NOW)).toBe('open')
  })

  it('opens when half of ten outcomes are failures', async () => {
    const { breaker } = made()
    await attempts(breaker, '+-+-+-+-+')
    expect(breaker.state(NOW)).toBe('closed')
    await attempt(breaker, false)
    expect(breaker.state(NOW)).toBe('open')
  })

  it('stays closed below half, and below ten outcomes', async () => {
    const { breaker: below } = made()
    await attempts(below, '++-++-++-++-++-++-++-')
    const { breaker: few } = made()
    await attempts(few, '-+--+--+-')
    expect([below.state(NOW), few.state(NOW)]).toEqual(['closed', 'closed'])
  })

  it('opens at the first failure that completes five in a row or half of ten, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (outcomes) => {
        const { breaker } = made()
        let failures = 0
        let row = 0
        for (const [index, ok] of outcomes.entries()) {
          await attempt(breaker, ok)
          row = ok ? 0 : row + 1
          if (!ok) failures++
          const opens = !ok && (row >= 5 || (index >= 9 && failures / (index + 1) >= 0.5))
          expect(breaker.state(NOW)).toBe(opens ? 'open' : 'closed')
          if (opens) return
        }
      }),
    )
  })

  it('forgets what is older than its window', async () => {
    const { breaker: old } = made()
    await attempts(old, '+-+-+-+-+')
    await attempt(old, false, NOW + 60_001)
    expect(old.state(NOW + 60_001)).toBe('closed')
    const { breaker: young } = made()
    await attempts(young, '+-+-+-+-+')
    await attempt(young, false, NOW + 50_000)
    expect(young.state(NOW + 50_000)).toBe('open')
  })

  it('takes other numbers', async () => {
    const { breaker } = made(() => 0.5, { failures: 2, cooldownMs: 30_000 })
    await attempts(breaker, '--')
    expect([breaker.permits(NOW + 29_999), breaker.permits(NOW + 30_000)]).toEqual([false, true])
  })
})

describe('an open breaker', () => {
  it('lets nobody through for exactly 60 s, then one trial', async () => {
    const { breaker } = made()
    await attempts(breaker, '-----')
    expect(breaker.permits(NOW + 59_999)).toBe(false)
    expect(breaker.permitsAt(NOW + 1)).toBe(NOW + 60_000)
    expect(breaker.permits(NOW + 60_000)).toBe(true)
    expect(breaker.enter(NOW + 60_000)).toBe(true)
    expect(breaker.state(NOW + 60_000)).toBe('half-open')
    expect(breaker.permits(NOW + 60_001)).toBe(false)
  })

  it('closes when the trial succeeds, with nothing held against it', async () => {
    const { breaker, changes } = made()
    await attempts(breaker, '-----')
    await attempt(breaker, true, NOW + 60_000)
    await attempts(breaker, '----', NOW + 60_001)
    expect(breaker.state(NOW + 60_001)).toBe('closed')
    expect(changes).toEqual([
      ['open', NOW],
      ['half-open', NOW + 60_000],
      ['closed', NOW + 60_000],
    ])
  })

  it('stays open twice as long after each failed trial, up to five minutes, and starts over after a success', async () => {
    const { breaker } = made()
    await attempts(breaker, '-----')
    let now = NOW
    const lengths: number[] = []
    for (let trial = 0; trial < 5; trial++) {
      lengths.push(breaker.openUntil - now)
      now = breaker.openUntil
      await attempt(breaker, false, now)
    }
    expect(lengths).toEqual([60_000, 120_000, 240_000, 300_000, 300_000])
    now = breaker.openUntil
    await attempt(breaker, true, now)
    await attempts(breaker, '-----', now)
    expect(breaker.openUntil - now).toBe(60_000)
  })

  it('spreads later openings by a fifth both ways, never beyond five minutes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 5 }), async (random, trials) => {
        const { breaker } = made(() => random)
        await attempts(breaker, '-----')
        expect(breaker.openUntil).toBe(NOW + 60_000)
        let now = NOW
        for (let trial = 0; trial < trials; trial++) {
          now = breaker.openUntil
          await attempt(breaker, false, now)
          const step = Math.min(300_000, 60_000 * 2 ** (trial + 1))
          const spread = step * (0.8 + 0.4 * random)
          expect(breaker.openUntil - now).toBeCloseTo(Math.min(300_000, spread), 3)
        }
      }),
    )
  })

  it('ignores attempts that began before it opened', async () => {
    const { breaker } = made()
    const [late, later] = [breaker.enter(NOW), breaker.enter(NOW)]
    await attempts(breaker, '-----')
    const fire = vi.spyOn(CircuitBreaker.prototype, 'fire')
    breaker.settled(true, late, NOW + 1)
    breaker.settled(false, later, NOW + 2)
    await settled()
    expect([breaker.state(NOW + 2), breaker.openUntil]).toEqual(['open', NOW + 60_000])
    expect(breaker.enter(NOW + 60_000)).toBe(true)
    breaker.settled(true, late, NOW + 60_001)
    await settled()
    expect(breaker.state(NOW + 60_001)).toBe('half-open')
    expect(fire).not.toHaveBeenCalled()
  })

  it('gives the place of a trial that counts for nothing to the next one', async () => {
    const { breaker, changes } = made()
    await attempts(breaker, '-----')
    breaker.enter(NOW + 60_000)
    breaker.release()
    expect([breaker.state(NOW + 60_000), breaker.permits(NOW + 60_000)]).toEqual(['half-open', true])
    expect(changes.at(-1)).toEqual(['half-open', NOW + 60_000])
  })

  it('frees the place of a trial that never settles after 30 s', async () => {
    const { breaker } = made()
    await attempts(breaker, '-----')
    breaker.enter(NOW + 60_000)
    expect(breaker.permitsAt(NOW + 60_001)).toBe(NOW + 90_000)
    expect([breaker.permits(NOW + 89_999), breaker.permits(NOW + 90_000)]).toEqual([false, true])
  })

  it('comes back from plain JSON as it was', async () => {
    const { breaker } = made()
    await attempts(breaker, '-----')
    await attempt(breaker, false, NOW + 60_000)
    const { breaker: next } = made()
    next.restore(JSON.parse(JSON.stringify(breaker.snapshot())))
    expect([next.state(NOW + 60_001), next.openUntil]).toEqual(['open', NOW + 180_000])
    await attempt(next, false, next.openUntil)
    expect(next.openUntil).toBe(NOW + 180_000 + 240_000)
  })
})

describe('opossum', () => {
  it('fires every outcome that counts from the first failure on, and opens and closes', async () => {
    const fire = vi.spyOn(CircuitBreaker.prototype, 'fire')
    const open = vi.spyOn(CircuitBreaker.prototype, 'open')
    const close = vi.spyOn(CircuitBreaker.prototype, 'close')
    const { breaker } = made()
    await attempts(breaker, '+-+----')
    expect([fire.mock.calls.length, open.mock.calls.length]).toEqual([6, 0])
    close.mockClear() // opossum calls it when it is made
    await attempt(breaker, false)
    expect(open).toHaveBeenCalled()
    expect(close).not.toHaveBeenCalled()
    await attempt(breaker, true, NOW + 60_000)
    expect(fire).toHaveBeenCalledTimes(8)
    expect(close).toHaveBeenCalled()
    expect(breaker.state(NOW + 60_000)).toBe('closed')
  })

  it('is not needed while nothing failed, yet knows of those successes at the first failure', async () => {
    const fire = vi.spyOn(CircuitBreaker.prototype, 'fire')
    const { breaker } = made()
    await attempts(breaker, '++++++++++++')
    expect(fire).not.toHaveBeenCalled()
    await attempts(breaker, '----+----+---')
    expect(breaker.state(NOW)).toBe('closed') // 11 of 25: without the first twelve it were 11 of 13
    await attempt(breaker, true, NOW + 60_001)
    fire.mockClear()
    await attempt(breaker, true, NOW + 60_002)
    expect(fire).not.toHaveBeenCalled()
  })

  it('opens by itself at the rate', async () => {
    const { breaker } = made(() => 0.5, { failures: 1_000 })
    const open = vi.spyOn(CircuitBreaker.prototype, 'open')
    await attempts(breaker, '---------')
    expect(open).not.toHaveBeenCalled()
    await attempt(breaker, false)
    expect(open).toHaveBeenCalledOnce()
    expect(breaker.state(NOW)).toBe('open')
  })
})
