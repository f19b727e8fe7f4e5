import { afterEach, expect, it, vi } from 'vitest'
import { Breaker, BREAKER_DEFAULTS } from '../../src/pipeline/breaker.js'
import { fakeClock } from '../../src/testing/index.js'

const NOW = 1_800_000_000_000

const made = (): Breaker =>
  new Breaker(
    BREAKER_DEFAULTS,
    () => 0.5,
    () => undefined,
  )

async function through(breaker: Breaker, outcomes: string, now: number): Promise<void> {
  for (const outcome of outcomes) breaker.settled(outcome === '+', breaker.enter(now), now)
  await fakeClock().advance(0)
}

afterEach(() => {
  vi.useRealTimers()
})

it('no timer is set when a breaker is made, opens, lets a trial through, opens again and closes', async () => {
  vi.useFakeTimers()
  const timers = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'setImmediate')]
  const breaker = made()
  await through(breaker, '+-----', NOW)
  expect(breaker.state(NOW)).toBe('open')
  await through(breaker, '-', NOW + 60_000)
  expect(breaker.openUntil).toBe(NOW + 180_000)
  breaker.enter(breaker.openUntil)
  expect(breaker.state(breaker.openUntil)).toBe('half-open')
  breaker.settled(true, true, breaker.openUntil)
  await fakeClock().advance(0)
  expect(breaker.state(NOW + 200_000)).toBe('closed')
  expect(vi.getTimerCount()).toBe(0)
  for (const timer of timers) expect(timer).not.toHaveBeenCalled()
})

it('a thousand breakers, open or not, leave no handle', async () => {
  const before = process.getActiveResourcesInfo().toSorted()
  const breakers = Array.from({ length: 1_000 }, made)
  for (const [index, breaker] of breakers.entries()) for (let i = 0; i < (index % 2) * 5; i++) breaker.settled(false, breaker.enter(NOW), NOW)
  await fakeClock().advance(0)
  expect(breakers.filter((breaker) => breaker.state(NOW) === 'open')).toHaveLength(500)
  expect(process.getActiveResourcesInfo().toSorted()).toEqual(before)
})
