import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { AllProvidersFailedError, ConfigError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { lexicon, localModel, type LocalModelOptions, type TextClassifier } from '../../src/sentiment/index.js'
import { endUpstreams, upstream } from '../support/upstreams.js'

afterAll(endUpstreams)

const models = fileURLToPath(new URL('../fixtures/models/', import.meta.url))
const tiny = { path: models, model: 'feedmux/tiny-tone', dtype: 'fp32' } as const

const noNetwork = (): Promise<Response> => Promise.reject(new TypeError('there is no network'))
const routerOf = (options: LocalModelOptions) =>
  new ProviderRouter({ providers: [localModel(options)], fetch: noNetwork, timeoutMs: 60_000, totalTimeoutMs: 60_000, retries: 0 })

/** Probabilities out of the logits that scripts/make-model.mjs gives so many good and bad words. */
function expected(good: number, bad: number): { bullish: number; neutral: number; bearish: number } {
  const [bearish, neutral, bullish] = [2 * bad - 1.5 * good, 1 - 0.5 * (good + bad), 2 * good - 1.5 * bad].map(Math.exp) as [number, number, number]
  const sum = bearish + neutral + bullish
  return {
    bullish: expect.closeTo(bullish / sum, 5) as number,
    neutral: expect.closeTo(neutral / sum, 5) as number,
    bearish: expect.closeTo(bearish / sum, 5) as number,
  }
}

describe('localModel() with a real ONNX model, without a network', () => {
  it('is what scripts/make-model.mjs writes', () => {
    expect(spawnSync(process.execPath, ['scripts/make-model.mjs', '--check'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  it('reads texts on this CPU, in their order, as the weights of the model say', async () => {
    vi.stubGlobal('fetch', noNetwork)
    const texts = ['Bitcoin surges to a record', 'Exchange hacked in a crash', 'Bitcoin surges, exchange hacked', 'The sky over Oslo']
    const { data, provider } = await routerOf(tiny).request('textSentiment', { texts })
    expect(provider).toBe('transformers-js')
    expect(data.map(({ probabilities }) => probabilities)).toEqual([expected(2, 0), expected(0, 2), expected(1, 1), expected(0, 0)])
    expect(data.map(({ label }) => label)).toEqual(['bullish', 'bearish', 'neutral', 'neutral'])
    expect(data[0]).toMatchObject({ engine: 'local-cpu', model: 'feedmux/tiny-tone' })
  })

  it('takes the path of the model itself, and a pipeline that is already there', async () => {
    const { pipeline } = await import('@huggingface/transformers')
    const ready = await pipeline('text-classification', `${models}feedmux/tiny-tone`, { dtype: 'fp32', local_files_only: true })
    expectTypeOf(ready).toExtend<TextClassifier>()
    for (const options of [
      { path: `${models}feedmux/tiny-tone/`, dtype: 'fp32' },
      { pipeline: ready, model: 'tiny-tone' },
    ] as const) {
      const { data } = await routerOf(options).request('textSentiment', { texts: ['A bullish rally'] })
      expect(data[0]).toMatchObject({ label: 'bullish', model: 'tiny-tone', probabilities: expected(2, 0) })
    }
  })

  it('cuts a text by the model’s own tokenizer', async () => {
    const { data } = await routerOf(tiny).request('textSentiment', { texts: [`${'word '.repeat(15)}rally hacked hacked`] })
    expect(data[0]?.probabilities).toEqual(expected(1, 0))
  })

  it('cuts a text for a model whose tokenizer knows no limit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'feedmux-model-'))
    cpSync(`${models}feedmux/tiny-tone`, folder, { recursive: true })
    const file = join(folder, 'tokenizer_config.json')
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), model_max_length: 1e30 }))
    const { data } = await routerOf({ path: folder, dtype: 'fp32' }).request('textSentiment', { texts: [`${'word '.repeat(511)}rally hacked hacked`] })
    expect(data[0]?.probabilities).toEqual(expected(1, 0))
    rmSync(folder, { recursive: true })
  })

  it('keeps all that it fetches in the folder for it, and nothing in node_modules', async () => {
    const { env } = await import('@huggingface/transformers')
    const asked: string[] = []
    const hub = await upstream((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost')
      asked.push(pathname)
      const file = `${models}${pathname.replace('/resolve/main', '')}`
      if (existsSync(file)) response.end(readFileSync(file))
      else response.writeHead(404).end()
    })
    const { remoteHost, fetch: before } = env
    const cacheDir = mkdtempSync(join(tmpdir(), 'feedmux-cache-'))
    try {
      vi.unstubAllGlobals()
      Object.assign(env, { remoteHost: `${hub.url}/`, fetch })
      for (let run = 0; run < 2; run++) {
        const router = routerOf({ model: 'feedmux/tiny-tone', dtype: 'fp32', cacheDir })
        expect((await router.request('textSentiment', { texts: ['A bullish rally'] })).data[0]).toMatchObject({ label: 'bullish', model: 'feedmux/tiny-tone' })
      }
    } finally {
      Object.assign(env, { remoteHost, fetch: before })
    }
    expect(readdirSync(cacheDir, { recursive: true, encoding: 'utf8' })).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'].map((file) => `feedmux/tiny-tone/${file}`)),
    )
    expect(asked.filter((path) => path.endsWith('/model.onnx'))).toHaveLength(1)
    expect(existsSync('node_modules/@huggingface/transformers/.cache')).toBe(false)
    rmSync(cacheDir, { recursive: true })
  })

  it('says what to look at when there is no such model, and is asked again later', async () => {
    const provider = localModel({ ...tiny, model: 'feedmux/not-there' })
    const router = new ProviderRouter({ providers: [provider, lexicon()], fetch: noNetwork, retries: 0, cache: false })
    const { provider: answered, attempts } = await router.request('textSentiment', { texts: ['Bitcoin soars'] })
    expect([answered, attempts[0]?.reason]).toEqual(['lexicon', 'unavailable'])
    const error: unknown = await router.request('textSentiment', { texts: ['x'] }, { only: ['transformers-js'] }).catch((thrown: unknown) => thrown)
    expect((error as AllProvidersFailedError).failures[0]?.message).toMatch(/could not be loaded .*look at path, model and dtype 'fp32'/)
  })
})

describe('localModel() with a pipeline', () => {
  const asking = (rows: unknown, options: LocalModelOptions = {}) =>
    routerOf({ pipeline: async () => rows, ...options }).request('textSentiment', { texts: ['x'] })

  it('is asked for all labels, once per text', async () => {
    const pipeline = vi.fn<TextClassifier>(async () => [{ label: 'Bullish', score: 1 }])
    const { data } = await routerOf({ pipeline }).request('textSentiment', { texts: ['a', 'b', 'a'] })
    expect(data).toHaveLength(3)
    expect(pipeline.mock.calls).toEqual([
      ['a', { top_k: null }],
      ['b', { top_k: null }],
    ])
  })

  it('takes LABEL_0 by the map of the model alone', async () => {
    const rows = [{ label: 'LABEL_0', score: 0.9 }, { label: 'LABEL_1', score: 0.1 }] // prettier-ignore
    expect((await asking(rows, { model: 'kk08/CryptoBERT' })).data[0]).toMatchObject({ label: 'bearish', score: -0.8, probabilities: { neutral: 0 } })
    await expect(asking(rows)).rejects.toThrow(AllProvidersFailedError)
  })

  it.each<[string, TextClassifier]>([
    ['rejects', () => Promise.reject(new RangeError('secret path'))],
    [
      'throws',
      () => {
        throw new RangeError('secret path')
      },
    ],
  ])('that %s is a bad response', async (_, pipeline) => {
    const router = routerOf({ pipeline })
    const error: unknown = await router.request('textSentiment', { texts: ['x'] }).catch((thrown: unknown) => thrown)
    expect((error as AllProvidersFailedError).failures[0]).toMatchObject({ reason: 'bad-response', message: 'transformers-js: the model failed (RangeError)' })
  })

  it('is needed, or a model', () => {
    expect(() => localModel({})).toThrow(ConfigError)
  })
})

describe('a package that is not installed', () => {
  it('is named with what to do, and the next engine answers', async () => {
    vi.resetModules()
    vi.doMock('@huggingface/transformers', () => {
      throw new Error('Cannot find package')
    })
    vi.doMock('@huggingface/inference', () => {
      throw new Error('Cannot find package')
    })
    const { huggingFace, lexicon: words, localModel: local } = await import('../../src/sentiment/index.js')
    const router = new ProviderRouter({
      providers: [local({ path: models, model: 'x' }), huggingFace({ token: 'made-up' }), words()],
      retries: 0,
      cache: false,
    })
    expect((await router.request('textSentiment', { texts: ['x'] })).provider).toBe('lexicon')
    const error: unknown = await router.request('textSentiment', { texts: ['x'] }, { except: ['lexicon'] }).catch((thrown: unknown) => thrown)
    expect((error as AllProvidersFailedError).failures.map(({ message }) => message)).toEqual([
      'transformers-js: a package is missing, or does not run on this system: npm install @huggingface/transformers',
      'hugging-face: a package is missing: npm install @huggingface/inference',
    ])
    vi.doUnmock('@huggingface/transformers')
    vi.doUnmock('@huggingface/inference')
  })
})
