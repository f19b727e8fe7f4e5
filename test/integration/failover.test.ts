import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AllProvidersFailedError, ProviderError } from '../../src/errors.js'
import { coinbase } from '../../src/providers/coinbase.js'
import { kraken } from '../../src/providers/kraken.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import {
  blackHole,
  cutting,
  endUpstreams,
  html,
  json,
  refusing,
  resetting,
  shop,
  silent,
  stopping,
  truncated,
  type Upstream,
  upstream,
} from '../support/upstreams.js'

const BTC = { symbol: 'BTC/USD' }
const good = (): Promise<Upstream> => json(200, { last: 100, bid: 99, ask: 101 })
/** What a machine under load may add to 50 ms. */
const NOISE_MS = 250
const measured: string[] = []

async function within<T>(name: string, allowedMs: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  const ms = performance.now() - startedAt
  measured.push(`${name}: ${Math.round(ms)} ms of ${allowedMs} + 50`)
  expect(ms).toBeLessThan(allowedMs + NOISE_MS)
  return result
}

// the HTTP client is loaded with the first call
beforeAll(async () => {
  const { url } = await good()
  await new ProviderRouter({ providers: [shop('warm', url)] }).request('ticker', BTC)
})
afterEach(endUpstreams)
afterAll(() => console.info(measured.join('\n')))

const HOLES = [
  ['that takes no connection', blackHole],
  ['that sends no headers', async () => (await silent()).url],
  ['that stops in the middle of its body', async () => (await stopping()).url],
] as const

describe('a first provider that hangs', () => {
  it.each(HOLES)('%s is hedged: the second answers within the delay', async (name, hole) => {
    const second = await good()
    const router = new ProviderRouter({
      providers: [shop('first', await hole(), { priority: 1 }), shop('second', second.url, { priority: 2 })],
      hedge: { afterMs: 100 },
    })
    const result = await within(`hedge, ${name}`, 100, () => router.request('ticker', BTC))
    expect(result).toMatchObject({ provider: 'second', source: 'network' })
    expect(result.attempts).toHaveLength(2)
    expect(result.attempts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ provider: 'first', outcome: 'cancelled', reason: 'aborted' }),
        expect.objectContaining({ provider: 'second', outcome: 'succeeded', hedged: true }),
      ]),
    )
    expect(router.status().providers[0]).toMatchObject({ consecutiveFailures: 0, inFlight: 0, breaker: { state: 'closed' } })
  })

  it.each(HOLES)('%s is left when timeoutMs is over', async (name, hole) => {
    const second = await good()
    const router = new ProviderRouter({
      providers: [shop('first', await hole(), { priority: 1 }), shop('second', second.url, { priority: 2 })],
      timeoutMs: 300,
    })
    const result = await within(`timeoutMs, ${name}`, 300, () => router.request('ticker', BTC))
    expect(result.provider).toBe('second')
    expect(result.attempts).toMatchObject([
      { provider: 'first', outcome: 'failed', reason: 'timeout' },
      { provider: 'second', outcome: 'succeeded' },
    ])
    expect(router.status().providers[0]).toMatchObject({ consecutiveFailures: 1, inFlight: 0, breaker: { state: 'closed' } })
  })

  it('is left within 5 s by default, whichever way it hangs', { timeout: 15_000 }, async () => {
    const second = await good()
    const hosts = await Promise.all(HOLES.map(([, hole]) => hole()))
    const results = await within('defaults', 5_000, () =>
      Promise.all(
        hosts.map((host) =>
          new ProviderRouter({ providers: [shop('first', host, { priority: 1 }), shop('second', second.url, { priority: 2 })] }).request('ticker', BTC),
        ),
      ),
    )
    expect(results.map(({ provider, attempts }) => [provider, attempts[0]?.reason])).toEqual(HOLES.map(() => ['second', 'timeout']))
  })

  it('has its connection closed when it is left', async () => {
    const [quiet, half, second] = [await silent(), await stopping(), await good()]
    for (const first of [quiet, half]) {
      const router = new ProviderRouter({ providers: [shop('first', first.url, { priority: 1 }), shop('second', second.url, { priority: 2 })], timeoutMs: 150 })
      expect((await router.request('ticker', BTC)).provider).toBe('second')
      expect(first.asked).toHaveLength(1)
      await expect.poll(() => first.connections).toBe(0)
    }
  })

  it('opens its breaker at the fifth time-out, and costs nothing from then on', async () => {
    const [first, second] = [await silent(), await good()]
    const router = new ProviderRouter({
      providers: [shop('first', first.url, { priority: 1 }), shop('second', second.url, { priority: 2 })],
      timeoutMs: 60,
      cache: false,
    })
    for (let turn = 0; turn < 5; turn++) await router.request('ticker', BTC)
    expect(router.status().providers[0]?.breaker.state).toBe('open')
    const { attempts } = await within('breaker open', 0, () => router.request('ticker', BTC))
    expect(attempts).toMatchObject([
      { provider: 'first', outcome: 'skipped', reason: 'circuit-open' },
      { provider: 'second', outcome: 'succeeded' },
    ])
    expect(first.asked).toHaveLength(5)
  })
})

const answering = (make: () => Promise<Upstream>) => async () => (await make()).url

// name, first provider, reason, status, what twelve of them at once do to its breakers, whether it rests
const REFUSALS = [
  ['refuses connections', refusing, 'network', undefined, { breaker: 'open', ticker: undefined }, false],
  ['resets connections', answering(resetting), 'network', undefined, { breaker: 'open', ticker: undefined }, false],
  ['cuts its answers off', answering(cutting), 'network', undefined, { breaker: 'open', ticker: undefined }, false],
  ['answers 500', answering(() => json(500, { error: 'x' })), 'unavailable', 500, { breaker: 'open', ticker: undefined }, false],
  ['answers 503 with a page', answering(() => html(503, 'Maintenance')), 'unavailable', 503, { breaker: 'open', ticker: undefined }, false],
  ['answers 429', answering(() => json(429, {}, { 'retry-after': '7' })), 'rate-limited', 429, { breaker: 'closed', ticker: undefined }, true],
  ['answers 418', answering(() => json(418, {})), 'rate-limited', 418, { breaker: 'closed', ticker: undefined }, true],
  ['answers 451', answering(() => json(451, {})), 'geo-blocked', 451, { breaker: 'closed', ticker: undefined }, true],
  ['answers 401', answering(() => json(401, {})), 'unauthorized', 401, { breaker: 'closed', ticker: undefined }, true],
  ['answers 402', answering(() => json(402, {})), 'quota-exhausted', 402, { breaker: 'closed', ticker: undefined }, true],
  ['answers 400', answering(() => json(400, {})), 'bad-request', 400, { breaker: 'closed', ticker: undefined }, false],
  ['answers 404 in JSON', answering(() => json(404, {})), 'not-found', 404, { breaker: 'closed', ticker: undefined }, false],
  ['answers a page with 200', answering(() => html(200, 'Welcome')), 'bad-response', 200, { breaker: 'closed', ticker: 'open' }, false],
  ['answers JSON that ends too early', answering(truncated), 'bad-response', 200, { breaker: 'closed', ticker: 'open' }, false],
  ['answers {}', answering(() => json(200, {})), 'bad-response', undefined, { breaker: 'closed', ticker: 'open' }, false],
  ['answers a price of null', answering(() => json(200, { last: null })), 'bad-response', undefined, { breaker: 'closed', ticker: 'open' }, false],
] as const

describe('a first provider that fails', () => {
  it.each(REFUSALS)('and %s is followed by the next at once', async (name, first, reason, status, breakers, rests) => {
    const [host, second] = [await first(), await good()]
    const router = new ProviderRouter({ providers: [shop('first', host, { priority: 1 }), shop('second', second.url, { priority: 2 })] })
    const { provider, attempts, degraded } = await within(name, 0, () => router.request('ticker', BTC))
    expect([provider, degraded]).toEqual(['second', undefined])
    expect(attempts).toMatchObject([
      { provider: 'first', outcome: 'failed', reason, ...(status !== undefined && { status }) },
      { provider: 'second', outcome: 'succeeded' },
    ])
    const one = router.status().providers[0]
    expect([one?.breaker.state, one?.failures, one?.cooldown?.reason]).toEqual(['closed', 1, rests ? reason : undefined])

    // all of these are under way before the first of them fails
    const many = new ProviderRouter({ providers: [shop('first', host, { priority: 1 }), shop('second', second.url, { priority: 2 })] })
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => many.request('ticker', { symbol: `COIN${n}/USD` })))
    expect(results.filter((result) => result.provider === 'second' && result.attempts[0]?.reason === reason)).toHaveLength(12)
    const after = many.status().providers[0]
    expect([after?.breaker.state, after?.capabilityBreakers.ticker, after?.failures, after?.inFlight]).toEqual([breakers.breaker, breakers.ticker, 12, 0])
  })

  it('with drifted answers rests for that capability alone', async () => {
    const first = await upstream((request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(request.url?.startsWith('/ticker') ? '{}' : '{"bid":99,"ask":101}'),
    )
    const second = await good()
    const router = new ProviderRouter({ providers: [shop('first', first.url, { priority: 1 }), shop('second', second.url, { priority: 2 })], cache: false })
    for (let turn = 0; turn < 7; turn++) expect((await router.request('ticker', BTC)).provider).toBe('second')
    expect(first.asked.filter((line) => line.includes('/ticker'))).toHaveLength(5)
    expect((await router.request('orderBook', BTC)).provider).toBe('first')
  })
})

describe('the real adapters', () => {
  const KRAKEN_ROW = {
    a: ['101.0', '1', '1'],
    b: ['99.0', '1', '1'],
    c: ['100.0', '0.1'],
    v: ['1', '2'],
    p: ['100', '100'],
    t: [1, 2],
    l: ['98', '97'],
    h: ['102', '103'],
    o: '100',
  }
  const coinbaseUp = (): Promise<Upstream> =>
    json(200, { price: '100.5', bid: '100', ask: '101', volume: '12', time: '2026-11-01T12:00:00Z', trade_id: 1, size: '0.1' })

  it('are asked in their order', async () => {
    const [first, second] = [await json(200, { error: [], result: { XXBTZUSD: KRAKEN_ROW } }), await coinbaseUp()]
    const router = new ProviderRouter({ providers: [kraken({ hosts: [first.url], priority: 1 }), coinbase({ hosts: [second.url], priority: 2 })] })
    const { data, provider } = await router.request('ticker', BTC)
    expect([provider, data.last, data.quote]).toEqual(['kraken', 100, 'USD'])
    expect(second.asked).toEqual([])
  })

  it.each([
    ['hangs', async () => (await silent()).url, 'timeout', 300],
    ['takes no connection', blackHole, 'timeout', 300],
    ['refuses', refusing, 'network', 0],
    ['answers 500', answering(() => json(500, {})), 'unavailable', 0],
    ['answers 429', answering(() => json(429, {})), 'rate-limited', 0],
    ['answers 451', answering(() => json(451, {})), 'geo-blocked', 0],
    ['answers a page with 200', answering(() => html(200, 'Welcome')), 'bad-response', 0],
    ['answers truncated JSON', answering(truncated), 'bad-response', 0],
    ['answers {}', answering(() => json(200, {})), 'bad-response', 0],
    ['tells of a limit inside a 200', answering(() => json(200, { error: ['EAPI:Rate limit exceeded'] })), 'rate-limited', 0],
    ['tells of maintenance inside a 200', answering(() => json(200, { error: ['EService:Unavailable'] })), 'unavailable', 0],
  ] as const)('when Kraken %s, Coinbase answers', async (name, first, reason, allowedMs) => {
    const [host, second] = [await first(), await coinbaseUp()]
    const router = new ProviderRouter({ providers: [kraken({ hosts: [host], priority: 1 }), coinbase({ hosts: [second.url], priority: 2 })], timeoutMs: 300 })
    const { data, provider, attempts } = await within(`Kraken ${name}`, allowedMs, () => router.request('ticker', BTC))
    expect([provider, data.last, attempts.map((attempt) => attempt.reason)]).toEqual(['coinbase', 100.5, [reason, undefined]])
    expect(second.asked).toEqual(['GET /products/BTC-USD/ticker'])
  })
})

describe('when everybody fails', () => {
  it('the error has a line for each attempt and the last failure of each provider', async () => {
    const hosts = [(await json(500, {})).url, (await html(200, 'Welcome')).url, await refusing()] as const
    const router = new ProviderRouter({
      providers: [shop('a', hosts[0], { priority: 1 }), shop('b', hosts[1], { priority: 2 }), shop('c', hosts[2], { priority: 3 })],
      retries: 0,
    })
    const error: unknown = await router.request('ticker', BTC).catch((reason: unknown) => reason)
    if (!AllProvidersFailedError.is(error)) throw new Error('an AllProvidersFailedError was expected')
    expect(error.attempts.map(({ provider, reason }) => [provider, reason])).toEqual([
      ['a', 'unavailable'],
      ['b', 'bad-response'],
      ['c', 'network'],
    ])
    expect(error.failures.map((failure) => [failure.provider, ProviderError.is(failure)])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ])
    const [, ...lines] = error.message.split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}a: failed \(unavailable, HTTP 500\) after \d+ ms$/),
      expect.stringMatching(/^ {2}b: failed \(bad-response, HTTP 200\) after \d+ ms$/),
      expect.stringMatching(/^ {2}c: failed \(network\) after \d+ ms$/),
    ])
  })

  it('the last-resort provider is called last, and its answer is marked', async () => {
    const order: string[] = []
    const logged = (id: string, status: number): Promise<Upstream> =>
      upstream((_, response) => {
        order.push(id)
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"last":100}')
      })
    const regular = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (id, n) => shop(id, (await logged(id, n % 2 ? 429 : 500)).url, { priority: n + 2 })))
    const last = shop('last', (await logged('last', 200)).url, { priority: 1, role: 'last-resort' })
    const router = new ProviderRouter({ providers: [last, ...regular] })
    expect(await router.request('ticker', BTC)).toMatchObject({ provider: 'last', degraded: true, source: 'network' })
    expect(order).toEqual(['a', 'b', 'c', 'last'])
  })

  it('time is kept for the last-resort provider when the others hang', async () => {
    const [a, b, last] = [await silent(), await silent(), await good()]
    const router = new ProviderRouter({
      providers: [shop('a', a.url), shop('b', b.url), shop('last', last.url, { role: 'last-resort' })],
      totalTimeoutMs: 2_000,
    })
    const result = await within('last resort', 2_000, () => router.request('ticker', BTC))
    expect([result.provider, result.degraded, result.attempts.map(({ reason }) => reason)]).toEqual(['last', true, ['timeout', 'timeout', undefined]])
  })

  it('an expired answer is served with the reason', async () => {
    let status = 200
    const one = await upstream((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end('{"last":100}'))
    const router = new ProviderRouter({ providers: [shop('one', one.url)], cache: { ttlMs: 20 } })
    const first = await router.request('ticker', BTC)
    status = 429
    await pause(40)
    const second = await router.request('ticker', BTC)
    const third = await router.request('ticker', BTC)
    for (const stale of [second, third]) {
      expect(stale).toMatchObject({
        data: first.data,
        provider: 'one',
        source: 'stale',
        staleReason: 'rate-limited',
        degraded: true,
        fetchedAt: first.fetchedAt,
      })
    }
    expect(second.attempts).toMatchObject([{ provider: 'one', outcome: 'failed', reason: 'rate-limited', status: 429 }])
    expect(second.ageMs).toBeGreaterThanOrEqual(40)
    expect(one.asked).toHaveLength(2)
  })
})

describe('a caller who leaves', () => {
  const leave = async (ms: number, controller: AbortController, reason: Error): Promise<void> => {
    await pause(ms)
    controller.abort(reason)
  }

  it("gets the signal's own reason at once, and the connection is closed", async () => {
    const [first, second] = [await silent(), await good()]
    const router = new ProviderRouter({ providers: [shop('first', first.url, { priority: 1 }), shop('second', second.url, { priority: 2 })] })
    const controller = new AbortController()
    const reason = new Error('the page was left')
    void leave(100, controller, reason)
    const error: unknown = await within('abort', 100, () => router.request('ticker', BTC, { signal: controller.signal }).catch((thrown: unknown) => thrown))
    expect(error).toBe(reason)
    await expect.poll(() => first.connections).toBe(0)
    expect(second.asked).toEqual([])
    expect(router.status().providers[0]).toMatchObject({ consecutiveFailures: 0, failures: 0, inFlight: 0 })
    expect(router.status().inFlight).toBe(0)
  })

  it('gets the reason of AbortSignal.timeout() too, also when a hedge is under way', async () => {
    const [first, second] = [await silent(), await stopping()]
    const router = new ProviderRouter({
      providers: [shop('first', first.url, { priority: 1 }), shop('second', second.url, { priority: 2 })],
      hedge: { afterMs: 20 },
    })
    const signal = AbortSignal.timeout(150)
    const error: unknown = await router.request('ticker', BTC, { signal }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DOMException)
    expect(error).toBe(signal.reason)
    expect(second.asked).toHaveLength(1)
    await expect.poll(() => first.connections + second.connections).toBe(0)
  })

  it('takes nobody along: the shared attempt goes on for who still waits', async () => {
    const [answer, one] = [new AbortController(), await good()]
    const slow = await upstream((_, response) => {
      answer.signal.addEventListener('abort', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"last":100}'))
    })
    const router = new ProviderRouter({ providers: [shop('slow', slow.url, { priority: 1 }), shop('one', one.url, { priority: 2 })] })
    const controllers = [new AbortController(), new AbortController()]
    const [leader, follower] = controllers.map(({ signal }) => router.request('ticker', BTC, { signal }))
    const reason = new Error('left')
    await expect.poll(() => slow.asked.length).toBe(1)
    controllers[0]?.abort(reason)
    await expect(leader).rejects.toBe(reason)
    expect(slow.connections).toBe(1)
    answer.abort()
    expect(await follower).toMatchObject({ provider: 'slow', source: 'shared' })
    expect([slow.asked.length, one.asked.length]).toEqual([1, 0])
  })

  it('ends the shared attempt when it is the last one', async () => {
    const first = await silent()
    const router = new ProviderRouter({ providers: [shop('first', first.url)] })
    const controllers = Array.from({ length: 3 }, () => new AbortController())
    const settled = Promise.allSettled(controllers.map(({ signal }) => router.request('ticker', BTC, { signal })))
    await expect.poll(() => first.connections).toBe(1)
    for (const [n, controller] of controllers.entries()) {
      expect(first.connections).toBe(1)
      controller.abort(n)
    }
    expect((await settled).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([0, 1, 2])
    await expect.poll(() => first.connections).toBe(0)
    expect(first.asked).toHaveLength(1)
  })
})
