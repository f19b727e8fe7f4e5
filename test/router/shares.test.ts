import { describe, expect, it } from 'vitest'
import { pairOf } from '../../src/model/symbol.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { Snapshot } from '../../src/router/snapshot.js'
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

const WEIGHTS: Readonly<Record<string, number>> = { a: 30, b: 25, c: 25, d: 10, e: 5, f: 5 }
const IDS = Object.keys(WEIGHTS)

/** A router over six providers of different latency, and a pool that starts with some of them. */
function setUp(strategy: Strategy, members: readonly string[] = IDS, latencyMs: (id: string) => number = () => 0, snapshot?: Snapshot) {
  const clock = fakeClock()
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))
  const limited = new Set<string>()
  const providers = IDS.map((id) =>
    fakeProvider(id, {
      weight: WEIGHTS[id] ?? 1,
      answers: {
        ticker: async ({ symbol }) => {
          if (latencyMs(id) > 0) await pause(latencyMs(id))
          return limited.has(id) ? 'rate-limited' : { ...pairOf(symbol), last: 100 }
        },
      },
    }),
  )
  const router = new ProviderRouter({ providers, clock, random: seeded(11), cache: false, snapshot, pools: { pool: { strategy, members } } })
  let number = 0
  const request = () => router.request('ticker', { symbol: `A${number++}/USD` }, { pool: 'pool' })
  return { clock, router, pool: router.pool('pool'), providers, limited, request }
}

type SetUp = ReturnType<typeof setUp>

/** One that is not in the pool joins; one that is leaves, unless too few would be left. */
function comeOrGo({ pool }: SetUp, inside: Set<string>, id: string): void {
  if (!inside.has(id)) {
    inside.add(id)
    pool.add({ id, weight: WEIGHTS[id] })
  } else if (inside.size > 2) {
    inside.delete(id)
    pool.remove(id)
  }
}

/** Who answers each of the next `count` requests, one every `everyMs`. */
async function answerers({ clock, request }: SetUp, count: number, everyMs = 100): Promise<string[]> {
  const answered: Promise<string>[] = []
  for (let i = 0; i < count; i++) {
    answered.push(request().then(({ provider }) => provider))
    await clock.advance(everyMs)
  }
  await clock.advance(10_000)
  return Promise.all(answered)
}

/** Who is asked by `count` requests at the same moment. */
async function atOnce({ clock, request }: SetUp, count: number): Promise<string[]> {
  const answered = Promise.all(Array.from({ length: count }, () => request().then(({ provider }) => provider)))
  await clock.advance(10_000)
  return answered
}

const countOf = (id: string, among: readonly string[]): number => among.filter((one) => one === id).length

/** The share that each id should have of requests made while these members were in: the sum of its normalised weights. */
class Target {
  readonly due = new Map<string, number>()
  readonly got = new Map<string, number>()
  total = 0

  expect(members: readonly string[], answered: readonly string[]): void {
    const sum = members.reduce((weights, id) => weights + (WEIGHTS[id] ?? 0), 0)
    this.total += answered.length
    for (const id of members) this.due.set(id, (this.due.get(id) ?? 0) + (answered.length * (WEIGHTS[id] ?? 0)) / sum)
    for (const id of answered) this.got.set(id, (this.got.get(id) ?? 0) + 1)
  }

  /** The largest difference between a share and its target, of 1. */
  get worst(): number {
    return Math.max(...IDS.map((id) => Math.abs((this.got.get(id) ?? 0) - (this.due.get(id) ?? 0)))) / this.total
  }
}

describe('weighted shares of 30/25/25/10/5/5', () => {
  it('are exact over 10,000 picks: never more than one pick off', async () => {
    const set = setUp(weighted())
    const target = new Target()
    target.expect(IDS, await answerers(set, 10_000, 1))
    expect(target.worst * 10_000).toBeLessThanOrEqual(1)
    expect(set.pool.status().members.map(({ share }) => share.actual)).toEqual([0.3, 0.25, 0.25, 0.1, 0.05, 0.05])
    expect(set.pool.status().members.map(({ share }) => share.target)).toEqual([0.3, 0.25, 0.25, 0.1, 0.05, 0.05])
  })

  it.each([20, 100, 400])('hold within a hundredth over 10,000 picks while a member joins or leaves every %i picks', async (every) => {
    const set = setUp(weighted())
    const random = seeded(every)
    const target = new Target()
    const inside = new Set(IDS)
    for (let done = 0; done < 10_000; done += every) {
      const id = IDS[Math.floor(random() * IDS.length)] ?? 'a'
      comeOrGo(set, inside, id)
      target.expect([...inside], await answerers(set, every, 1))
    }
    expect(target.worst).toBeLessThanOrEqual(0.01)
  })

  it.each([10, 50, 400])('hold within a hundredth over 10,000 picks while a member is switched off or on, or isolated, every %i picks', async (every) => {
    const set = setUp(weighted())
    const { pool, router } = set
    const random = seeded(every + 1)
    const target = new Target()
    const out = new Map<string, 'switched' | 'isolated'>()
    for (let done = 0; done < 10_000; done += every) {
      const id = IDS[Math.floor(random() * IDS.length)] ?? 'a'
      const how = out.get(id)
      if (how === 'switched') pool.update(id, { enabled: true })
      else if (how === 'isolated') router.restore(id)
      if (how !== undefined) out.delete(id)
      else if (out.size < 4) {
        out.set(id, random() < 0.5 ? 'switched' : 'isolated')
        if (out.get(id) === 'switched') pool.update(id, { enabled: false })
        else router.isolate(id)
      }
      target.expect(
        IDS.filter((one) => !out.has(one)),
        await answerers(set, every, 1),
      )
    }
    expect(target.worst).toBeLessThanOrEqual(0.01)
  })

  it('give a member that is in for one request of twenty no more than its share of those', async () => {
    const set = setUp(weighted())
    const during: string[] = []
    for (let round = 0; round < 400; round++) {
      set.pool.update('e', { enabled: false })
      await answerers(set, 19, 1)
      set.pool.update('e', { enabled: true })
      during.push(...(await answerers(set, 1, 1)))
    }
    expect(countOf('e', during)).toBeGreaterThanOrEqual(10)
    expect(countOf('e', during)).toBeLessThanOrEqual(30)
  })

  it('follow a changed weight from the next pick on', async () => {
    const set = setUp(weighted())
    await answerers(set, 5_000, 1)
    set.pool.update('f', { weight: 100 })
    const after = await answerers(set, 1_950, 1)
    expect(countOf('f', after)).toBeGreaterThanOrEqual(995)
    expect(countOf('f', after)).toBeLessThanOrEqual(1_005)
    expect(countOf('a', after)).toBeGreaterThanOrEqual(295)
    expect(countOf('a', after)).toBeLessThanOrEqual(305)
  })

  it('hold when one returns in a router that was made from a snapshot', async () => {
    const before = setUp(weighted())
    await answerers(before, 100, 1)
    before.router.isolate('e')
    await answerers(before, 5_000, 1)
    before.router.restore('e')
    const after = setUp(weighted(), IDS, () => 0, JSON.parse(JSON.stringify(before.router.snapshot())))
    const target = new Target()
    target.expect(IDS, await answerers(after, 1_000, 1))
    expect(target.worst * 1_000).toBeLessThanOrEqual(3)
  })

  it('give a weight of 0 nothing while others can be asked, and everything when nobody else can', async () => {
    const set = setUp(weighted(), ['a', 'b'])
    set.pool.update('b', { weight: 0 })
    expect(new Set(await answerers(set, 100, 1))).toEqual(new Set(['a']))
    set.router.isolate('a')
    expect(new Set(await answerers(set, 10, 1))).toEqual(new Set(['b']))
    set.router.restore('a')
    expect(new Set(await answerers(set, 100, 1))).toEqual(new Set(['a']))
  })
})

describe('weighted random shares', () => {
  it('come within 1.5 % of the weights over 10,000 picks', async () => {
    const target = new Target()
    target.expect(IDS, await answerers(setUp(weightedRandom()), 10_000, 1))
    expect(target.worst).toBeLessThanOrEqual(0.015)
  })

  it('differ from one pick to the next', async () => {
    const answered = await answerers(setUp(weightedRandom(), ['b', 'c']), 1_000, 1)
    const repeats = answered.filter((id, i) => id === answered[i - 1]).length
    expect(repeats).toBeGreaterThan(420)
    expect(repeats).toBeLessThan(580)
  })
})

describe('round robin', () => {
  it('visits all equally, in turn, and answers come from another provider each time', async () => {
    const answered = await answerers(setUp(roundRobin()), 6_000, 1)
    expect(answered.slice(0, 6)).toEqual(IDS)
    expect(answered.every((id, i) => id === IDS[i % 6])).toBe(true)
  })

  it('visits all equally while members come and go', async () => {
    const set = setUp(roundRobin())
    const random = seeded(3)
    const inside = new Set(IDS)
    for (let round = 0; round < 300; round++) {
      const id = IDS[Math.floor(random() * 6)] ?? 'a'
      comeOrGo(set, inside, id)
      const turns = await answerers(set, inside.size * 3, 1)
      for (const one of inside) expect([2, 3, 4]).toContain(countOf(one, turns))
    }
  })
})

describe('priority', () => {
  it('asks a lower tier only when the one above is out, and shares inside a tier', async () => {
    const set = setUp(priority(), [])
    for (const [id, tier] of Object.entries({ a: 1, b: 1, c: 2, d: 2, e: 3 })) set.pool.add({ id, priority: tier })
    const first = await answerers(set, 100, 1)
    expect([countOf('a', first), countOf('b', first)]).toEqual([50, 50])
    set.router.isolate('a')
    set.router.isolate('b')
    const second = await answerers(set, 100, 1)
    expect([countOf('c', second), countOf('d', second)]).toEqual([50, 50])
    set.router.restore('b')
    expect(new Set(await answerers(set, 100, 1))).toEqual(new Set(['b']))
  })
})

const STRATEGIES: readonly (readonly [string, () => Strategy])[] = [
  ['priority', priority],
  ['weighted', weighted],
  ['weightedRandom', weightedRandom],
  ['roundRobin', roundRobin],
  ['leastUsed', leastUsed],
  ['fastest', fastest],
  ['score', score],
]

/** More than this among the next picks is a flood: twice the fair share of a pool of equals, and a small burst. */
const flood = (picks: number, members: number): number => (2 * picks) / members + 5

/** All weights equal, so that a fair share is the same under every strategy. */
async function warm(strategy: Strategy, members: readonly string[], latencyMs: (id: string) => number): Promise<SetUp> {
  const set = setUp(strategy, [], latencyMs)
  for (const id of members) set.pool.add({ id, weight: 1 })
  await answerers(set, 600, 100)
  return set
}

async function rateLimitedOnce({ limited, request, router, clock }: SetUp, id: string): Promise<void> {
  limited.add(id)
  for (let i = 0; i < 200 && router.status().providers.find((one) => one.id === id)?.cooldown === undefined; i++) {
    await Promise.all([request(), clock.advance(1_000)])
  }
  limited.delete(id)
}

describe.each(STRATEGIES)('under %s', (name, make) => {
  const others = ['a', 'b', 'c', 'd', 'e']
  const even = (): number => 100

  it('a newcomer is not flooded by the next requests, one by one or all at once', async () => {
    const spread = await warm(make(), others, even)
    spread.pool.add({ id: 'f', weight: 1 })
    expect(countOf('f', await answerers(spread, 60, 100))).toBeLessThanOrEqual(flood(60, 6))
    const burst = await warm(make(), others, even)
    burst.pool.add({ id: 'f', weight: 1 })
    expect(countOf('f', await atOnce(burst, 100))).toBeLessThanOrEqual(flood(100, 6))
  })

  it('one that returns from a cooldown of minutes is not flooded by the next requests, one by one or all at once', async () => {
    for (const mode of ['spread', 'burst'] as const) {
      const set = await warm(make(), [...others, 'f'], even)
      set.router.isolate('f')
      await answerers(set, 6_000, 100)
      set.router.restore('f')
      const after = mode === 'spread' ? await answerers(set, 60, 100) : await atOnce(set, 100)
      expect(countOf('f', after)).toBeLessThanOrEqual(flood(after.length, 6))
    }
  })

  it('one that returns from a 429 after a quiet time is not flooded by a burst', async () => {
    const set = await warm(make(), [...others, 'f'], even)
    await rateLimitedOnce(set, 'f')
    await set.clock.advance(600_000)
    expect(countOf('f', await atOnce(set, 100))).toBeLessThanOrEqual(flood(100, 6))
  })

  it('neither a newcomer nor one that returns is starved', async () => {
    const set = await warm(make(), others, even)
    set.pool.add({ id: 'f', weight: 1 })
    expect(countOf('f', await answerers(set, 300, 100))).toBeGreaterThanOrEqual(name === 'fastest' || name === 'score' ? 1 : 25)
    set.router.isolate('f')
    await answerers(set, 3_000, 100)
    set.router.restore('f')
    expect(countOf('f', await answerers(set, 300, 100))).toBeGreaterThanOrEqual(name === 'fastest' || name === 'score' ? 1 : 25)
  })

  it('the others are not starved by one that joins', async () => {
    const set = await warm(make(), others, even)
    set.pool.add({ id: 'f', weight: 1 })
    const after = await answerers(set, 300, 100)
    for (const id of others) expect(countOf(id, after)).toBeGreaterThanOrEqual(name === 'fastest' || name === 'score' ? 1 : 25)
  })
})

describe('fastest', () => {
  const latencies: Readonly<Record<string, number>> = { a: 400, b: 80, c: 150, d: 200, e: 300, f: 250 }

  it('sends most to the quickest and finds out when another one has become quicker', async () => {
    const now = { ...latencies }
    const set = setUp(fastest(), IDS, (id) => now[id] ?? 0)
    const before = await answerers(set, 600, 200)
    expect(countOf('b', before)).toBeGreaterThan(400)
    Object.assign(now, { b: 390, e: 40 })
    await answerers(set, 900, 200)
    expect(countOf('e', await answerers(set, 600, 200))).toBeGreaterThan(400)
  })

  it('spreads a burst over the pool instead of queueing it at the quickest', async () => {
    const set = setUp(fastest(), IDS, (id) => latencies[id] ?? 0)
    await answerers(set, 600, 200)
    const burst = await atOnce(set, 120)
    for (const id of IDS) expect(countOf(id, burst)).toBeGreaterThan(0)
    expect(countOf('b', burst)).toBeLessThan(80)
  })
})
