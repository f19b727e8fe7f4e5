import { describe, expect, it } from 'vitest'
import type { FailureReason } from '../../src/model/result.js'
import { pairOf } from '../../src/model/symbol.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { RequestOptions } from '../../src/router/options.js'
import { fastest } from '../../src/strategies/fastest.js'
import { leastUsed } from '../../src/strategies/least-used.js'
import { priority } from '../../src/strategies/priority.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { score } from '../../src/strategies/score.js'
import type { Strategy } from '../../src/strategies/strategy.js'
import { weighted } from '../../src/strategies/weighted.js'
import { weightedRandom } from '../../src/strategies/weighted-random.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { seeded } from '../support/seeded.js'

const STRATEGIES: readonly (readonly [string, () => Strategy])[] = [
  ['priority', priority],
  ['weighted', weighted],
  ['weightedRandom', weightedRandom],
  ['roundRobin', roundRobin],
  ['leastUsed', leastUsed],
  ['fastest', fastest],
  ['score', score],
]

/** Each failure that an upstream can cause. */
const REASONS: readonly FailureReason[] = [
  'network',
  'timeout',
  'unavailable',
  'rate-limited',
  'quota-exhausted',
  'unauthorized',
  'geo-blocked',
  'not-found',
  'bad-request',
  'bad-response',
  'cold-start',
]

const IDS = ['a', 'b', 'c', 'd', 'e', 'last']

/** What an upstream does with the next questions. */
type Mood = { readonly fails?: FailureReason; readonly tookMs: number }

/** A router over five providers and a last resort with one log for all upstreams, in the order in which calls arrive. */
function setUp(strategy: Strategy, seed: number) {
  const clock = fakeClock()
  const moods = new Map<string, Mood>()
  const log: { readonly id: string; readonly symbol: string; readonly at: number }[] = []
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))
  const providers = IDS.map((id, index) =>
    fakeProvider(id, {
      weight: 1 + ((index * 7) % 5),
      priority: 1 + (index % 3),
      ...(id === 'last' && { role: 'last-resort' as const }),
      ...(id === 'b' && { limits: [{ requests: 6, perMs: 10_000, scope: 'ip' as const }] }),
      ...(id === 'c' && { reuseMs: 60_000 }),
      answers: {
        ticker: async ({ symbol }) => {
          log.push({ id, symbol, at: clock.now() })
          const { fails, tookMs } = moods.get(id) ?? { tookMs: 0 }
          if (tookMs > 0) await pause(tookMs)
          return fails ?? { ...pairOf(symbol), last: 100 }
        },
      },
    }),
  )
  const options = { providers, clock, random: seeded(seed), cache: false as const, timeoutMs: 2_000, totalTimeoutMs: 5_000 }
  const router = new ProviderRouter({ ...options, pools: { pool: { strategy, members: ['a', 'b', 'c', 'd', 'last'] } } })
  return { clock, moods, log, router, pool: router.pool('pool') }
}

type SetUp = ReturnType<typeof setUp>

/** One thing that happens between two questions, the same for the same numbers. */
function happen({ moods, router, pool }: SetUp, random: () => number): void {
  const id = IDS[Math.floor(random() * IDS.length)] ?? 'a'
  const act = Math.floor(random() * 9)
  const reason = REASONS[Math.floor(random() * REASONS.length)]
  const number = 1 + Math.floor(random() * 5)
  if (act <= 1) moods.set(id, { tookMs: 0, ...(reason !== undefined && { fails: reason }) })
  if (act <= 3 && act > 1) moods.set(id, { tookMs: 0 })
  if (act === 4) moods.set(id, { tookMs: number * 120 })
  if (act === 5 && !pool.has(id)) pool.add({ id, priority: number, weight: number })
  else if (act === 5 && pool.members.length > 2) pool.remove(id)
  if (act === 6 && pool.has(id)) pool.update(id, random() < 0.5 ? { weight: number } : { priority: number, enabled: random() < 0.8 })
  if (act === 7) router.isolate(id)
  if (act === 8) router.restore(id)
}

const passingMs = (random: () => number): number => [0, 0, 0, 1, 500, 9_000, 61_000, 130_000, 700_000][Math.floor(random() * 9)] ?? 0

/** One of a few questions, so that upstreams' own answers are reused at times and unknown assets remembered. */
const symbolOf = (random: () => number): string => `S${Math.floor(random() * 4)}/USD`

const optionsOf = (random: () => number): RequestOptions => {
  const kind = random()
  if (kind < 0.1) return { pool: 'pool', except: ['a'] }
  if (kind < 0.2) return { pool: 'pool', maxAttempts: 2 }
  return { pool: 'pool', stale: 'never' }
}

const withoutRepeats = (ids: readonly string[]): string[] => ids.filter((id, i) => id !== ids[i - 1])

/** Asks, having looked at the plan; gives the planned order and the one in which upstreams were called without a wait. */
async function askAsPlanned(set: SetUp, random: () => number) {
  const symbol = symbolOf(random)
  const options = optionsOf(random)
  const { clock, router, log } = set
  const plan = router.plan('ticker', { symbol }, options)
  const startedAt = clock.now()
  const from = log.length
  const asked = router.request('ticker', { symbol }, options).then(
    (result) => ({ attempts: result.attempts, answeredBy: result.provider }),
    (error: { attempts?: readonly { provider: string; outcome: string; latencyMs: number }[] }) => ({ attempts: error.attempts ?? [], answeredBy: undefined }),
  )
  await clock.advance(5_000)
  const { attempts, answeredBy } = await asked
  const began = withoutRepeats(attempts.filter(({ outcome }) => outcome !== 'skipped').map(({ provider }) => provider))
  const called = withoutRepeats(log.slice(from).map(({ id }) => id))
  const instant = log.slice(from).every(({ at }) => at === startedAt)
  return { planned: plan.candidates.map(({ provider }) => provider), began, called, instant, answeredBy, maxAttempts: options.maxAttempts ?? 4 }
}

describe.each(STRATEGIES)('under %s', (_name, make) => {
  it('requests begin in the order that plan() showed, judged by the upstreams, over 150 histories', { timeout: 60_000 }, async () => {
    let compared = 0
    let failovers = 0
    for (let seed = 1; seed <= 150; seed++) {
      const set = setUp(make(), seed)
      const random = seeded(seed * 1_000)
      for (let step = 0; step < 25; step++) {
        for (let event = Math.floor(random() * 4); event > 0; event--) happen(set, random)
        await set.clock.advance(passingMs(random))
        const { planned, began, called, instant, answeredBy, maxAttempts } = await askAsPlanned(set, random)
        const at = `history ${seed}, request ${step}`
        // a provider's own answer that is used again is an attempt without a call
        expect({ at, called }).toEqual({ at, called: began.filter((id) => called.includes(id)) })
        if (planned.length === 0) continue
        expect({ at, first: began[0] }).toEqual({ at, first: planned[0] })
        if (!instant) continue
        const asMany = answeredBy === undefined ? Math.min(planned.length, maxAttempts) : began.length
        expect({ at, began }).toEqual({ at, began: planned.slice(0, asMany) })
        compared++
        if (began.length > 1) failovers++
      }
    }
    expect(compared).toBeGreaterThan(1_000)
    expect(failovers).toBeGreaterThan(200)
  })

  it('the first to be asked is the planned one while other requests are still under way', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { clock, moods, log, router } = setUp(make(), seed)
      const random = seeded(seed)
      for (const id of IDS) moods.set(id, { tookMs: 100 + Math.floor(random() * 900) })
      const asked: Promise<unknown>[] = []
      for (let step = 0; step < 60; step++) {
        const symbol = `N${step}/USD`
        const [first] = router.plan('ticker', { symbol }, { pool: 'pool' }).candidates
        const from = log.length
        asked.push(router.request('ticker', { symbol }, { pool: 'pool' }))
        expect([seed, step, log[from]?.id]).toEqual([seed, step, first?.provider])
        await clock.advance(Math.floor(random() * 80))
      }
      await clock.advance(10_000)
      await Promise.all(asked)
    }
  })

  it('reading any number of times changes nothing', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const [read, left] = [setUp(make(), seed), setUp(make(), seed)]
      const [forRead, forLeft, reads] = [seeded(seed), seeded(seed), seeded(-seed)]
      for (let step = 0; step < 25; step++) {
        for (const [set, random] of [[read, forRead] as const, [left, forLeft] as const]) {
          for (let event = Math.floor(random() * 4); event > 0; event--) happen(set, random)
          const passes = passingMs(random)
          if (set === read) readAll(set, reads)
          await set.clock.advance(passes)
          if (set === read) readAll(set, reads)
          const asked = set.router.request('ticker', { symbol: symbolOf(random) }, optionsOf(random)).catch(() => undefined)
          if (set === read) readAll(set, reads)
          await set.clock.advance(5_000)
          await asked
        }
        expect([seed, step, read.log]).toEqual([seed, step, left.log])
      }
      expect(read.router.status()).toEqual(left.router.status())
      expect(read.pool.history()).toEqual(left.pool.history())
      expect(read.router.snapshot()).toEqual(left.router.snapshot())
    }
  })
})

describe('plan()', () => {
  it('keeps no answer in the cache by looking at it', async () => {
    const answers: Record<string, string[]> = {}
    for (const looks of [0, 3]) {
      const clock = fakeClock()
      const router = new ProviderRouter({ providers: [fakeProvider('a')], clock, random: () => 0.5, cache: { maxEntries: 2 } })
      const ask = async (symbol: string) => (await router.request('ticker', { symbol })).source
      await ask('X1/USD')
      await ask('X2/USD')
      for (let look = 0; look < looks; look++) router.plan('ticker', { symbol: 'X1/USD' })
      answers[looks] = [await ask('X3/USD'), await ask('X2/USD')]
    }
    expect(answers[3]).toEqual(answers[0])
  })
})

/** Everything that can be read, a few times. */
function readAll({ router, pool }: SetUp, random: () => number): void {
  for (let times = Math.floor(random() * 4); times > 0; times--) {
    router.plan('ticker', { symbol: symbolOf(random) }, optionsOf(random))
    router.plan('ticker', { symbol: symbolOf(random) }, { pool: 'pool', strategy: weightedRandom() })
    router.plan('ticker', { symbol: symbolOf(random) })
    router.status()
    router.snapshot()
    pool.status()
    pool.history()
    router.pools.list()
  }
}
