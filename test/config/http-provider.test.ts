import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import { BadResponseError, ProviderError } from '../../src/errors.js'
import { httpProvider } from '../../src/config/http-provider.js'
import type { HttpDefinition } from '../../src/config/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { Capability, DataOf, ParamsOf } from '../../src/model/capabilities.js'
import type { HttpEndpoint } from '../../src/provider/provider.js'
import { mutated, seeded } from '../../src/testing/mutations.js'
import { faultOf } from '../../src/testing/sound.js'
import type { RequestOptions } from '../../src/router/options.js'

const NOW = Date.UTC(2026, 10, 20, 12)
const clock = { now: () => NOW }

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

type Endpoints = HttpDefinition['endpoints']
const acme = (endpoints: Endpoints, more: Partial<HttpDefinition> = {}): HttpDefinition => ({
  id: 'acme',
  name: 'Acme',
  baseUrl: 'https://api.acme.test/v1',
  endpoints,
  ...more,
})

interface Asked {
  readonly url: string
  readonly method: string
  readonly body: string
  readonly headers: Headers
}

/** Asks a described source through a router of its own; `answer` is all that the source ever says. */
async function ask<C extends Capability>(
  definition: HttpDefinition,
  capability: C,
  params: ParamsOf<C>,
  answer: unknown,
  apiKey?: string,
  options: RequestOptions = {},
) {
  const asked: Asked[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push({ url: request.url, method: request.method, body: await request.clone().text(), headers: request.headers })
    return answer instanceof Response ? answer.clone() : json(answer)
  }
  const provider = await httpProvider(definition, { apiKey })
  const router = new ProviderRouter({ providers: [provider], fetch, clock, retries: 0 })
  const result = (await router.request(capability as never, params as never, options)) as { data: DataOf<C> }
  expect(faultOf(capability, result.data)).toBeUndefined()
  return { data: result.data, asked }
}

const ticker: Endpoints = {
  ticker: {
    path: 'price/{base:lower}-{quote}',
    query: { at: '{now:s}' },
    map: { last: 'data.last' },
  },
}

describe('a described source', () => {
  it('is asked by its templates, and its fields are read where the description says', async () => {
    const endpoint = {
      path: 'price/{base:lower}-{quote}',
      query: { at: '{now:s}', full: true },
      headers: { 'x-market': '{symbol}' },
      map: {
        last: 'data.price',
        bid: 'data.book[0]',
        volume24h: 'data.volume',
        change24hPercent: { path: 'data.change', scale: 100 },
        asOf: { path: 'data.time', as: 's' as const },
      },
    }
    const answer = { data: { price: '64000.5', book: ['64000', '64001'], volume: 12, change: 0.015, time: NOW / 1_000 - 5 } }
    const { data, asked } = await ask(acme({ ticker: endpoint }), 'ticker', { symbol: 'BTC/USD' }, answer)
    expect(data).toEqual({ symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 64_000.5, bid: 64_000, volume24h: 12, change24hPercent: 1.5, asOf: NOW - 5_000 })
    expect(asked[0]?.url).toBe(`https://api.acme.test/v1/price/btc-USD?at=${NOW / 1_000}&full=true`)
    expect(asked[0]?.headers.get('x-market')).toBe('BTC/USD')
  })

  it('sends a body with numbers as numbers, and leaves out what was not asked', async () => {
    const endpoint = {
      path: 'q',
      method: 'POST' as const,
      body: { limit: '{limit}', since: '{since}', pair: ['{base}', '{quote}'] },
      intervals: { '1h': 60 },
      map: { openTime: { path: '[0]', as: 'ms' as const }, open: '[1]', high: '[2]', low: '[3]', close: '[4]' },
    }
    const rows = [
      [NOW - 3_600_000, 5, 6, 4, 5],
      [NOW, 5, 7, 4, 6],
    ]
    const { data, asked } = await ask(acme({ candles: endpoint }), 'candles', { symbol: 'BTC/USD', interval: '1h', limit: 2 }, rows)
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ limit: 2, pair: ['BTC', 'USD'] })
    expect(data).toEqual([
      { openTime: NOW - 3_600_000, open: 5, high: 6, low: 4, close: 5, closed: true },
      { openTime: NOW, open: 5, high: 7, low: 4, close: 6, closed: false },
    ])
  })

  it('puts the key where it is said, and only there', async () => {
    const definition = acme({ ticker: { path: 'p/{base}', map: { last: 'p' } } }, { key: { in: 'header', name: 'x-key' } })
    const { asked } = await ask(definition, 'ticker', { symbol: 'BTC/USD' }, { p: 1 }, 'made-up-key')
    expect(asked[0]?.headers.get('x-key')).toBe('made-up-key')
    expect(asked[0]?.url).not.toContain('made-up-key')
    const inPath = acme({ ticker: { path: '{key}/p/{base}', map: { last: 'p' } } }, { key: { in: 'path', name: 'key' } })
    const { asked: other } = await ask(inPath, 'ticker', { symbol: 'BTC/USD' }, { p: 1 }, 'made-up-key')
    expect(other[0]?.url).toBe('https://api.acme.test/v1/made-up-key/p/BTC')
  })

  it('finds the asked market among several, and the asked ones of a batch', async () => {
    const rows = {
      items: [
        { m: 'ETHUSD', p: 3_000 },
        { m: 'BTCUSD', p: 64_000 },
        { m: 'XXXUSD', p: null },
      ],
    }
    const endpoint = { path: 'all', list: 'items', market: '{base}{quote}', map: { market: 'm', last: 'p' } }
    const { data } = await ask(acme({ ticker: endpoint }), 'ticker', { symbol: 'BTC/USD' }, rows)
    expect(data).toMatchObject({ symbol: 'BTC/USD', last: 64_000 })
    const batch = { ...endpoint, query: { of: '{markets}' } }
    const { data: both, asked } = await ask(acme({ tickers: batch }), 'tickers', { symbols: ['BTC/USD', 'ETH/USD'] }, rows)
    expect(both.map(({ symbol, last }) => [symbol, last])).toEqual([
      ['BTC/USD', 64_000],
      ['ETH/USD', 3_000],
    ])
    expect(asked[0]?.url).toContain('of=BTCUSD%2CETHUSD')
  })

  it('never lets what is filled in leave its place in the address', async () => {
    const definition = acme(
      { networkMetrics: { path: 'c/{asset}/{id}', map: { at: { path: 't', as: 'ms' }, hashRate: 'h' } } },
      { assets: { 'a/../b?x=1#y': '%2e/..' } },
    )
    const { asked } = await ask(definition, 'networkMetrics', { asset: 'a/../b?x=1#y' }, { t: NOW, h: 2 })
    expect(asked[0]?.url).toBe('https://api.acme.test/v1/c/a%2F..%2Fb%3Fx%3D1%23y/%252e%2F..')
    const { endpoints } = await httpProvider(definition)
    const request = (asset: string): unknown => (endpoints.networkMetrics as HttpEndpoint<'networkMetrics'>).request({ asset }, { native: {}, now: NOW })
    expect(() => request('..')).toThrow('has no asset of this name')
    expect(() => request('')).toThrow('has no asset of this name')
  })

  it('is passed over for intervals, quotes and chains that it does not have', async () => {
    const provider = await httpProvider(
      acme({
        candles: { path: 'c', intervals: { '1h': '60' }, map: { openTime: { path: 't', as: 's' }, open: 'o', high: 'h', low: 'l', close: 'c' } },
        ticker: { path: 't', quotes: ['EUR'], map: { last: 'p' } },
        gasPrice: { path: 'gas/{chain}', chains: { 'eip155:1': 'eth' }, map: { standard: 's' } },
      }),
    )
    const router = new ProviderRouter({ providers: [provider] })
    const who = (capability: string, params: object): number => router.plan(capability as never, params as never).candidates.length
    expect([who('candles', { symbol: 'BTC/USD', interval: '1h' }), who('candles', { symbol: 'BTC/USD', interval: '1d' })]).toEqual([1, 0])
    expect([who('ticker', { symbol: 'BTC/EUR' }), who('ticker', { symbol: 'BTC/USD' })]).toEqual([1, 0])
    expect([who('gasPrice', { chain: 'eip155:1' }), who('gasPrice', { chain: 'eip155:56' })]).toEqual([1, 0])
  })

  it('tells errors in its own words', async () => {
    const definition = acme(
      { ticker: { path: 't', map: { last: 'p' }, errors: [{ when: "code == 'NO_MARKET'", reason: 'not-found' }] } },
      { errors: [{ when: 'code', reason: 'rate-limited', message: 'text' }] },
    )
    await expect(ask(definition, 'ticker', { symbol: 'BTC/USD' }, { code: 'NO_MARKET' })).rejects.toMatchObject({ failures: [{ reason: 'not-found' }] })
    await expect(ask(definition, 'ticker', { symbol: 'BTC/USD' }, { code: 7, text: 'slow down' })).rejects.toMatchObject({
      failures: [{ reason: 'rate-limited', message: expect.stringContaining('slow down') }],
    })
  })

  it('takes neither a code of 0 nor an empty error for one', async () => {
    const definition = acme(
      { ticker: { path: 't', map: { last: 'p' } } },
      {
        errors: [
          { when: 'code', reason: 'rate-limited' },
          { when: 'error', reason: 'unavailable' },
        ],
      },
    )
    expect((await ask(definition, 'ticker', { symbol: 'BTC/USD' }, { code: 0, error: {}, p: 5 })).data.last).toBe(5)
  })

  it('refuses candles that do not begin where those of others do: dated by their end, say', async () => {
    const endpoint = {
      path: 'c',
      intervals: { '1h': 60 },
      map: { openTime: { path: '[0]', as: 'ms' as const }, open: '[1]', high: '[1]', low: '[1]', close: '[1]' },
    }
    const question = { symbol: 'BTC/USD', interval: '1h' } as const
    await expect(ask(acme({ candles: endpoint }), 'candles', question, [[NOW - 1, 5]])).rejects.toMatchObject({ failures: [{ reason: 'bad-request' }] })
    const { data } = await ask(acme({ candles: endpoint }), 'candles', question, [
      [NOW, 6],
      [NOW - 3_600_000, 5],
    ])
    expect(data.map(({ close, closed }) => [close, closed])).toEqual([
      [5, true],
      [6, false],
    ])
  })

  it('gives chains the ids that they have here, and knows the asked one by them', async () => {
    const endpoint = { path: 'c', chains: { 'eip155:1': 'Ethereum', 'eip155:56': 'BSC', 'eip155:10': 'Optimism' }, map: { chain: 'c', name: 'c', tvlUsd: 't' } }
    const rows = [
      { c: 'Ethereum', t: 2 },
      { c: 'BSC', t: 1 },
    ]
    const definition = acme({ chainTvl: endpoint })
    expect((await ask(definition, 'chainTvl', { chain: 'eip155:56' }, rows)).data).toEqual([{ chain: 'eip155:56', name: 'BSC', tvlUsd: 1 }])
    expect((await ask(definition, 'chainTvl', {}, rows)).data.map(({ chain }) => chain)).toEqual(['eip155:1', 'eip155:56'])
    await expect(ask(definition, 'chainTvl', { chain: 'eip155:10' }, rows)).rejects.toMatchObject({ failures: [{ reason: 'not-found' }] })
  })

  it('loses nothing else for one field or row that cannot be', async () => {
    const news = { path: 'n', map: { title: 'h', url: 'u', publishedAt: { path: 't', as: 'ms' as const }, imageUrl: 'i' } }
    const { data: items } = await ask(acme({ news }), 'news', {}, [{ h: 'Up', u: 'https://a.test/1', t: NOW, i: '/images/1.png' }])
    expect(items).toMatchObject([{ title: 'Up', url: 'https://a.test/1' }])
    const globalMarket = { path: 'g', map: { marketCapUsd: 'm', volume24hUsd: 'v', dominancePercent: 'd' } }
    const { data: market } = await ask(acme({ globalMarket }), 'globalMarket', {}, { m: 3, v: 1, d: { btc: 55, eth: null } })
    expect(market.dominancePercent).toEqual({ BTC: 55 })
    const fearGreed = { path: 'f', map: { value: 'v', label: 'l', at: { path: 't', as: 'ms' as const } } }
    const { data: moods } = await ask(acme({ fearGreed }), 'fearGreed', { limit: 2 }, [
      { v: 101, l: 'Odd', t: NOW },
      { v: 40, l: 'Fear', t: NOW - 1 },
    ])
    expect(moods).toEqual([{ value: 40, label: 'Fear', at: NOW - 1 }])
  })

  it('is a bad response where the expression for the rows finds another kind of thing, or more rows than anybody reads', async () => {
    const { endpoints } = await httpProvider(
      acme({ trades: { path: 't', list: 'values(data)', map: { price: 'p', amount: 'q', at: { path: 't', as: 'ms' } } } }),
    )
    const trades = endpoints.trades as HttpEndpoint<'trades'>
    const understood = (data: unknown) => () => trades.parse({ data }, { symbol: 'BTC/USD' }, { native: {}, now: NOW, headers: new Headers() })
    expect(understood([1])).toThrow(BadResponseError)
    expect(understood(Array.from({ length: 50_001 }, () => ({})))).toThrow(BadResponseError)
    expect(understood(Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`k${i}`, 1])))).toThrow('at most 50000 rows')
  })

  it.each([
    ['a missing price', {}],
    ['a price of 0', { data: { last: 0 } }],
    ['a text for a price', { data: { last: 'much' } }],
    ['a list', []],
    ['null', null],
    ['a function by name', { data: { last: { toString: 1 } } }],
  ])('is a bad response with %s', async (_, answer) => {
    await expect(ask(acme(ticker), 'ticker', { symbol: 'BTC/USD' }, answer)).rejects.toMatchObject({ failures: [{ reason: 'bad-response' }] })
  })
})

const time = { path: 't', as: 'iso' } as const
const T = new Date(NOW).toISOString()

/** Each capability with a description, a question, an answer and what it comes to. */
const CASES: readonly (readonly [Capability, Endpoints[keyof Endpoints], unknown, unknown, unknown])[] = [
  [
    'fearGreed',
    { path: 'f', list: 'd', map: { value: 'v', label: 'l', at: time } },
    { limit: 1 },
    { d: [{ v: '40', l: 'Fear', t: T }] },
    [{ value: 40, label: 'Fear', at: NOW }],
  ],
  [
    'news',
    { path: 'n', list: 'items', map: { title: 'h', url: 'u', publishedAt: time, summary: 's' } },
    {},
    {
      items: [
        { h: '<b>Up</b> &amp; away', u: 'https://a.test/x?utm_source=y', t: T, s: '<script>x</script>text' },
        { h: 'Bad', u: 'javascript:alert(1)', t: T },
      ],
    },
    [{ id: 'https://a.test/x', title: 'Up & away', url: 'https://a.test/x', publisher: 'a.test', publishedAt: NOW, summary: 'text' }],
  ],
  [
    'posts',
    { path: 'p', map: { id: 'i', title: 'h', url: 'u', at: time } },
    {},
    [{ i: 1, h: 'Hi', u: 'https://a.test/1', t: T }],
    [{ id: '1', title: 'Hi', url: 'https://a.test/1', at: NOW }],
  ],
  [
    'gasPrice',
    { path: 'g', chains: { 'eip155:1': 'eth' }, map: { standard: 'g', baseFee: 'b', slow: 's', fast: 'f' } },
    { chain: 'eip155:1' },
    { g: 1.5, b: '1', s: 1, f: 2 },
    { chain: 'eip155:1', standard: 1.5, baseFee: 1, slow: 1, fast: 2 },
  ],
  [
    'balance',
    { path: 'b/{address}', map: { amount: 'r', decimals: '`18`', symbol: "'eth'" } },
    { account: 'eip155:1:0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae' },
    { r: '0xde0b6b3a7640000' },
    { account: 'eip155:1:0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae', amount: '1000000000000000000', decimals: 18, symbol: 'ETH' },
  ],
  ['blockNumber', { path: 'b', map: { number: 'result' } }, { chain: 'eip155:1' }, { result: '0x10' }, { number: 16 }],
  [
    'transaction',
    { path: 't/{hash}', map: { from: 'f', amount: 'v', decimals: '`18`', status: 's' } },
    { chain: 'eip155:1', hash: '0xab' },
    { f: '0x1', v: '5', s: 'odd' },
    { chain: 'eip155:1', hash: '0xab', from: '0x1', amount: '5', decimals: 18 },
  ],
  ['networkMetrics', { path: 'm', map: { at: time, hashRate: 'h' } }, { asset: 'BTC' }, { t: T, h: 5e20 }, { asset: 'BTC', at: NOW, hashRate: 5e20 }],
  ['social', { path: 's/{asset}', map: { followers: 'f' } }, { asset: 'BTC' }, { f: 7 }, { asset: 'BTC', followers: 7 }],
  [
    'assets',
    { path: 'a', map: { id: 'i', symbol: 's', name: 'n' } },
    { limit: 1 },
    [
      { i: 'bitcoin', s: 'btc', n: null },
      { i: 'x', s: 'y' },
    ],
    [{ id: 'bitcoin', symbol: 'BTC' }],
  ],
  [
    'exchanges',
    { path: 'e', map: { id: 'i', name: 'n', url: 'u' } },
    {},
    [{ i: 'x', n: 'X', u: 'https://x.test' }],
    [{ id: 'x', name: 'X', url: 'https://x.test/' }],
  ],
  ['trending', { path: 't', map: { id: 'i', symbol: 's', name: 'n' } }, {}, [{ i: 'x', s: 'x', n: 'X' }], [{ id: 'x', symbol: 'X', name: 'X' }]],
  [
    'movers',
    { path: 'm', map: { id: 'i', symbol: 's', priceUsd: 'p', change24hPercent: 'c' } },
    { direction: 'losers' },
    [
      { i: 'a', s: 'a', p: 1, c: 5 },
      { i: 'b', s: 'b', p: 1, c: -5 },
    ],
    [{ id: 'b', symbol: 'B', priceUsd: 1, change24hPercent: -5 }],
  ],
  [
    'globalMarket',
    { path: 'g', map: { marketCapUsd: 'm', volume24hUsd: 'v', dominancePercent: 'd' } },
    {},
    { m: 3e12, v: 1e11, d: { btc: 55.5 } },
    { marketCapUsd: 3e12, volume24hUsd: 1e11, dominancePercent: { BTC: 55.5 } },
  ],
  [
    'defiProtocols',
    { path: 'd', map: { id: 'i', name: 'n', tvlUsd: 't', chains: 'c' } },
    {},
    [{ i: 1, n: 'A', t: 5, c: ['Ethereum'] }],
    [{ id: '1', name: 'A', tvlUsd: 5, chains: ['Ethereum'] }],
  ],
  [
    'chainTvl',
    { path: 'c', map: { chain: 'c', name: 'n', tvlUsd: 't' } },
    { chain: 'x' },
    [
      { c: 'x', n: 'X', t: 1 },
      { c: 'y', n: 'Y', t: 1 },
    ],
    [{ chain: 'x', name: 'X', tvlUsd: 1 }],
  ],
  [
    'yields',
    { path: 'y', map: { id: 'i', project: 'p', chain: 'c', symbol: 's', tvlUsd: 't', apyPercent: 'a', stablecoin: 'b' } },
    {},
    [{ i: '1', p: 'aave', c: 'eip155:1', s: 'USDC', t: 5, a: 3.5, b: true }],
    [{ id: '1', project: 'aave', chain: 'eip155:1', symbol: 'USDC', tvlUsd: 5, apyPercent: 3.5, stablecoin: true }],
  ],
  ['volume', { path: 'v', map: { volume24h: 'v' } }, { symbol: 'BTC/USD' }, { v: 5 }, { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', volume24h: 5 }],
  [
    'orderBook',
    { path: 'o', map: { bids: 'b', asks: 'a[*].[p, q]' } },
    { symbol: 'BTC/USD', depth: 1 },
    {
      b: [
        ['5', '1'],
        ['4', '1'],
      ],
      a: [{ p: 6, q: 2 }],
    },
    { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', bids: [[5, 1]], asks: [[6, 2]] },
  ],
  [
    'trades',
    { path: 't', map: { price: 'p', amount: 'q', side: 's', at: time } },
    { symbol: 'BTC/USD' },
    [{ p: 5, q: 1, s: 'BUY', t: T }],
    [{ price: 5, amount: 1, side: 'buy', at: NOW }],
  ],
]

describe('each capability', () => {
  it.each(CASES)('%s', async (capability, endpoint, params, answer, data) => {
    const result = await ask(acme({ [capability]: endpoint }), capability, params as never, answer)
    expect(result.data).toEqual(data)
  })
})

describe('whatever a source answers', () => {
  it.each(CASES)('%s keeps to the model, or is a failure with its reason', async (capability, endpoint, params, answer) => {
    const { endpoints } = await httpProvider(acme({ [capability]: endpoint }))
    const served = endpoints[capability] as HttpEndpoint<Capability>
    const draw = seeded(7)
    const context = { native: {}, now: NOW, headers: new Headers() }
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const body = mutated(answer, draw)
        try {
          return faultOf(capability, await served.parse(body, params as never, context)) ?? 'sound'
        } catch (error) {
          return ProviderError.is(error) ? 'refused' : error
        }
      }),
    )
    expect(outcomes.filter((outcome) => outcome !== 'sound' && outcome !== 'refused')).toEqual([])
    expect(outcomes).toContain('refused')
  })
})

describe('a description', () => {
  const said = async (endpoints: object, more: object = {}) => (await loadConfig({ providers: [{ ...acme({}), endpoints, ...more }] })).report.errors

  it.each([
    ['endpoints.ticker.map', { ticker: { path: 'p', map: { bid: 'b' } } }, "'last' expected"],
    ['endpoints.ticker.map.lst', { ticker: { path: 'p', map: { last: 'a', lst: 'b' } } }, "unknown field 'lst'"],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: 'a[' } } }, 'not a JMESPath'],
    ['endpoints.ticker.map.asOf', { ticker: { path: 'p', map: { last: 'a', asOf: 't' } } }, 'a time needs its unit'],
    ['endpoints.ticker.path', { ticker: { path: 'p/{coin}', map: { last: 'a' } } }, "there is no 'coin' here"],
    ['endpoints.ticker.path', { ticker: { path: 'p/{base:loud}', map: { last: 'a' } } }, "no form 'loud'"],
    ['endpoints.ticker.path', { ticker: { path: 'p/{base', map: { last: 'a' } } }, '{ and } only stand around a name'],
    ['endpoints.ticker.path', { ticker: { path: '/p', map: { last: 'a' } } }, 'without a slash in front'],
    ['endpoints.ticker.path', { ticker: { path: 'p?base={base}', map: { last: 'a' } } }, 'a path without a query'],
    ['endpoints.ticker.headers', { ticker: { path: 'p', headers: { 'x y': '1' }, map: { last: 'a' } } }, 'names of headers'],
    ['endpoints.ticker.map.last.as', { ticker: { path: 'p', map: { last: { path: 'a', as: 's' } } } }, "'last' is no time"],
    [
      'endpoints.balance.map.amount.scale',
      { balance: { path: 'p', map: { amount: { path: 'a', scale: 1e18 }, decimals: '`18`', symbol: "'ETH'" } } },
      "'amount' cannot be scaled",
    ],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: `length(${'upper('.repeat(9)}a${')'.repeat(9)})` } } }, 'at most 8 functions'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: 'to_string(to_string(to_string(@)))' } } }, 'to_string at most 2 times'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: 'join(a, b)' } } }, 'join: a text'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: "split(a, '')" } } }, 'split: a text'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: `join('${'x'.repeat(61)}', a)` } } }, 'a literal of at most 60'],
    ['endpoints.ticker.path', { ticker: { path: '{key}/p', map: { last: 'a' } } }, "there is no 'key' here"],
    [
      'endpoints.candles.intervals',
      { candles: { path: 'p', map: { openTime: { path: 't', as: 's' }, open: 'o', high: 'h', low: 'l', close: 'c' } } },
      'expected',
    ],
    ['endpoints.tickers.market', { tickers: { path: 'p', map: { market: 'm', last: 'p' } } }, 'name of a market'],
    ['endpoints.ticker.errors[0].when', { ticker: { path: 'p', map: { last: 'a' }, errors: [{ when: '((', reason: 'not-found' }] } }, 'not a JMESPath'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: 'constructor.name' } } }, "'constructor' is not allowed"],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: "pad_left(a, `1000000000`, 'x')" } } }, "the function 'pad_left' is not allowed"],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: '[@,@][]|[@,@][]|[@,@][]' } } }, 'at most one'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: 'a[?b == $.c]' } } }, '$ and variables'],
    ['endpoints.ticker.map.last', { ticker: { path: 'p', map: { last: Array.from({ length: 70 }, () => 'a').join('.') } } }, 'at most 60 steps'],
  ])('is refused with the place of what is wrong: %s', async (place, endpoints, words) => {
    const errors = await said(endpoints)
    expect(errors).toEqual([expect.objectContaining({ path: `providers[0].${place}`, message: expect.stringContaining(words), skipped: true })])
  })

  it.each(['file:///etc/passwd', 'ftp://a.test', 'https://user:pass@a.test', 'https://a.test?x=1', 'a.test'])(
    'stands at an http(s) address, not at %s',
    async (baseUrl) => {
      expect(await said({ ticker: { path: 'p', map: { last: 'a' } } }, { baseUrl })).toEqual([
        expect.objectContaining({ path: 'providers[0].baseUrl', skipped: true }),
      ])
    },
  )

  it('may not take the id of a built-in provider', async () => {
    expect(await said({ ticker: { path: 'p', map: { last: 'a' } } }, { id: 'binance' })).toMatchObject([{ path: 'providers[0].id', skipped: true }])
  })

  it('makes httpProvider() throw with the place', async () => {
    await expect(httpProvider(acme({ ticker: { path: 'p', map: { last: 'a[' } } }))).rejects.toThrow('definition.endpoints.ticker.map.last: not a JMESPath')
    await expect(httpProvider({ ...acme({}), name: 5 } as never)).rejects.toThrow('definition.name')
  })
})
