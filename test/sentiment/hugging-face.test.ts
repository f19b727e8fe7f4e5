import { afterAll, describe, expect, it } from 'vitest'
import { AllProvidersFailedError, ConfigError, type ProviderError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { huggingFace, type HuggingFaceOptions, lexicon } from '../../src/sentiment/index.js'
import { endUpstreams, refusing } from '../support/upstreams.js'
import { type Answer, type Hub, huggingFaceServer, leadTo, type Reply } from './hugging-face.server.js'

afterAll(endUpstreams)

const TOKEN = 'made-up-token-of-nobody'
/** The client keeps what the hub says of a model for the life of the process: each test has a model of its own. */
let models = 0
const newModel = (): string => `tests/model-${models++}`

const scores = (positive: number, negative: number) => [
  { label: 'positive', score: positive },
  { label: 'negative', score: negative },
  { label: 'neutral', score: 1 - positive - negative },
]
const nested = (): Reply => ({ body: [scores(0.75, 0.05)] })
const loading: Reply = { status: 503, body: { error: 'Model is currently loading', estimated_time: 20 } }

interface Asking extends HuggingFaceOptions {
  readonly hub?: Hub
  readonly shift?: { ms: number }
}

/** Hugging Face with this answer, the word list behind it. */
async function asking(answer: Answer, { hub, shift = { ms: 0 }, ...options }: Asking = {}) {
  const model = newModel()
  const service = await huggingFaceServer(answer, hub)
  const providers = [huggingFace({ token: TOKEN, model, ...options }), lexicon()]
  const router = new ProviderRouter({ providers, fetch: service.fetch, cache: false, retries: 0, clock: { now: () => Date.now() + shift.ms } })
  return { model, service, router, ask: (...texts: string[]) => router.request('textSentiment', { texts }) }
}

/** Asks Hugging Face alone; gives its failure. */
async function failureOf(answer: Reply | undefined, options: Asking & { readonly timeoutMs?: number } = {}): Promise<ProviderError> {
  const { timeoutMs, ...rest } = options
  const { router } = await asking(() => answer, rest)
  const error = await router.request('textSentiment', { texts: ['Bitcoin rises'] }, { only: ['hugging-face'], timeoutMs }).catch((thrown: unknown) => thrown)
  if (!AllProvidersFailedError.is(error)) throw new Error(`a failure expected, got ${String(error)}`)
  const [failure] = error.failures
  if (failure === undefined) throw new Error('nobody failed')
  expect(JSON.stringify([error, error.message, failure, failure.message])).not.toContain(TOKEN)
  return failure
}

describe('huggingFace() over real sockets', () => {
  it('asks for every text by itself, with the token, and reads the nested answer', async () => {
    const { ask, service, model } = await asking(nested)
    const { data, provider } = await ask('Bitcoin soars')
    expect(provider).toBe('hugging-face')
    const probabilities = { bullish: 0.75, neutral: expect.closeTo(0.2), bearish: expect.closeTo(0.05) }
    expect(data).toEqual([
      {
        label: 'bullish',
        score: expect.closeTo(0.7),
        confidence: expect.closeTo(0.75),
        engine: 'hugging-face',
        model,
        probabilities: { ...probabilities, bullish: expect.closeTo(0.75) },
      },
    ])
    expect(service.lookups).toEqual([model])
    expect(service.questions).toEqual([{ model, inputs: 'Bitcoin soars', parameters: { top_k: 8 }, authorization: `Bearer ${TOKEN}`, atOnce: 1 }])
  })

  it('reads the flat answer of an endpoint of one’s own, without asking the hub, and without a token where there is none', async () => {
    const service = await huggingFaceServer(() => ({ body: scores(0.05, 0.9) }))
    const own = huggingFace({ endpointUrl: `${service.server.url}/router/hf-inference/models/own` })
    const router = new ProviderRouter({ providers: [own], fetch: service.fetch })
    const { data } = await router.request('textSentiment', { texts: ['Exchange hacked'] })
    expect(data[0]).toMatchObject({ label: 'bearish', score: expect.closeTo(-0.85) })
    expect(data[0]).not.toHaveProperty('model')
    expect(service.lookups).toEqual([])
    expect(service.questions.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('keeps the order of many texts, four under way at once, each distinct one asked once', async () => {
    const waiting: (() => void)[] = []
    const { ask, service } = await asking(async ({ inputs }) => {
      // nobody is answered before four have asked
      await new Promise<void>((resolve) => {
        if (waiting.push(resolve) === 4) for (const answer of waiting.splice(0)) answer()
      })
      return { body: [scores(Number(inputs.split(' ')[1]) / 100, 0)] }
    })
    const texts = Array.from({ length: 22 }, (_, index) => `text ${index % 20}`)
    const { data } = await ask(...texts)
    expect(data.map(({ score }) => Math.round(score * 100))).toEqual(texts.map((text) => Number(text.split(' ')[1])))
    expect(service.questions).toHaveLength(20)
    const most = Math.max(...service.questions.map(({ atOnce }) => atOnce))
    expect(most).toBeLessThanOrEqual(4)
    expect(most).toBeGreaterThan(1)
  })

  it('asks again only for texts that are new, by the whole text, for five minutes', async () => {
    const shift = { ms: 0 }
    const { ask, service } = await asking(nested, { shift })
    const long = 'Bitcoin '.repeat(40)
    await ask('one', `${long}rises`)
    await ask('one', `${long}falls`)
    expect(service.questions.map(({ inputs }) => inputs)).toEqual(expect.arrayContaining(['one', `${long}rises`, `${long}falls`]))
    expect(service.questions).toHaveLength(3)
    shift.ms = 300_001
    await ask('one')
    expect(service.questions).toHaveLength(4)
  })

  it('keeps nothing where that is not wanted', async () => {
    const { ask, service } = await asking(nested, { cacheMs: 0 })
    await ask('one')
    await ask('one')
    expect(service.questions).toHaveLength(2)
  })

  it('keeps what was read before a text failed, and asks no further then', async () => {
    let failing = true
    const { ask, service } = await asking(({ inputs }) => (failing && inputs === 'text 6' ? { status: 500, body: { error: 'oops' } } : nested()))
    const texts = Array.from({ length: 60 }, (_, index) => `text ${index}`)
    expect((await ask(...texts)).provider).toBe('lexicon')
    const asked = service.questions.length
    expect(asked).toBeLessThan(60)
    failing = false
    expect((await ask(...texts)).provider).toBe('hugging-face')
    expect(service.questions.length).toBeLessThan(asked + 60)
    expect(new Set(service.questions.map(({ inputs }) => inputs)).size).toBe(60)
  })

  it('sends no half of a character', async () => {
    const { ask, service } = await asking(nested)
    await ask('Bitcoin rises \ud83d')
    expect(service.questions[0]?.inputs).toBe('Bitcoin rises \ufffd')
  })

  it('cuts a text to what the model takes', async () => {
    const { ask, service } = await asking(nested, { maxTokens: 12 })
    await ask('The price of bitcoin rises to a new record today')
    expect(service.questions[0]?.inputs).toBe('The price of bitcoin rises to')
  })

  it('reads labels of a model by the map that is given, in any case', async () => {
    const labels = { LABEL_0: 'bearish', LABEL_1: 'bullish' } as const
    const { ask } = await asking(() => ({ body: [[{ label: 'label_1', score: 0.8 }, { label: 'LABEL_0', score: 0.2 }]] }), { labels }) // prettier-ignore
    expect((await ask('x')).data[0]?.probabilities).toEqual({ bullish: 0.8, neutral: 0, bearish: 0.2 })
  })
})

describe('failures of Hugging Face', () => {
  const html = '<html><body>502 Bad Gateway</body></html>'
  it.each<[string, Reply, Partial<ProviderError>]>([
    ['a model that is being loaded rests for the time it names', loading, { reason: 'cold-start', status: 503, retryAfterMs: 20_000 }],
    ['a 503 without such a time is an outage', { status: 503, body: { error: 'overloaded' } }, { reason: 'unavailable', status: 503 }],
    ['a refused token', { status: 401, body: { error: 'Invalid username or password.' } }, { reason: 'unauthorized', status: 401 }],
    ['a token without the right', { status: 403, body: { error: 'insufficient permissions' } }, { reason: 'unauthorized', status: 403 }],
    ['a firewall', { status: 403, body: html }, { reason: 'unavailable', status: 403 }],
    [
      'too many, with Retry-After in seconds',
      { status: 429, headers: { 'retry-after': '37' }, body: { error: 'slow' } },
      { reason: 'rate-limited', retryAfterMs: 37_000 },
    ],
    [
      'too many, with the window of the hub',
      { status: 429, headers: { ratelimit: '"api";r=0;t=42' }, body: html },
      { reason: 'rate-limited', retryAfterMs: 42_000 },
    ],
    ['a model that is not there', { status: 404, body: { error: 'Model x does not exist' } }, { reason: 'not-found', status: 404 }],
    ['a text that is refused', { status: 422, body: { error: 'Input validation error' } }, { reason: 'bad-request', status: 422 }],
    ['a page instead of an answer', { body: html }, { reason: 'bad-response', status: 200 }],
    ['a page that is gone', { status: 404, body: html }, { reason: 'bad-response', status: 404 }],
    ['a backend that failed', { status: 424, body: { error: 'Inference failed', error_type: 'backend' } }, { reason: 'unavailable', status: 424 }],
    ['a gateway', { status: 502, body: html }, { reason: 'unavailable', status: 502 }],
    ['an answer of another shape', { body: { scores: [] } }, { reason: 'bad-response' }],
    ['a label that nobody knows: never neutral', { body: [[{ label: 'LABEL_2', score: 1 }]] }, { reason: 'bad-response' }],
    ['only the first label', { body: [[{ label: 'positive', score: 0.6 }]] }, { reason: 'bad-response' }],
    ['scores that are none', { body: [[{ label: 'positive', score: 7 }]] }, { reason: 'bad-response' }],
    ['an answer beyond all measure', { body: 'x'.repeat(1_000_001) }, { reason: 'bad-response' }],
  ])('%s', async (_, answer, expected) => {
    expect(await failureOf(answer)).toMatchObject(expected)
  })

  it('a Retry-After may be a date', async () => {
    const { retryAfterMs } = await failureOf({ status: 429, headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }, body: {} })
    expect(retryAfterMs).toBeGreaterThan(80_000)
    expect(retryAfterMs).toBeLessThanOrEqual(90_000)
  })

  it('a hang ends with the attempt, and so does the connection', async () => {
    const model = newModel()
    let ended = 0
    const service = await huggingFaceServer(
      () => undefined,
      undefined,
      () => ended++,
    )
    const router = new ProviderRouter({ providers: [huggingFace({ token: TOKEN, model }), lexicon()], fetch: service.fetch, timeoutMs: 200 })
    const { provider, attempts } = await router.request('textSentiment', { texts: ['a', 'b'] })
    expect(provider).toBe('lexicon')
    expect(attempts[0]).toMatchObject({ provider: 'hugging-face', outcome: 'failed', reason: 'timeout' })
    await expect.poll(() => ended).toBe(2)
  })

  it('nobody listening is a fault of the network', async () => {
    const router = new ProviderRouter({ providers: [huggingFace({ token: TOKEN, model: newModel() })], fetch: leadTo(await refusing()), retries: 0 })
    const error: unknown = await router.request('textSentiment', { texts: ['a'] }).catch((thrown: unknown) => thrown)
    expect((error as AllProvidersFailedError).failures[0]).toMatchObject({ reason: 'network', message: expect.stringContaining('ECONNREFUSED') })
  })

  it.each<[string, Hub, Partial<ProviderError>]>([
    ['refuses the token', () => ({ status: 401, body: { error: 'Invalid credentials' } }), { reason: 'unauthorized', status: 401 }],
    ['does not know the model', () => ({ status: 404, body: { error: 'Repository not found' } }), { reason: 'not-found', status: 404 }],
    ['is down', () => ({ status: 503, body: '<html></html>' }), { reason: 'unavailable', status: 503 }],
    [
      'says that another serves the model',
      () => ({ body: { inferenceProviderMapping: { elsewhere: { status: 'live', task: 'text-classification' } } } }),
      { reason: 'not-found' },
    ],
    ['says that nobody serves it', () => ({ body: { id: 'x' } }), { reason: 'not-found', message: expect.stringContaining('is not served by hf-inference') }],
    [
      'says that it does something else',
      () => ({ body: { inferenceProviderMapping: [{ provider: 'hf-inference', providerId: 'x', status: 'live', task: 'fill-mask' }] } }),
      { reason: 'not-found' },
    ],
  ])('the hub %s', async (_, hub, expected) => {
    expect(await failureOf(nested(), { hub })).toMatchObject(expected)
  })

  it('an endpoint that is no URL, or holds a key, is told at once', () => {
    for (const endpointUrl of ['models/x', 'ftp://x.test', 'https://user:secret@x.test', 'https://x.test/?token=secret'])
      expect(() => huggingFace({ endpointUrl })).toThrow(ConfigError)
    expect(() => huggingFace({ labels: { positive: 'good' as never } })).toThrow("labels: 'positive' must be bullish, neutral or bearish")
  })

  it('without a token it is passed over', async () => {
    const router = new ProviderRouter({ providers: [huggingFace({ token: undefined }), lexicon()] })
    expect(router.plan('textSentiment', { texts: ['x'] }).excluded).toMatchObject([{ provider: 'hugging-face' }])
    expect((await router.request('textSentiment', { texts: ['x'] })).provider).toBe('lexicon')
  })
})

describe('the router behind Hugging Face', () => {
  const excluded = (router: Awaited<ReturnType<typeof asking>>['router']) => router.plan('textSentiment', { texts: ['other'] }).excluded[0]

  it('goes on to the word list while a model is being loaded, asks for it again after the estimated time, and opens no breaker', async () => {
    const shift = { ms: 0 }
    let ready = false
    const { ask, router, service } = await asking(() => (ready ? nested() : loading), { shift })
    for (let i = 0; i < 8; i++)
      expect(await ask('Bitcoin soars')).toMatchObject({ provider: 'lexicon', degraded: true, data: [{ engine: 'lexicon', label: 'bullish' }] })
    expect(service.questions).toHaveLength(1)
    expect((excluded(router)?.until ?? 0) - Date.now()).toBeGreaterThan(15_000)
    expect(router.status().providers[0]).toMatchObject({ breaker: { state: 'closed' } })
    ready = true
    shift.ms = 20_001
    expect((await ask('Bitcoin soars')).provider).toBe('hugging-face')
  })

  it('asks the hub once an hour for a model that is not served, not for every text', async () => {
    const shift = { ms: 0 }
    const { ask, service } = await asking(nested, { shift, hub: () => ({ body: { id: 'x' } }) })
    for (const text of ['a', 'b', 'c']) expect(await ask(text)).toMatchObject({ provider: 'lexicon', attempts: [{ reason: 'not-found' }, {}] })
    expect(service.lookups).toHaveLength(1)
    shift.ms = 3_600_001
    await ask('d')
    expect(service.lookups).toHaveLength(2)
  })

  it('leaves it alone until the month ends when its credits are used up', async () => {
    const { ask, router, service } = await asking(() => ({ status: 402, body: { error: 'You have exceeded your monthly included credits' } }))
    await ask('a')
    await ask('b')
    expect(service.questions).toHaveLength(1)
    const date = new Date()
    expect(excluded(router)?.until).toBeCloseTo(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1), -4)
  })

  it('rests it after a 429 for as long as it says', async () => {
    const shift = { ms: 0 }
    const { ask, service } = await asking(() => ({ status: 429, headers: { 'retry-after': '60' }, body: { error: 'slow' } }), { shift })
    await ask('a')
    shift.ms = 59_000
    await ask('b')
    expect(service.questions).toHaveLength(1)
    shift.ms = 61_000
    await ask('c')
    expect(service.questions).toHaveLength(2)
  })

  it('opens the breaker after five outages in a row, and answers with the word list at once from then on', async () => {
    const { ask, router, service } = await asking(() => ({ status: 500, body: { error: 'oops' } }))
    for (let i = 0; i < 8; i++) expect((await ask(`text ${i}`)).provider).toBe('lexicon')
    expect(service.questions).toHaveLength(5)
    expect(router.status().providers[0]).toMatchObject({ breaker: { state: 'open' } })
  })

  it('goes on to the word list for every kind of failure', async () => {
    for (const status of [400, 401, 402, 403, 404, 422, 429, 500, 503]) {
      const { ask } = await asking(() => ({ status, body: { error: 'no' } }))
      expect(await ask('Bitcoin soars')).toMatchObject({
        provider: 'lexicon',
        attempts: [{ provider: 'hugging-face', outcome: 'failed', status }, { provider: 'lexicon' }],
      })
    }
  })
})
