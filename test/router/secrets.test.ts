import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AllProvidersFailedError, BadResponseError, ConfigError, ProviderError } from '../../src/errors.js'
import { BinanceConnector } from '../../src/http/binance-connector.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { HttpEndpoint, KeyPlacement, Provider, ProviderOptions } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/fake-provider.js'
import { FORMS, KEY, leaksIn, listen, printed, streams, surfaces } from '../support/planted.js'

const BTC = { symbol: 'BTC/USD' }
const PLACES: readonly KeyPlacement[] = [
  { required: true, in: 'header', name: 'x-api-key' },
  { required: true, in: 'header', name: 'authorization', prefix: 'Bearer ' },
  { required: true, in: 'query', name: 'apikey' },
  { required: true, in: 'path', name: 'key' },
]
const SOURCES: readonly [string, ProviderOptions['apiKey']][] = [
  ['a text', KEY],
  ['a list', [KEY, 'Another-Key-entirely']],
  ['a function', () => KEY],
  ['a function that takes its time', async () => KEY],
]

let written: string[] = []
beforeEach(() => {
  written = streams()
})
afterEach(() => {
  const leaks = leaksIn(written.join('\n'))
  if (leaks.length > 0) throw new Error(`the key was written to a stream: ${leaks.join()}`)
})

type Fetch = typeof globalThis.fetch

/** The request as the server sees it: where the key went in. */
const seen = (input: Parameters<Fetch>[0], init?: RequestInit): string => {
  const request = new Request(input, init)
  return `${request.method} ${request.url} ${[...request.headers].map((pair) => pair.join(': ')).join(', ')}`
}
const answering =
  (status: number, body: (seen: string) => string, headers: (seen: string) => Record<string, string> = () => ({})): Fetch =>
  (input, init) =>
    Promise.resolve(new Response(body(seen(input, init)), { status, headers: { 'content-type': 'application/json', ...headers(seen(input, init)) } }))

/** A vendor that says what it was sent, with its status and in its own words. */
function keyed(
  place: KeyPlacement,
  apiKey: ProviderOptions['apiKey'],
  changes: Partial<HttpEndpoint<'ticker'> & Pick<Provider<'ticker'>, 'failure' | 'usage'>> = {},
): Provider<'ticker'> {
  const { failure, usage, ...endpoint } = changes
  return defineProvider<'ticker'>(
    {
      id: 'keyed',
      name: 'Keyed',
      homepage: 'https://keyed.example',
      docs: 'https://keyed.example/docs',
      hosts: ['https://a.keyed.example', 'https://b.keyed.example'],
      key: place,
      endpoints: {
        ticker: {
          request: ({ symbol }) => ({ path: place.in === 'path' ? 'v3/{key}/ticker' : 'ticker', query: { symbol } }),
          parse: (body, { symbol }) => ({ symbol, base: 'BTC', quote: 'USD', last: (body as { last: number }).last }),
          ...endpoint,
        },
      },
      failure: failure ?? (({ status, body }) => (status === 299 ? { reason: 'unauthorized', message: (body as { message: string }).message } : undefined)),
      ...(usage && { usage }),
    },
    { apiKey },
  )
}

const vendorText = (form: string): Fetch => answering(299, () => JSON.stringify({ message: `what is ${form}?` }))
const FETCHES: readonly [string, Fetch][] = [
  ...[400, 401, 402, 403, 404, 410, 418, 429, 451, 500, 503].map((status): [string, Fetch] => [
    `answers ${status} and repeats what it got`,
    answering(
      status,
      (text) => JSON.stringify({ error: text, key: KEY }),
      () => ({ 'x-key': KEY, 'retry-after': '60', 'x-ratelimit-limit': KEY }),
    ),
  ]),
  ...Object.entries(FORMS).map(([name, form]): [string, Fetch] => [`says it ${name} in its own words`, vendorText(form)]),
  ['says the request line in its own words', answering(299, (text) => JSON.stringify({ message: text }))],
  ['says the path and query in its own words', answering(299, (text) => JSON.stringify({ message: text.replace(/https:..[^/]*/, '') }))],
  ['says the header in its own words', answering(299, (text) => JSON.stringify({ message: text.replace(/.*text\/\S*/, '') }))],
  ['answers a page', answering(200, (text) => `<html>${text} ${KEY}</html>`)],
  ['answers something else', answering(200, (text) => JSON.stringify({ [KEY]: text }))],
  ['answers a key for a price', answering(200, () => JSON.stringify({ last: KEY }))],
  [
    'redirects',
    answering(
      302,
      () => '',
      (text) => ({ location: `https://elsewhere.example/?apikey=${encodeURIComponent(KEY)}&was=${encodeURIComponent(text)}` }),
    ),
  ],
  [
    'cannot be reached',
    (input, init) =>
      Promise.reject(new TypeError(`fetch failed ${seen(input, init)}`, { cause: Object.assign(new Error(`connect ${KEY}`), { code: 'ECONNREFUSED' }) })),
  ],
  ['cannot be reached for no known reason', (input, init) => Promise.reject(new TypeError(`fetch failed ${seen(input, init)}`, { cause: KEY }))],
  [
    'has a transport that throws at once',
    () => {
      throw new Error(KEY)
    },
  ],
  ['has a transport that throws an error of ours', () => Promise.reject(new ProviderError({ provider: 'keyed', reason: 'unavailable', message: KEY }))],
  ['times out', (input, init) => Promise.reject(new DOMException(`${KEY} ${seen(input, init)}`, 'TimeoutError'))],
  [
    'hangs',
    (input, init) =>
      new Promise((_, reject) => new Request(input, init).signal.addEventListener('abort', () => reject(new DOMException(`aborted ${KEY}`, 'AbortError')))),
  ],
  [
    'breaks off',
    (input, init) =>
      Promise.resolve(new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError(`terminated ${seen(input, init)} ${KEY}`)) }))),
  ],
]

/** Where the key shows after one failing request, a second one and a health check. */
async function leaksOf(provider: Provider<'ticker'>, fetch: Fetch): Promise<string[]> {
  const router = new ProviderRouter({ providers: [provider], fetch, timeoutMs: 30, retries: 0 })
  const heard = listen(router)
  const thrown: unknown[] = []
  for (let turn = 0; turn < 2; turn++) thrown.push(await router.request('ticker', BTC).catch((error: unknown) => error))
  const report = await router.checkHealth()
  if (!AllProvidersFailedError.is(thrown[0])) throw new Error(`an AllProvidersFailedError was expected, not ${String(thrown[0])}`)
  const shown = {
    error: thrown.map(printed).join('\n'),
    failures: thrown[0].failures.map(printed).join('\n'),
    events: printed(heard),
    report: printed(report),
    ...surfaces(router, provider),
  }
  return Object.entries(shown).flatMap(([where, text]) => leaksIn(text).map((form) => `${form} in ${where}`))
}

describe.each(PLACES)('a key in the $in ($name)', (place) => {
  describe.each(SOURCES)('that is given as %s', (_, apiKey) => {
    it('reaches the server', async () => {
      const sent: string[] = []
      const fetch: Fetch = (input, init) => {
        sent.push(seen(input, init))
        return answering(200, () => '{"last":100}')(input, init)
      }
      const router = new ProviderRouter({ providers: [keyed(place, apiKey)], fetch })
      await router.request('ticker', BTC)
      expect(leaksIn(sent[0] ?? '')).not.toEqual([])
      expect(leaksIn(printed(await router.request('ticker', BTC)))).toEqual([])
    })

    it.each(FETCHES)('is told nowhere when the server %s', async (__, fetch) => {
      expect(await leaksOf(keyed(place, apiKey), fetch)).toEqual([])
    })
  })
})

describe("a key in a provider's own code", () => {
  const place: KeyPlacement = { required: true, in: 'query', name: 'apikey' }
  const thrower = (make: () => unknown) => () => {
    throw make()
  }
  const own = Object.assign(new BadResponseError(`last: a number expected, got ${KEY}`), { cause: new Error(KEY) })
  const told = (): ProviderError =>
    Object.assign(new ProviderError({ provider: 'keyed', reason: 'unavailable', message: `no: ${FORMS.base64 ?? ''} ${KEY}` }), { cause: KEY, detail: KEY })

  it.each([
    ['request() throws', { request: thrower(() => new Error(KEY)) }],
    ['request() throws an error of ours', { request: thrower(told) }],
    ['parse() throws', { parse: thrower(() => new TypeError(KEY)) }],
    ['parse() throws an error of ours', { parse: thrower(told) }],
    ['parse() says what it got', { parse: thrower(() => own) }],
    ['parse() throws no error', { parse: thrower(() => KEY) }],
  ])('is told nowhere when %s', async (_, changes) => {
    expect(
      await leaksOf(
        keyed(place, KEY, changes),
        answering(200, (text) => JSON.stringify({ last: text })),
      ),
    ).toEqual([])
  })

  it.each([
    ['failure() throws', { failure: thrower(() => new Error(KEY)) }],
    ['usage() throws', { usage: thrower(() => new Error(KEY)) }],
    ['failure() passes the text of a limit on', { failure: () => ({ reason: 'rate-limited' as const, message: KEY }) }],
    ['failure() passes the text of a drift on', { failure: () => ({ reason: 'bad-response' as const, message: KEY }) }],
  ])('is told nowhere when %s', async (_, changes) => {
    expect(
      await leaksOf(
        keyed(place, KEY, changes),
        answering(500, (text) => text),
      ),
    ).toEqual([])
  })

  it.each([
    ['an error', () => new Error(KEY)],
    ['an error of ours', told],
    [
      'an error of another copy of the package',
      () => Object.assign(new Error(KEY), { [Symbol.for('feedmux.error')]: ['ProviderError', 'FeedmuxError'], provider: 'keyed', reason: 'unavailable' }),
    ],
    ['a text', () => KEY],
  ])('is told nowhere when call() throws %s', async (_, make) => {
    const provider = fakeProvider('keyed', { apiKey: KEY, answers: { ticker: thrower(make) } })
    expect(await leaksOf(provider, globalThis.fetch)).toEqual([])
  })
})

describe('a function that fetches the key', () => {
  const place: KeyPlacement = { required: true, in: 'header', name: 'x-api-key' }
  const other = fakeProvider('other', { priority: 2 })

  it.each([
    [
      'throws',
      () => {
        throw new Error(KEY)
      },
    ],
    ['rejects', () => Promise.reject(new Error(KEY))],
    ['never settles', () => new Promise<string>(() => {})],
    ['gives nothing', () => undefined as unknown as string],
  ])('and %s fails that attempt alone, with and without hedging', async (_, apiKey) => {
    for (const hedge of [false, { afterMs: 10 }] as const) {
      const provider = { ...keyed(place, apiKey), priority: 1 }
      const router = new ProviderRouter({
        providers: [provider, other],
        fetch: answering(401, (text) => JSON.stringify({ text })),
        timeoutMs: 50,
        totalTimeoutMs: 1_000,
        hedge,
        cache: false,
      })
      const heard = listen(router)
      const answered = await Promise.race([router.request('ticker', BTC), new Promise<undefined>((resolve) => setTimeout(resolve, 1_500, undefined))])
      expect(answered?.provider).toBe('other')
      expect(router.status().providers[0]?.inFlight).toBe(0)
      const [report] = (await Promise.race([router.checkHealth('keyed'), new Promise<undefined>((resolve) => setTimeout(resolve, 500, undefined))])) ?? []
      expect(report?.healthy).not.toBe(true)
      expect(report).toBeDefined()
      expect(leaksIn(printed([answered, heard, report, router.status()]))).toEqual([])
    }
  })
})

describe('a key in hosts', () => {
  const facts = { id: 'hosted', name: 'Hosted', homepage: 'https://hosted.example', docs: 'https://hosted.example', endpoints: {} } as Provider<'ticker'>
  const messageOf = (make: () => unknown): string => {
    try {
      make()
    } catch (error) {
      expect(ConfigError.is(error)).toBe(true)
      return printed(error)
    }
    return 'nothing was thrown'
  }

  it.each([
    ['as a query', `https://hosted.example/v1?key=${encodeURIComponent(KEY)}`],
    ['as a fragment', `https://hosted.example/v1#${encodeURIComponent(KEY)}`],
    ['as credentials', `https://user:${encodeURIComponent(KEY)}@hosted.example`],
    ['as credentials that are not encoded', `https://user:${KEY}@hosted.example`],
    ['as the user', `https://${encodeURIComponent(KEY)}@hosted.example`],
    ['of another scheme', `wss://user:${encodeURIComponent(KEY)}@hosted.example/?key=${encodeURIComponent(KEY)}`],
    ['of no scheme', `user:${encodeURIComponent(KEY)}@hosted.example`],
  ])('%s is refused, and not repeated', (_, host) => {
    for (const message of [
      messageOf(() => defineProvider(facts, { hosts: ['https://fine.example', host] })),
      messageOf(() => new BinanceConnector({ hosts: [host] })),
    ]) {
      expect(message).toMatch(/hosts must be http\(s\) URLs/)
      expect(leaksIn(message)).toEqual([])
      expect(message.slice(0, message.indexOf('    at '))).not.toContain(KEY.slice(0, 7))
    }
  })

  it('goes to a place of its own: {key} in the path of the host', async () => {
    const provider = {
      ...keyed({ required: true, in: 'path', name: 'key' }, KEY, { request: () => ({ path: 'ticker' }) }),
      hosts: ['https://a.example/{key}', 'https://b.example/{key}'],
    } as const
    expect(
      await leaksOf(
        provider,
        answering(500, (text) => text),
      ),
    ).toEqual([])
    const sent: string[] = []
    const router = new ProviderRouter({
      providers: [provider],
      fetch: (input, init) => (sent.push(seen(input, init)), answering(200, () => '{"last":1}')(input, init)),
    })
    const { host } = await router.request('ticker', BTC)
    expect([host, sent[0]]).toEqual(['a.example', expect.stringContaining(`https://a.example/${encodeURIComponent(KEY)}/ticker`)])
  })
})

it("a caller who leaves gets the signal's own reason, and nobody else hears of a key", async () => {
  const controller = new AbortController()
  const provider = keyed({ required: true, in: 'query', name: 'apikey' }, KEY)
  const router = new ProviderRouter({ providers: [provider], fetch: () => new Promise(() => {}) })
  const heard = listen(router)
  const reason = new Error('left')
  const asked = router.request('ticker', BTC, { signal: controller.signal })
  setTimeout(() => controller.abort(reason), 10)
  await expect(asked).rejects.toBe(reason)
  expect(leaksIn(printed([reason, heard, surfaces(router, provider)]))).toEqual([])
})
