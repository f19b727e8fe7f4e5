import { afterEach, describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../src/errors.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { HttpEndpoint, Provider, ProviderFacts } from '../../src/provider/provider.js'
import { read } from '../../src/provider/read.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { endUpstreams, upstream } from '../support/upstreams.js'

afterEach(endUpstreams)

const chain = 'eip155:1'

const node = (host: string, endpoint: Partial<HttpEndpoint<'blockNumber'>>, facts: Partial<ProviderFacts> = {}): Provider<'blockNumber'> =>
  defineProvider<'blockNumber'>(
    {
      id: 'node',
      name: 'Node',
      homepage: 'https://x.example',
      docs: 'https://x.example',
      hosts: [host],
      ...facts,
      endpoints: {
        blockNumber: {
          request: () => ({ path: 'tip' }),
          parse: (body) => ({ number: read.number(read.object(body, 'tip').height, 'height') }),
          ...endpoint,
        },
      },
    },
    {},
  )

const two: Partial<HttpEndpoint<'blockNumber'>> = {
  calls: 2,
  request: () => [{ path: 'tip' }, { path: 'more' }],
  parse: () => ({ number: 1 }),
}

const reasonOf = async (asked: Promise<unknown>): Promise<string | undefined> => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return AllProvidersFailedError.is(error) ? error.failures[0]?.reason : String(error)
}

const tip = () => upstream((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"height":7}'))

describe('an answer whose reading takes time', () => {
  it('is read within the time of the attempt', async () => {
    const { url } = await tip()
    const router = new ProviderRouter({ providers: [node(url, { parse: () => new Promise<never>(() => {}) })], retries: 0, totalTimeoutMs: 300 })
    expect(await reasonOf(router.request('blockNumber', { chain }))).toBe('timeout')
  })

  it('is not waited for by one who has gone, nor by the work that was shared with it', async () => {
    const { url } = await tip()
    const router = new ProviderRouter({ providers: [node(url, { parse: () => new Promise<never>(() => {}) })], retries: 0 })
    const controller = new AbortController()
    const asked = router.request('blockNumber', { chain }, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 100)
    await expect(asked).rejects.toThrow('enough')
    await expect.poll(() => router.status()).toMatchObject({ inFlight: 0, providers: [{ inFlight: 0 }] })
  })

  it('may come as a promise of any realm', async () => {
    const { url } = await tip()
    // oxlint-disable-next-line unicorn/no-thenable
    const later = { then: (resolve: (data: { number: number }) => void) => setTimeout(resolve, 1, { number: 9 }) } as unknown as Promise<{ number: number }>
    const router = new ProviderRouter({ providers: [node(url, { parse: () => later })], retries: 0 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 9 })
  })
})

describe('requests that are sent together', () => {
  it('end with the first that fails and may not be lacking: nobody waits for the others', async () => {
    const { url } = await upstream(({ url: path }, response) => {
      if (path === '/tip') response.writeHead(429, { 'retry-after': '7' }).end('{}')
    })
    const router = new ProviderRouter({ providers: [node(url, two)], retries: 0, totalTimeoutMs: 5_000 })
    const startedAt = performance.now()
    expect(await reasonOf(router.request('blockNumber', { chain }))).toBe('rate-limited')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('are spaced as if they had been sent one after the other', async () => {
    const { url } = await tip()
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const router = new ProviderRouter({ providers: [node(url, two, { minSpacingMs: 1_000 })], cache: false, clock, retries: 0 })
    await router.request('blockNumber', { chain })
    expect((router.status().providers[0]?.nextAvailableAt ?? 0) - clock.now()).toBe(2_000)
  })

  it('find room where the limit has just room for them, in a longer window', async () => {
    const { url } = await tip()
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const limits = [{ requests: 2, perMs: 1_000, scope: 'ip' }] as const // 90 % of it: one
    const router = new ProviderRouter({ providers: [node(url, two, { limits })], cache: false, clock, retries: 0 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 1 })
    const waits = (router.status().providers[0]?.nextAvailableAt ?? 0) - clock.now()
    expect(waits).toBeGreaterThan(1_111)
    expect(waits).toBeLessThan(1_300)
  })

  it('that no limit has ever room for are said to have none', async () => {
    const { url, asked } = await tip()
    const limits = [{ requests: 1, perMs: 1_000, scope: 'ip' }] as const
    const router = new ProviderRouter({ providers: [node(url, two, { limits })], cache: false, retries: 0, totalTimeoutMs: 500 })
    await expect(router.request('blockNumber', { chain })).rejects.toThrow('node: over-limit')
    expect(asked).toEqual([])
    const { issues } = await router.diagnose()
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: 'warning', category: 'config', provider: 'node', title: expect.stringContaining('blockNumber takes 2 requests') }),
    )
  })

  it('are out of quota where the day has no room for all of them', async () => {
    const { url } = await tip()
    const limits = [{ requests: 4, perMs: 86_400_000, scope: 'ip' }] as const // 90 % of it: three
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const router = new ProviderRouter({ providers: [node(url, two, { limits })], cache: false, clock, retries: 0 })
    await router.request('blockNumber', { chain })
    expect(router.plan('blockNumber', { chain }).excluded).toMatchObject([{ provider: 'node', reason: 'quota-exhausted' }])
  })
})

describe('an answer that is asked for again conditionally', () => {
  it('is given again though many others came in between', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const { url } = await upstream(({ url: path = '', headers }, response) => {
      if (headers['if-none-match'] === '"/0"') void held.then(() => response.writeHead(304).end())
      else response.writeHead(200, { 'content-type': 'application/json', etag: `"${path}"` }).end(JSON.stringify({ height: Number(path.slice(1)) }))
    })
    const endpoint: Partial<HttpEndpoint<'blockNumber'>> = { request: ({ chain: of }) => ({ path: of.slice(7), conditional: true }) }
    const router = new ProviderRouter({ providers: [node(url, endpoint)], cache: false, retries: 0 })
    const ask = async (n: number) => (await router.request('blockNumber', { chain: `eip155:${n}` })).data.number
    expect(await ask(0)).toBe(0)
    const again = ask(0)
    for (let n = 1; n <= 25; n++) await ask(n)
    release()
    expect(await again).toBe(0)
  })

  it('is never another one than that of its own body', async () => {
    const { url } = await upstream((request, response) => {
      let text = ''
      request.on('data', (part) => (text += String(part)))
      request.on('end', () => {
        if (request.headers['if-none-match']) response.writeHead(304).end()
        else response.writeHead(200, { 'content-type': 'application/json', etag: '"same"' }).end(text)
      })
    })
    const endpoint: Partial<HttpEndpoint<'blockNumber'>> = {
      request: ({ chain: of }) => ({ path: '', method: 'POST', body: { height: Number(of.slice(7)) }, conditional: true }),
    }
    const router = new ProviderRouter({ providers: [node(url, endpoint)], cache: false, retries: 0 })
    expect((await router.request('blockNumber', { chain: 'eip155:1' })).data.number).toBe(1)
    expect((await router.request('blockNumber', { chain: 'eip155:2' })).data.number).toBe(2)
  })
})

describe('an endpoint that asks the same router, and does not look at what went wrong there', () => {
  const price = (last: number) => ({ symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last })
  const derived = fakeProvider<'blockNumber'>('derived', {
    answers: { blockNumber: async (_, context) => ({ number: (await context.request('ticker', { symbol: 'BTC/USD' })).data.last }) },
  })

  it.each([
    ['answers otherwise than documented', () => price(-1)],
    ['is down', () => 'unavailable' as const],
    ['is asked too often', () => 'rate-limited' as const],
  ])('is not to blame where the other one %s', async (_, ticker) => {
    const other = fakeProvider('other', { answers: { ticker } })
    const router: ProviderRouter = new ProviderRouter({ providers: [other, derived], cache: false, retries: 0, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    for (let i = 0; i < 6; i++) expect(await reasonOf(router.request('blockNumber', { chain }))).toBe('circuit-open')
    const status = router.status().providers.find(({ id }) => id === 'derived')
    expect(status).toMatchObject({ breaker: { state: 'closed' }, capabilityBreakers: {}, driftedAnswers: 0, consecutiveFailures: 0 })
    expect(status).not.toHaveProperty('cooldown')
  })

  it('is not to blame where the other one hangs', async () => {
    const hanging = fakeProvider('hanging', { answers: { ticker: () => new Promise<never>(() => {}) } })
    const router: ProviderRouter = new ProviderRouter({ providers: [hanging, derived], cache: false, retries: 0, totalTimeoutMs: 2_000 })
    expect(await reasonOf(router.request('blockNumber', { chain }))).toBe('circuit-open')
    expect(router.status().providers.find(({ id }) => id === 'derived')).toMatchObject({ consecutiveFailures: 0 })
    expect(router.status().providers.find(({ id }) => id === 'hanging')).toMatchObject({ consecutiveFailures: 1 })
  })

  it('is told in its own name what was wrong', async () => {
    const wrong = fakeProvider<'blockNumber'>('wrong', {
      answers: { blockNumber: async (_, context) => ({ number: (await context.request('ticker', { symbol: 'btc' })).data.last }) },
    })
    const router: ProviderRouter = new ProviderRouter({ providers: [wrong, fakeProvider('other')], cache: false, retries: 0 })
    expect(await reasonOf(router.request('blockNumber', { chain }))).toBe('bad-request')
  })
})
