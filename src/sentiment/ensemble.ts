import { BadResponseError, ConfigError, ProviderError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { TextSentiment } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import type { CallContext, Provider, ProviderOptions } from '../provider/provider.js'
import { textsOf } from './each-text.js'
import { probabilitiesOf, type Probabilities, readingOf } from './labels.js'
import { type Answered, type Failed, Member } from './ensemble.member.js'

const ID = 'ensemble'
const FEWEST = 2

/** Options of `ensemble()`, beside those that every provider takes. */
export interface EnsembleOptions extends Omit<ProviderOptions, 'apiKey' | 'hosts' | 'plan'> {
  /** One per engine, in their order, relative. @default 1 each */
  readonly weights?: readonly number[] | undefined
  /** With fewer answers than this the ensemble fails, and the next provider is asked. @default 2 */
  readonly minimum?: number | undefined
  /** Patience with one engine, in ms of real time; keep it below the router's `timeoutMs`. @default 3_000 */
  readonly patienceMs?: number | undefined
}

/**
 * Asks several engines for the same texts at the same time: probabilities are their weighted mean, `agreement` is the share of the weight that says the
 * same label as the whole. An engine that fails is left out, and named; after a 429, a 402, a refused key or while its model is being loaded it is not
 * asked for as long as it says. Throws `ConfigError` for engines that cannot be asked this way, and for weights that don't fit them.
 */
export function ensemble(engines: readonly Provider<'textSentiment'>[], options: EnsembleOptions = {}): Provider<'textSentiment'> {
  const { weights = engines.map(() => 1), minimum = FEWEST, patienceMs = 3_000, ...common } = options
  if (!(Number.isInteger(minimum) && minimum >= FEWEST && minimum <= engines.length))
    throw new ConfigError(`ensemble: minimum must be a whole number from ${FEWEST} to the number of engines (${engines.length}), got ${minimum}`)
  if (weights.length !== engines.length || !weights.every((weight) => weight > 0 && Number.isFinite(weight)))
    throw new ConfigError(`ensemble: weights must be one number > 0 for each of the ${engines.length} engines`)
  if (!(patienceMs > 0)) throw new ConfigError(`ensemble: patienceMs must be > 0, got ${patienceMs}`)
  const members = engines.map((engine, index) => new Member(engine, weights[index] ?? 1, patienceMs))
  return defineProvider<'textSentiment'>(
    {
      id: ID,
      name: 'Several engines',
      homepage: 'https://www.npmjs.com/package/feedmux',
      docs: 'https://www.npmjs.com/package/feedmux',
      ...(engines.some(({ metered }) => metered) && { metered: true }),
      endpoints: {
        textSentiment: {
          supports: (params) => members.filter((member) => member.canAnswer(params)).length >= minimum,
          call: (params, context) => readings(members, minimum, params, context),
        },
      },
    },
    common,
  )
}

async function readings(members: readonly Member[], minimum: number, params: ParamsOf<'textSentiment'>, context: CallContext): Promise<TextSentiment[]> {
  const texts = textsOf(ID, params)
  const outcomes = await Promise.all(members.map((member) => member.ask(params, context)))
  const answered = outcomes.filter((outcome) => 'readings' in outcome)
  const failed = outcomes.filter((outcome) => 'reason' in outcome)
  if (answered.length < minimum) {
    const why = failed.map(({ engine, reason }) => `${engine}: ${reason}`).join(', ')
    const message = `${answered.length} of ${members.length} engines answered, ${minimum} are needed (${why})`
    throw new ProviderError({ provider: ID, message, ...whatLacks(failed, minimum - answered.length) })
  }
  const leftOut = failed.map(({ engine, reason }) => ({ engine, reason }))
  return texts.map((_, index) => ({ ...together(answered, index), ...(leftOut.length > 0 && { leftOut }) }))
}

/** Whoever has to come back before so many more answer again decides: who failed without naming a time may answer the next question. */
function whatLacks(failed: readonly Failed[], more: number): Pick<ProviderError, 'reason'> & Pick<Failed, 'retryAfterMs'> {
  const returning = failed.filter(({ failure }) => failure !== undefined).toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))
  const { failure = 'unavailable', retryAfterMs } = returning[more - 1] ?? {}
  return { reason: failure, retryAfterMs }
}

/** What the engines say of one text. */
function together(answered: readonly Answered[], index: number): TextSentiment {
  const total = answered.reduce((sum, { weight }) => sum + weight, 0)
  const mean = { bullish: 0, neutral: 0, bearish: 0 }
  const members = answered.map(({ readings: all, weight }) => {
    const reading = all[index]
    if (reading === undefined) throw new BadResponseError('a reading of each text expected')
    const share = weight / total
    add(mean, probabilitiesOf(reading), share)
    const { engine, model, label, score } = reading
    return { engine, ...(model !== undefined && { model }), label, score, weight: share }
  })
  const reading = readingOf(mean, ID)
  const agreement = members.reduce((sum, { label, weight }) => sum + (label === reading.label ? weight : 0), 0)
  return { ...reading, agreement, members }
}

function add(mean: Record<keyof Probabilities, number>, { bullish, neutral, bearish }: Probabilities, share: number): void {
  mean.bullish += bullish * share
  mean.neutral += neutral * share
  mean.bearish += bearish * share
}
