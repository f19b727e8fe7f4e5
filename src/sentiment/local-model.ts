import { BadResponseError, ConfigError, ProviderError } from '../errors.js'
import type { TextSentiment } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { eachText, READING_MS, Readings, textsOf } from './each-text.js'
import { type LabelMap, labelTable, probabilitiesIn, readingOf, type Tone } from './labels.js'
import { modelFacts } from './models.js'

const ID = 'transformers-js'
const ENGINE = 'local-cpu'

/** A text-classification pipeline of transformers.js: `await pipeline('text-classification', …)`. */
export type TextClassifier = (text: string, options: { top_k: number | null }) => Promise<unknown>

/** Options of `localModel()`, beside those that every provider takes. */
export interface LocalModelOptions extends Omit<ProviderOptions, 'apiKey' | 'hosts' | 'plan'> {
  /** A pipeline that is already there; `path`, `cacheDir` and `dtype` are of no account then, and `model` is only its name. */
  readonly pipeline?: TextClassifier | undefined
  /** Folder of models, or of the model itself where `model` is left out. Nothing is fetched then. */
  readonly path?: string | undefined
  /** Folder of the model under `path`; without `path` its id on huggingface.co: it is fetched with the first text, and kept. */
  readonly model?: string | undefined
  /** Where fetched models are kept: the default of transformers.js lies inside node_modules. @default './.cache/feedmux-models' */
  readonly cacheDir?: string | undefined
  /** Number type of the weights. @default 'q8' */
  readonly dtype?: 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | undefined
  /** Of a model that `textModels` lacks. @default labels that say themselves what they mean, as positive or bearish */
  readonly labels?: LabelMap | undefined
  /** How long the reading of a text is used again, in ms; 0: never. @default 300_000 */
  readonly cacheMs?: number | undefined
}

/**
 * Text sentiment by a classifier on this machine's CPU, through `@huggingface/transformers`, which is loaded with the first text: install it beside
 * feedmux. Texts longer than the model takes are cut by its own tokenizer. Loading can take longer than the time of a request: then it goes on, and a
 * later request finds it done. Throws `ConfigError` where neither a pipeline nor a model is named.
 */
export function localModel(options: LocalModelOptions): Provider<'textSentiment'> {
  const { pipeline, path, model, cacheDir, dtype, labels, cacheMs = READING_MS, ...common } = options
  if (pipeline === undefined && path === undefined && model === undefined)
    throw new ConfigError('localModel: give a pipeline, the path of a model or the id of one')
  const name = model ?? path?.replace(/[/\\]+$/, '').replace(/^.*[/\\]/, '')
  const facts = modelFacts(name, labels)
  const table = labelTable(facts.labels)
  const readings = new Readings(cacheMs)
  let loading: Promise<TextClassifier> | undefined
  const classifier = (): Promise<TextClassifier> =>
    (loading ??= loaded({ pipeline, path, model, cacheDir, dtype }, facts.maxTokens).catch((error: unknown) => {
      loading = undefined // a folder that is missing may come
      throw error
    }))
  return defineProvider<'textSentiment'>(
    {
      id: ID,
      name: 'transformers.js',
      homepage: 'https://huggingface.co/docs/transformers.js',
      docs: 'https://huggingface.co/docs/transformers.js/api/pipelines',
      endpoints: {
        textSentiment: {
          call: (params, context) => eachText(textsOf(ID, params), context, { readings, atOnce: 1, read: (text) => read(classifier, text, table, name) }),
        },
      },
    },
    common,
  )
}

async function read(
  classifier: () => Promise<TextClassifier>,
  text: string,
  table: ReadonlyMap<string, Tone>,
  name: string | undefined,
): Promise<TextSentiment> {
  const classify = await classifier()
  let rows: unknown
  try {
    rows = await classify(text, { top_k: null })
  } catch (error) {
    throw new BadResponseError(`the model failed (${nameOf(error)})`)
  }
  return readingOf(probabilitiesIn(rows, table), ENGINE, name)
}

type Where = Pick<LocalModelOptions, 'pipeline' | 'path' | 'model' | 'cacheDir' | 'dtype'>

async function loaded(where: Where, maxTokens: number): Promise<TextClassifier> {
  const { pipeline: ready, path, model, cacheDir = './.cache/feedmux-models', dtype = 'q8' } = where
  if (ready) return ready
  const { AutoModelForSequenceClassification, AutoTokenizer, TextClassificationPipeline } = await library()
  const id = path === undefined ? (model ?? '') : asPath(model === undefined ? path : `${path.replace(/[/\\]+$/, '')}/${model}`)
  const from = { cache_dir: cacheDir, local_files_only: path !== undefined }
  try {
    // its pipeline() looks at config.json first without these options, and keeps what it fetches in node_modules
    const [tokenizer, network] = await Promise.all([
      AutoTokenizer.from_pretrained(id, from),
      AutoModelForSequenceClassification.from_pretrained(id, { ...from, dtype }),
    ])
    // many a tokenizer's own limit is 1e30: the model then fails on longer texts than it has places for
    Object.defineProperty(tokenizer, 'model_max_length', { value: Math.min(tokenizer.model_max_length, maxTokens) })
    const made = new TextClassificationPipeline({ task: 'text-classification', model: network, tokenizer })
    return (text, { top_k }) => made(text, { top_k })
  } catch (error) {
    const message = `the model could not be loaded (${nameOf(error)}): look at path, model and dtype '${dtype}'`
    throw new ProviderError({ provider: ID, reason: 'unavailable', message })
  }
}

/** Without a mark of a path the library would take it for an id on huggingface.co. */
const asPath = (folder: string): string => (/^([/\\.]|[A-Za-z]:)/.test(folder) ? folder : `./${folder}`)

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'no error')

const library = (): Promise<
  Pick<typeof import('@huggingface/transformers'), 'AutoModelForSequenceClassification' | 'AutoTokenizer' | 'TextClassificationPipeline'>
> =>
  import('@huggingface/transformers').catch((): never => {
    // the latter on Alpine, say: its native code is for glibc
    const message = 'a package is missing, or does not run on this system: npm install @huggingface/transformers'
    throw new ProviderError({ provider: ID, reason: 'unavailable', message })
  })
