import { afterEach, describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../src/errors.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { HttpEndpoint, HttpRequest, Limit, Provider } from '../../src/provider/provider.js'
import { read } from '../../src/provider/read.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { endUpstreams, upstream } from '../support/upstreams.js'

afterEach(endUpstreams)

const chain = 'eip155:1'

const node = (host: string, endpoint: Partial<HttpEndpoint<'blockNumber'>>, limits: readonly Limit[] = []): Provider<'blockNumber'> =>
  defineProvider<'blockNumber'>(
    {
      id: 'node',
      name: 'Node',
      homepage: 'https://x.example',
      docs: 'https://x.example',
      hosts: [host],
      limits,
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

const two = (second: Partial<HttpRequest> = {}): Partial<HttpEndpoint<'blockNumber'>> => ({
  calls: 2,
  request: () => [{ path: 'tip' }, { path: 'more', ...second }],
  parse: (bodies) => {
    const [tip, more] = read.array(bodies, 'bodies')
    return { number: read.number(read.object(tip, 'tip').height, 'height') + (more === undefined ? 0 : read.number(read.object(more, 'more').plus, 'plus')) }
  },
})

const serving = (answers: Readonly<Record<string, [status: number, body: unknown]>>) =>
  upstream((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })

const failing = async (router: ProviderRouter<[Provider<'blockNumber'>]>): Promise<string | undefined> => {
  const error = await router.request('blockNumber', { chain }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return AllProvidersFailedError.is(error) ? error.failures[0]?.reason : undefined
}

describe('several requests of one question', () => {
  it('are sent at the same time, and read together', async () => {
    const { url, asked } = await serving({ '/tip': [200, { height: 7 }], '/more': [200, { plus: 3 }] })
    const router = new ProviderRouter({ providers: [node(url, two())], retries: 0 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 10 })
    expect([...asked].sort()).toEqual(['GET /more', 'GET /tip'])
  })

  it('fail together, unless the one that fails may be lacking', async () => {
    const { url } = await serving({ '/tip': [200, { height: 7 }], '/more': [500, {}] })
    expect(await failing(new ProviderRouter({ providers: [node(url, two())], retries: 0 }))).toBe('unavailable')
    const router = new ProviderRouter({ providers: [node(url, two({ optional: true }))], retries: 0 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 7 })
  })

  it('fail where all of them do, also where each may be lacking', async () => {
    const { url } = await serving({})
    const both: Partial<HttpEndpoint<'blockNumber'>> = {
      ...two(),
      request: () => [
        { path: 'a', optional: true },
        { path: 'b', optional: true },
      ],
    }
    expect(await failing(new ProviderRouter({ providers: [node(url, both)], retries: 0 }))).toBe('not-found')
  })

  it('each count against the limit', async () => {
    const { url, asked } = await serving({ '/tip': [200, { height: 7 }], '/more': [200, { plus: 3 }] })
    const limited = node(url, two(), [{ requests: 5, perMs: 3_600_000, scope: 'ip' }]) // 90 % of it: four
    const router = new ProviderRouter({ providers: [limited], cache: false, retries: 0, totalTimeoutMs: 500 })
    await router.request('blockNumber', { chain })
    await router.request('blockNumber', { chain })
    await expect(router.request('blockNumber', { chain })).rejects.toThrow('rate-limited')
    expect(asked).toHaveLength(4)
    expect(router.status().providers[0]?.quota[0]).toMatchObject({ used: 4, limit: 4 })
  })
})

describe('a conditional request', () => {
  const conditional: Partial<HttpEndpoint<'blockNumber'>> = { request: () => ({ path: 'tip', conditional: true }) }

  it('is sent with what the last answer said of its age, and gives that answer again where nothing is new', async () => {
    const sent: (string | undefined)[][] = []
    const { url } = await upstream(({ headers }, response) => {
      sent.push([headers['if-none-match'], headers['if-modified-since']])
      if (headers['if-none-match'] === '"v1"') response.writeHead(304, { etag: '"v1"' }).end()
      else response.writeHead(200, { 'content-type': 'application/json', etag: '"v1"', 'last-modified': 'Sun, 01 Nov 2026 12:00:00 GMT' }).end('{"height":7}')
    })
    const router = new ProviderRouter({ providers: [node(url, conditional)], cache: false, retries: 0 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 7 })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 7 })
    expect(sent).toEqual([
      [undefined, undefined],
      ['"v1"', 'Sun, 01 Nov 2026 12:00:00 GMT'],
    ])
  })

  it('is plain again after an answer that was not understood: nobody is kept at a broken one', async () => {
    const tags: (string | undefined)[] = []
    const { url } = await upstream(({ headers }, response) => {
      tags.push(headers['if-none-match'])
      response.writeHead(200, { 'content-type': 'application/json', etag: '"bad"' }).end('{"heigth":7}')
    })
    const router = new ProviderRouter({ providers: [node(url, conditional)], cache: false, retries: 0 })
    expect(await failing(router)).toBe('bad-response')
    expect(await failing(router)).toBe('bad-response')
    expect(tags).toEqual([undefined, undefined])
  })

  it('that is answered with 304 out of the blue fails', async () => {
    const { url } = await upstream((_, response) => void response.writeHead(304).end())
    expect(await failing(new ProviderRouter({ providers: [node(url, conditional)], cache: false, retries: 0 }))).toBe('bad-response')
  })
})

describe('an endpoint that asks the same router', () => {
  const derived = (asks: Parameters<typeof fakeProvider<'blockNumber'>>[1]) => fakeProvider<'blockNumber'>('derived', asks)

  it('gets data through its cache and its failover', async () => {
    const prices = fakeProvider('prices')
    const down = fakeProvider('down', { answers: { ticker: () => 'unavailable' } })
    const router = new ProviderRouter({
      providers: [
        down,
        prices,
        derived({ answers: { blockNumber: async (_, context) => ({ number: (await context.request('ticker', { symbol: 'BTC/USD' })).data.last }) } }),
      ],
      retries: 0,
      clock: fakeClock(Date.UTC(2026, 10, 1)),
    })
    expect((await router.request('blockNumber', { chain })).data).toEqual({ number: 100 })
    await router.request('blockNumber', { chain }, { maxAgeMs: 0 })
    expect(prices.asked).toHaveLength(1)
  })

  it('has no more time for it than it has itself', async () => {
    const hanging = fakeProvider('hanging', { answers: { ticker: () => new Promise<never>(() => {}) } })
    const router = new ProviderRouter({
      providers: [
        hanging,
        derived({ answers: { blockNumber: async (_, context) => ({ number: (await context.request('ticker', { symbol: 'BTC/USD' })).data.last }) } }),
      ],
      retries: 0,
      totalTimeoutMs: 200,
    })
    const startedAt = performance.now()
    await expect(router.request('blockNumber', { chain })).rejects.toThrow(AllProvidersFailedError)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})

describe('an address that gives the same whatever is asked', () => {
  /** Blocks by hash out of one list, which may be asked for once in a minute. */
  const lists = (host: string): Provider<'transaction'> =>
    defineProvider<'transaction'>(
      {
        id: 'list',
        name: 'List',
        homepage: 'https://x.example',
        docs: 'https://x.example',
        hosts: [host],
        limits: [{ requests: 1, perMs: 60_000, scope: 'ip' }],
        reuseMs: 60_000,
        endpoints: {
          transaction: {
            request: () => ({ path: 'all' }),
            parse: (body) => ({ chain, hash: 'all', from: read.string(read.object(body, 'all').names, 'names'), amount: '1', decimals: 18 }),
            narrow: (all, { hash }) => {
              if (hash === 'slip') throw new TypeError("an author's slip")
              return { ...all, hash, from: all.from.includes(hash) ? hash : 'nobody' }
            },
          },
        },
      },
      {},
    )
  const all = () => serving({ '/all': [200, { names: 'abc' }] })

  it('answers other questions from the same answer, also while it is under way', async () => {
    const { url, asked } = await all()
    const router = new ProviderRouter({ providers: [lists(url)], retries: 0, totalTimeoutMs: 1_000 })
    const results = await Promise.all(['a', 'b', 'x'].map((hash) => router.request('transaction', { chain, hash })))
    expect(results.map(({ data }) => data.from)).toEqual(['a', 'b', 'nobody'])
    expect((await router.request('transaction', { chain, hash: 'c' })).data).toMatchObject({ hash: 'c', from: 'c' })
    expect(asked).toEqual(['GET /all'])
    expect(router.status().providers[0]).toMatchObject({ requests: 1, successes: 1 })
  })

  it('fails for all who waited for it, and counts once', async () => {
    const { url, asked } = await serving({ '/all': [500, {}] })
    const router = new ProviderRouter({ providers: [lists(url)], retries: 0, totalTimeoutMs: 1_000 })
    const ended = await Promise.allSettled(['a', 'b'].map((hash) => router.request('transaction', { chain, hash })))
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
    expect(router.status().providers[0]).toMatchObject({ requests: 1, failures: 1 })
  })

  it('whose narrowing slips fails that question alone', async () => {
    const { url } = await all()
    const router = new ProviderRouter({ providers: [lists(url)], retries: 0, totalTimeoutMs: 1_000 })
    await expect(router.request('transaction', { chain, hash: 'slip' })).rejects.toThrow(AllProvidersFailedError)
    expect((await router.request('transaction', { chain, hash: 'a' })).data.from).toBe('a')
  })

  it('is not waited for by one who has gone', async () => {
    const { url } = await upstream(() => {})
    const router = new ProviderRouter({ providers: [lists(url)], retries: 0, totalTimeoutMs: 400 })
    const first = router.request('transaction', { chain, hash: 'a' }).catch(() => 'ended')
    const controller = new AbortController()
    const second = router.request('transaction', { chain, hash: 'b' }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    expect(await first).toBe('ended')
  })
})
