import { describe, expect, it } from 'vitest'
import type { Capability } from '../../src/model/capabilities.js'
import type { Ticker } from '../../src/model/market.js'
import { pairOf } from '../../src/model/symbol.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import { volumeOf } from '../../src/provider/market/market.js'
import type { HttpEndpoint, Provider, ProviderFailure, ProviderOptions, ProviderResponse } from '../../src/provider/provider.js'
import { known, read } from '../../src/provider/read.js'
import { describeProvider, type ProviderProof } from '../../src/testing/index.js'

type Factory<C extends Capability = 'ticker'> = (options: ProviderOptions) => Provider<C>
type Definition = Provider<'ticker'>
type Row = Readonly<Record<string, unknown>>
type Parse = (...given: Parameters<HttpEndpoint<'ticker'>['parse']>) => Ticker

const body = { price: '100.5', bid: '100', ask: '101', volume: '12', time: 1_793_534_400 }
const data = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 100.5, bid: 100, ask: 101, volume24h: 12, asOf: 1_793_534_400_000 }

const rowOf = (given: unknown): Row => read.object(given, 'ticker')
const parse: Parse = (given, { symbol }) => {
  const { price, bid, ask, volume, time } = rowOf(given)
  return known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(price, 'price'),
    bid: read.optional(read.positive, bid, 'bid'),
    ask: read.optional(read.positive, ask, 'ask'),
    volume24h: read.optional(read.amount, volume, 'volume'),
    asOf: read.optional(read.seconds, time, 'time'),
  })
}
const failure: NonNullable<Definition['failure']> = ({ body: told }) => {
  const { error: message } = typeof told === 'object' && told !== null ? (told as { error?: unknown }) : {}
  if (typeof message !== 'string') return undefined
  if (message === 'unknown pair') return { reason: 'not-found' }
  return message === 'slow down' ? { reason: 'rate-limited', retryAfterMs: 30_000, message } : undefined
}
const ticker = { request: ({ symbol }) => ({ path: `v1/ticker/${symbol.replace('/', '-')}` }), parse } satisfies HttpEndpoint<'ticker'>
const definition: Definition = {
  id: 'acme',
  name: 'Acme',
  homepage: 'https://acme.example',
  docs: 'https://docs.acme.example',
  hosts: ['https://api.acme.example'],
  limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
  key: { required: false, in: 'header', name: 'x-acme-key' },
  endpoints: { ticker },
  failure,
}

const acme =
  (changes: Partial<Definition> = {}, endpoint: Partial<HttpEndpoint<'ticker'>> = {}): Factory =>
  (options) =>
    defineProvider<'ticker'>({ ...definition, endpoints: { ticker: { ...ticker, ...endpoint } }, ...changes }, options)

const answer = {
  capability: 'ticker',
  params: { symbol: 'BTC/USD' },
  url: 'https://api.acme.example/v1/ticker/BTC-USD',
  body,
  data,
  drifted: { ...body, price: undefined, last: '100.5' },
} as const
const proof: ProviderProof<'ticker'> = {
  answers: [answer],
  unknown: [{ capability: 'ticker', body: { error: 'unknown pair' } }],
  errors: [{ says: 'slow down', body: { error: 'slow down' }, reason: 'rate-limited', retryAfterMs: 30_000 }],
}

interface Registered {
  readonly name: string
  readonly body: () => void | Promise<void>
}

/** The tests that the kit registers for a provider, none of them run yet. */
function registered<C extends Capability>(factory: Factory<C>, given: ProviderProof<C>): { readonly suites: string[]; readonly tests: Registered[] } {
  const suites: string[] = []
  const tests: Registered[] = []
  const runner = {
    describe: (name: string, inside: () => void) => {
      suites.push(name)
      inside()
    },
    it: (name: string, test: Registered['body']) => tests.push({ name, body: test }),
  }
  describeProvider(factory, given, runner)
  return { suites, tests }
}

/** What each failing test says, by its name. */
async function failing<C extends Capability = 'ticker'>(factory: Factory<C>, given = proof as ProviderProof<C>): Promise<Record<string, string>> {
  const failed: Record<string, string> = {}
  for (const { name, body: run } of registered(factory, given).tests) {
    try {
      await run()
    } catch (error) {
      failed[name] = String(error)
    }
  }
  return failed
}

const of = 'ticker {"symbol":"BTC/USD"}'
const tests = {
  facts: 'says where its facts come from, and keeps to limits',
  complete: 'is proven for each of its capabilities',
  asks: `asks for ${of} where it is documented`,
  reads: `reads the documented ${of}`,
  drifted: `refuses a drifted ${of}`,
  page: `refuses an HTML page as ${of}`,
  nothing: `never takes null for 0 in ${of}`,
  changed: `meets 500 changed bodies of ${of} with sound data or an error of its own`,
  waits: `waits after a 429 to ${of} as long as it is told`,
  key: `sends its key with ${of} only where it belongs, and tells it to nobody`,
  unknown: 'takes an unknown one for not found when asked for ticker',
  error: 'understands «slow down»',
}

describe('describeProvider', () => {
  it('registers one suite with a test for each thing that a provider owes', () => {
    const { suites, tests: all } = registered(acme(), proof)
    expect(suites).toEqual(['acme, as a provider'])
    expect(all.map(({ name }) => name)).toEqual(Object.values(tests))
  })

  it('has nothing against a provider that is right, with a key, without one, or where one is required', async () => {
    const { key: _, ...keyless } = definition
    expect(await failing(acme())).toEqual({})
    expect(await failing((options) => defineProvider<'ticker'>(keyless, options))).toEqual({})
    expect(await failing(acme({ key: { required: true, in: 'header', name: 'authorization', prefix: 'Bearer ' } }))).toEqual({})
  })

  it('gives the options of the proof to the factory', async () => {
    const hosts = { options: { hosts: ['https://eu.acme.example'] } }
    expect(Object.keys(await failing(acme(), { ...proof, ...hosts }))).toEqual([tests.asks])
    expect(await failing(acme(), { ...proof, ...hosts, answers: [{ ...answer, url: answer.url.replace('api', 'eu') }] })).toEqual({})
  })

  it('looks for the key where the proof says that it is sent', async () => {
    const inHeader = { ...proof, answers: [{ ...answer, sentHeaders: { 'x-acme-key': '{key}' } }] }
    const inQuery = { ...proof, answers: [{ ...answer, url: `${answer.url}?key={key}` }] }
    const keyInQuery = acme({ key: { required: false, in: 'query', name: 'key' } })
    expect([await failing(acme(), inHeader), await failing(keyInQuery, inQuery)]).toEqual([{}, {}])
    expect(await failing(acme(), inQuery)).toEqual({ [tests.asks]: expect.stringContaining('url: ') as string })
    const inBoth = { ...proof, answers: [{ ...answer, url: `${answer.url}?key={key}`, sentHeaders: { 'x-acme-key': '{key}' } }] }
    expect(await failing(keyInQuery, inBoth)).toEqual({
      [tests.asks]: expect.stringMatching(/x-acme-key: "made-up-key.*" expected, got null/) as string,
    })
  })

  it('finds one that sends more requests for a question than it says, whatever the proof says of their addresses', async () => {
    const twice = (calls?: number): Factory =>
      acme(
        {},
        {
          request: () => [{ path: 'v1/a' }, { path: 'v1/b' }],
          parse: (given, ...more) => parse(read.array(given, 'answers')[0], ...more),
          ...(calls && { calls }),
        },
      )
    const addressed = (url: string | readonly string[]) => ({ ...proof, answers: [{ ...answer, url }] })
    const [one, both] = ['https://api.acme.example/v1/b', ['https://api.acme.example/v1/a', 'https://api.acme.example/v1/b']]
    for (const url of [one, both] as const)
      expect(await failing(twice(), addressed(url))).toEqual({ [tests.asks]: expect.stringContaining('calls must be 2') as string })
    expect([await failing(twice(2), addressed(one)), await failing(twice(2), addressed(both))]).toEqual([{}, {}])
  })

  it('does not wait for the limits of a provider that asks twice', async () => {
    const batch = {
      capability: 'tickers',
      params: { symbols: ['BTC/USD', 'NOPE/USD'] },
      url: 'https://api.acme.example/v1/tickers',
      body: [body],
      data: [data],
      drifted: {},
    } as const
    const inBatch: ProviderProof<'tickers'> = {
      answers: [batch],
      unknown: [{ capability: 'tickers', body: { error: 'unknown pair' } }],
      errors: [{ says: 'slow down', body: { error: 'slow down' }, reason: 'rate-limited' }],
    }
    const tickers: HttpEndpoint<'tickers'> = {
      request: () => ({ path: 'v1/tickers' }),
      parse: (given, _, context) => read.array(given, 'tickers').map((row) => parse(row, { symbol: 'BTC/USD' }, context)),
      maxBatch: 2,
      whole: { request: { path: 'v1/tickers' } },
    }
    const limits = [{ requests: 1, perMs: 1_000, scope: 'ip' }] as const
    const tight = (options: ProviderOptions) =>
      defineProvider<'tickers'>(
        { ...definition, limits, endpoints: { tickers }, failure: (response) => failure(response, { capability: 'ticker', params: answer.params }) },
        options,
      )
    expect(await failing(tight, inBatch)).toEqual({})
  })
})

/** A provider whose rows are changed before they are read, or its data afterwards. */
const reading = (before: (row: Row) => Row, after: (row: Row) => object = () => ({})): Factory =>
  acme({}, { parse: (given, ...rest) => ({ ...parse(before(rowOf(given)), ...rest), ...after(rowOf(given)) }) })

/** A provider that has this to say of some of its answers. */
const saying = (word: (response: ProviderResponse, told: ProviderFailure | undefined) => ProviderFailure | undefined): Factory =>
  acme({ failure: (response, asked) => word(response, failure(response, asked)) })

const withVolume: Factory = (options) => {
  const volume: HttpEndpoint<'volume'> = { request: ticker.request, parse: (...given) => volumeOf(parse(...given)) }
  return defineProvider<'ticker' | 'volume'>({ ...definition, endpoints: { ticker, volume } }, options)
}

/** What it does, the test that is to fail, and what that is to say. */
const WRONG: readonly [does: string, factory: Factory, test: string, says: RegExp][] = [
  [
    'asks another address',
    acme({}, { request: () => ({ path: 'v2/ticker' }) }),
    tests.asks,
    /"https:\/\/api\.acme\.example\/v1\/ticker\/BTC-USD" expected, got "https:\/\/api\.acme\.example\/v2\/ticker"/,
  ],
  [
    'writes its key into the query beside the header',
    acme({}, { request: (params, context) => ({ ...ticker.request(params), query: { apikey: context.key } }) }),
    tests.key,
    /the key must go into the header as x-acme-key, and nowhere else/,
  ],
  [
    'sends its key in two headers',
    acme({}, { request: (params, context) => ({ ...ticker.request(params), headers: { authorization: `Bearer ${context.key}` } }) }),
    tests.key,
    /the key must go into the header as x-acme-key, and nowhere else/,
  ],
  [
    'tells its key in an error',
    (options) => acme({ id: typeof options.apiKey === 'string' ? `acme-${options.apiKey}` : 'acme' })(options),
    tests.key,
    /the error after HTTP 401 tells the key/,
  ],
  [
    'takes null for a volume of 0',
    reading(({ volume, ...row }) => ({ ...row, volume: volume === null ? Number(volume) : volume })),
    tests.nothing,
    /null at volume became 0/,
  ],
  [
    'takes null for a time in 1970',
    reading(
      ({ time, ...row }) => ({ ...row, time: time ?? undefined }),
      ({ time }) => (time === null ? { asOf: 0 } : {}),
    ),
    tests.nothing,
    /null at time became 0/,
  ],
  ['declares no limit', acme({ limits: [] }), tests.facts, /it declares no limit/],
  ['declares a limit of two kinds', acme({ limits: [{ requests: 60, cost: 60, perMs: 60_000, scope: 'ip' }] }), tests.facts, /"cost":60.* is no limit/],
  ['declares a limit of nothing', acme({ limits: [{ requests: 0, perMs: 60_000, scope: 'ip' }] }), tests.facts, /"requests":0.* is no limit/],
  ['names no page', acme({ docs: 'acme.example' }), tests.facts, /acme\.example is no https address/],
  [
    'takes the bid where the price is missing',
    reading((row) => ({ ...row, price: row['price'] ?? row['bid'] })),
    tests.drifted,
    /bad-response expected, got data \{.*"last":100[,}]/,
  ],
  [
    'has another word for an unknown pair',
    saying((_, told) => (told?.reason === 'not-found' ? { reason: 'bad-request' } : told)),
    tests.unknown,
    /not-found expected.*, got bad-request/,
  ],
  [
    'has another word for an error',
    saying((_, told) => (told?.reason === 'rate-limited' ? { reason: 'unavailable' } : told)),
    tests.error,
    /rate-limited expected.*, got unavailable/,
  ],
  [
    'has another wait for an error',
    saying((_, told) => (told?.retryAfterMs ? { reason: told.reason } : told)),
    tests.error,
    /a wait of 30000 ms expected.*, got undefined/,
  ],
  [
    'waits too short after a 429',
    saying(({ status }, told) => (status === 429 ? { reason: 'rate-limited', retryAfterMs: 1_000 } : told)),
    tests.waits,
    /a wait of 7000 ms expected.*, got 1000/,
  ],
  ['trips over a hostile body', reading((row) => ({ ...row, price: (row['price'] as string).trim() })), tests.changed, /TypeError: .* out of \{"price"/],
  ['lacks the proof of a capability', withVolume, tests.complete, /the proof has no answer for volume/],
  ['swaps two members', reading((row) => ({ ...row, bid: row['ask'], ask: row['bid'] })), tests.reads, /data\.bid: 100 expected, got 101/],
]

describe('describeProvider, given a provider that', () => {
  it.each(WRONG)('%s, fails the one test that is about it, and says why', async (_, factory, test, says) => {
    const failed = await failing(factory)
    expect(Object.keys(failed)).toEqual([test])
    expect(failed[test]).toMatch(says)
  })

  it('takes a page for an answer, refuses the page as such and where it echoes a key', async () => {
    const lenient = acme(
      { failure: (response, asked) => failure({ ...response, body: jsonOf(response.body) }, asked) },
      {
        request: (params) => ({ ...ticker.request(params), as: 'text' }),
        parse: (given, ...rest) => parse(typeof given === 'string' && given.startsWith('<') ? body : jsonOf(given), ...rest),
      },
    )
    const failed = await failing(lenient)
    expect(Object.keys(failed)).toEqual([tests.page, tests.key])
    expect(Object.values(failed)).toEqual([expect.stringContaining('bad-response expected, got data {'), expect.stringContaining('HTTP 200 must fail')])
  })

  it('lets null through, refuses it in documented bodies and in changed ones', async () => {
    const failed = await failing(
      reading(
        ({ time, ...row }) => ({ ...row, time: time ?? undefined }),
        ({ time }) => (time === null ? { asOf: null } : {}),
      ),
    )
    expect(Object.keys(failed)).toEqual([tests.nothing, tests.changed])
    expect(Object.values(failed)).toEqual([
      expect.stringContaining('null at time came through as null'),
      expect.stringContaining('unknown is left out, got null out of {'),
    ])
  })
})

describe('describeProvider, given a proof that', () => {
  it.each<[lacks: string, proof: ProviderProof<'ticker'>, says: string]>([
    ['does not say what an unknown pair gets', { ...proof, unknown: [] }, 'the proof does not say what an unknown one gets for ticker'],
    ['has no error of the service', { ...proof, errors: [] }, `the proof has no error of the service's own`],
  ])('%s, fails', async (_, given, says) => {
    expect((await failing(acme(), given))[tests.complete]).toContain(says)
  })
})

/** Of texts that are JSON; anything else as it is. */
function jsonOf(given: unknown): unknown {
  try {
    return typeof given === 'string' ? (JSON.parse(given) as unknown) : given
  } catch {
    return given
  }
}
