// Slow on purpose, about 70 s: that limits hold by the runtime's own clock and timers, over sockets, shows only when a whole
// minute really passes and the next one begins. Everything else about limits is tested in virtual time (test/router/limits.test.ts).
import type { RequestListener } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Limit } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { StrictLimits } from '../support/strict-limits.js'
import { endUpstreams, json, shop, upstream } from '../support/upstreams.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const LOADED_MS = 65 * SECOND
const DEADLINE_MS = 4 * SECOND
const SPACING_MS = 3 * SECOND
/** What a machine under load may add. */
const NOISE_MS = 500
/** Between a call's leave to go and its `fetch`, while the process begins a hundred other requests. */
const BUSY_MS = 250

const HARD_LIMITS: readonly Limit[] = [
  { requests: 60, perMs: MINUTE, scope: 'ip' },
  { requests: 10, perMs: SECOND, scope: 'ip' },
]

/** Serves prices within its limits, and tells a 429 above them. */
const within =
  (limits: StrictLimits): RequestListener =>
  (_, response) => {
    const served = limits.arrive(performance.now())
    response.writeHead(served ? 200 : 429, { 'content-type': 'application/json' }).end(served ? '{"last":100}' : '{}')
  }

interface Settled {
  readonly waitedMs: number
  readonly answeredBy?: string
}

let question = 0

async function timed(router: ProviderRouter): Promise<Settled> {
  const startedAt = performance.now()
  const answeredBy = await (router as ProviderRouter<readonly [ReturnType<typeof shop>]>).request('ticker', { symbol: `A${question++}/USD` }).then(
    ({ provider }) => provider,
    () => undefined,
  )
  return { waitedMs: performance.now() - startedAt, ...(answeredBy !== undefined && { answeredBy }) }
}

/** 600 requests a minute in bursts, the first of them larger. */
async function load(router: ProviderRouter): Promise<Settled[]> {
  const settled = Array.from({ length: 60 }, () => timed(router))
  for (const until = performance.now() + LOADED_MS; performance.now() < until; await pause(500)) for (let n = 0; n < 5; n++) settled.push(timed(router))
  return Promise.all(settled)
}

const longest = (settled: readonly Settled[]): number => Math.max(...settled.map(({ waitedMs }) => waitedMs))

describe('for more than a real minute, under ten times the load', () => {
  afterEach(endUpstreams)

  it('no server is asked above its limits, their use is near them, and nobody waits beyond the deadline', { timeout: 120_000 }, async () => {
    const [alone, first, spaced] = [new StrictLimits(HARD_LIMITS), new StrictLimits(HARD_LIMITS), new StrictLimits(HARD_LIMITS)]
    const [aloneAt, firstAt, spacedAt, roomyAt] = await Promise.all([
      upstream(within(alone)),
      upstream(within(first)),
      upstream(within(spaced)),
      json(200, { last: 100 }),
    ])
    await new ProviderRouter({ providers: [shop('warm', roomyAt.url)] }).request('ticker', { symbol: 'BTC/USD' }) // loads the HTTP client
    const starts: number[] = []
    const noting: typeof fetch = (...asked) => (starts.push(performance.now()), fetch(...asked))
    const options = { cache: false, totalTimeoutMs: DEADLINE_MS } as const
    const limited = new ProviderRouter({ ...options, providers: [shop('alone', aloneAt.url, { limits: HARD_LIMITS })] })
    const spilling = new ProviderRouter({
      ...options,
      providers: [shop('first', firstAt.url, { limits: HARD_LIMITS }), shop('roomy', roomyAt.url, { priority: 2 })],
    })
    const spacing = new ProviderRouter({ ...options, fetch: noting, providers: [shop('spaced', spacedAt.url, {}, { minSpacingMs: SPACING_MS })] })

    const [one, two, three] = await Promise.all([load(limited), load(spilling), load(spacing)])

    expect(alone.violations).toBe(0)
    expect(alone.arrived).toBeGreaterThanOrEqual(0.85 * 60)
    // a call whose turn comes just before its caller's deadline may end unanswered
    expect(one.filter(({ answeredBy }) => answeredBy === 'alone').length).toBeGreaterThanOrEqual(0.9 * alone.arrived)
    expect(longest(one)).toBeLessThanOrEqual(DEADLINE_MS + NOISE_MS)

    expect(first.violations).toBe(0)
    expect(first.arrived).toBeGreaterThanOrEqual(0.85 * 60)
    expect(two.every(({ answeredBy }) => answeredBy !== undefined)).toBe(true)
    expect(longest(two)).toBeLessThanOrEqual(NOISE_MS)

    const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(SPACING_MS - BUSY_MS)
    expect(starts.length).toBeGreaterThanOrEqual(LOADED_MS / (SPACING_MS + NOISE_MS))
    expect(longest(three)).toBeLessThanOrEqual(DEADLINE_MS + NOISE_MS)
  })
})
