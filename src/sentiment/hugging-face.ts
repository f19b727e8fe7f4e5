import { BadResponseError, ConfigError, ProviderError } from '../errors.js'
import type { TextSentiment } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import type { CallContext, Provider, ProviderOptions } from '../provider/provider.js'
import type { SecretSource } from '../provider/secret.js'
import { cut } from './cut.js'
import { eachText, READING_MS, Readings, textsOf } from './each-text.js'
import { ID, wireFetch } from './hugging-face.wire.js'
import { type LabelMap, labelTable, probabilitiesIn, readingOf, type Tone } from './labels.js'
import { HEADLINES_MODEL, modelFacts } from './models.js'

/** Texts under way at once: the service takes one text per call. */
const AT_ONCE = 4
/** So long Hugging Face is not asked again for a model that it does not serve, in ms: that is no matter of the texts. */
const UNSERVED_MS = 3_600_000
/** Half a character, as cutting by length leaves of an emoji: no tokenizer takes it. */
const HALVES = /\p{Surrogate}/gu

/** Options of `huggingFace()`, beside those that every provider takes. */
export interface HuggingFaceOptions extends Omit<ProviderOptions, 'hosts'> {
  /** An access token with the right «Make calls to Inference Providers»; the same as `apiKey`. */
  readonly token?: SecretSource | undefined
  /** Id on huggingface.co. @default 'ProsusAI/finbert' */
  readonly model?: string | undefined
  /** Of a model that `textModels` lacks. @default labels that say themselves what they mean, as positive or bearish */
  readonly labels?: LabelMap | undefined
  /** Longest text of a model that `textModels` lacks, in tokens; longer ones are cut. @default 512 */
  readonly maxTokens?: number | undefined
  /** An Inference Endpoint or a Text Embeddings Inference server of your own, asked instead of Hugging Face's; a token is then only sent where there is one. */
  readonly endpointUrl?: string | undefined
  /** How long the reading of a text is used again, in ms; 0: never. @default 300_000 */
  readonly cacheMs?: number | undefined
}

/** What a call needs. */
interface Classifier {
  readonly model: string | undefined
  readonly endpointUrl: string | undefined
  readonly table: ReadonlyMap<string, Tone>
  readonly maxTokens: number
}

/**
 * Text sentiment by a classifier on Hugging Face, through its client `@huggingface/inference`, which is loaded with the first text: install it beside
 * feedmux. One call per text, four at once. A model that is being loaded rests for the time it names, and used-up credits until the month ends (UTC).
 */
export function huggingFace(options: HuggingFaceOptions = {}): Provider<'textSentiment'> {
  const { token, model, labels, maxTokens, endpointUrl, cacheMs = READING_MS, ...common } = options
  checkEndpoint(endpointUrl)
  const id = model ?? (endpointUrl === undefined ? HEADLINES_MODEL : undefined)
  const facts = modelFacts(id, labels, maxTokens)
  const classifier: Classifier = { model: id, endpointUrl, table: labelTable(facts.labels), maxTokens: facts.maxTokens }
  const readings = new Readings(cacheMs)
  let unserved: { readonly error: ProviderError; readonly until: number } | undefined
  const readServed = async (text: string, context: CallContext, signal: AbortSignal): Promise<TextSentiment> => {
    if (unserved && context.now < unserved.until) throw unserved.error
    return read(text, classifier, context, signal).catch((error: unknown) => {
      const isUnserved = endpointUrl === undefined && ProviderError.is(error) && error.reason === 'not-found'
      if (isUnserved) unserved = { error, until: context.now + UNSERVED_MS }
      throw error
    })
  }
  return defineProvider<'textSentiment'>(
    {
      id: ID,
      name: 'Hugging Face',
      homepage: 'https://huggingface.co',
      docs: 'https://huggingface.co/docs/inference-providers/pricing',
      // no rate is published, only monthly credits: so many texts a minute are polite
      limits: [{ cost: 600, perMs: 60_000, scope: 'key' }],
      key: { required: endpointUrl === undefined, in: 'header', name: 'authorization', prefix: 'Bearer ' },
      metered: true,
      endpoints: {
        textSentiment: {
          cost: ({ texts }) => Math.max(1, texts.length),
          call: (params, context) =>
            eachText(textsOf(ID, params), context, { readings, atOnce: AT_ONCE, read: (text, signal) => readServed(text, context, signal) }),
        },
      },
    },
    { ...common, apiKey: token ?? common.apiKey },
  )
}

function checkEndpoint(url: string | undefined): void {
  // not repeated: what is wrong with it may be a key
  if (url !== undefined && (!URL.canParse(url) || !/^https?:\/\/[^\s?#@]+$/.test(url)))
    throw new ConfigError('endpointUrl must be an http(s) URL without credentials and query; the token goes into token')
}

async function read(text: string, classifier: Classifier, context: CallContext, signal: AbortSignal): Promise<TextSentiment> {
  const { model, endpointUrl, table, maxTokens } = classifier
  const { InferenceClient } = await client()
  const asked = { inputs: cut(text.replaceAll(HALVES, '\uFFFD'), maxTokens), parameters: { top_k: table.size } }
  const to = endpointUrl === undefined ? { provider: 'hf-inference' as const, ...(model !== undefined && { model }) } : { endpointUrl }
  const options = { retry_on_error: false, fetch: wireFetch(context, signal), signal } // its own retry is endless and without pause
  const rows: unknown = await new InferenceClient(context.key).textClassification({ ...asked, ...to }, options).catch((error: unknown) => {
    throw signal.aborted ? error : failureIn(error)
  })
  return readingOf(probabilitiesIn(rows, table), ID, model)
}

/** The client's own errors; all others were made by `wireFetch`. */
function failureIn(error: unknown): unknown {
  const name = error instanceof Error ? error.name : ''
  if (name === 'ProviderOutputError') return new BadResponseError('a list of { label, score } expected')
  if (name === 'InputError') return new ProviderError({ provider: ID, reason: 'not-found', message: 'the model is no text classifier of hf-inference' })
  return error
}

const client = (): Promise<typeof import('@huggingface/inference')> =>
  import('@huggingface/inference').catch((): never => {
    throw new ProviderError({ provider: ID, reason: 'unavailable', message: 'a package is missing: npm install @huggingface/inference' })
  })
