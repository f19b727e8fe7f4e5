import { BadResponseError, ConfigError } from '../errors.js'
import type { TextSentiment } from '../model/insight.js'

/** What a text says of the market. */
export type Tone = TextSentiment['label']

/** Tone of each label of a model, by the label's text in any case: `{ positive: 'bullish', … }`. */
export type LabelMap = Readonly<Record<string, Tone>>

/** p of each tone; they add up to 1. */
export type Probabilities = NonNullable<TextSentiment['probabilities']>

const TONES: readonly Tone[] = ['bullish', 'neutral', 'bearish']

/** Labels that say themselves what they mean. `LABEL_0` does not: only the map of its own model can tell. */
export const plainLabels: LabelMap = {
  bullish: 'bullish',
  positive: 'bullish',
  pos: 'bullish',
  neutral: 'neutral',
  neu: 'neutral',
  bearish: 'bearish',
  negative: 'bearish',
  neg: 'bearish',
}

/** Most that the probabilities of an answer may be away from 1: those of small number types are rounded. */
export const ROUNDING = 0.02

/** A map fit for looking up. Throws `ConfigError` for a tone that is none. */
export function labelTable(labels: LabelMap): ReadonlyMap<string, Tone> {
  for (const [label, tone] of Object.entries(labels))
    if (!TONES.includes(tone)) throw new ConfigError(`labels: '${label}' must be bullish, neutral or bearish, got ${JSON.stringify(tone)}`)
  return new Map(Object.entries(labels).map(([label, tone]) => [label.toLowerCase(), tone]))
}

/**
 * What a classifier gave, `[{ label, score }, …]`, as probabilities. Throws `BadResponseError` for a label that the map lacks (it is never taken for
 * neutral) and for scores that leave out a label, or are no probabilities: they must add up to 1.
 */
export function probabilitiesIn(rows: unknown, table: ReadonlyMap<string, Tone>): Probabilities {
  if (!Array.isArray(rows) || rows.length === 0) throw new BadResponseError('a list of { label, score } expected')
  const p = { bullish: 0, neutral: 0, bearish: 0 }
  let sum = 0
  for (const row of rows as unknown[]) {
    const { label, score } = (typeof row === 'object' && row !== null ? row : {}) as { label?: unknown; score?: unknown }
    if (typeof label !== 'string') throw new BadResponseError('label: a text expected')
    if (typeof score !== 'number' || !(score >= 0 && score <= 1 + ROUNDING)) throw new BadResponseError('score: a probability expected')
    const tone = table.get(label.toLowerCase())
    if (tone === undefined) throw new BadResponseError(`label '${label.slice(0, 40)}' is unknown: give the model's own map with the option labels`)
    p[tone] += score
    sum += score
  }
  if (Math.abs(sum - 1) > ROUNDING) throw new BadResponseError(`scores of all labels expected, these add up to ${sum.toFixed(2)}`)
  return scaled(p)
}

/** The same in proportion, adding up to 1. */
export function scaled({ bullish, neutral, bearish }: Probabilities): Probabilities {
  const sum = bullish + neutral + bearish
  return { bullish: bullish / sum, neutral: neutral / sum, bearish: bearish / sum }
}

/** The most probable tone; neutral where bullish and bearish are equally likely. */
export function toneOf({ bullish, neutral, bearish }: Probabilities): Tone {
  if (bullish === bearish || (neutral >= bullish && neutral >= bearish)) return 'neutral'
  return bullish > bearish ? 'bullish' : 'bearish'
}

/** A reading made of probabilities. */
export function readingOf(probabilities: Probabilities, engine: string, model?: string): TextSentiment {
  const label = toneOf(probabilities)
  const score = probabilities.bullish - probabilities.bearish
  return { label, score, confidence: probabilities[label], engine, ...(model !== undefined && { model }), probabilities }
}

/** Probabilities of a reading that does not tell them: the only ones that give its label, score and confidence, as far as there are any. */
export function probabilitiesOf({ label, score, confidence, probabilities }: TextSentiment): Probabilities {
  if (probabilities) return scaled(probabilities)
  if (label === 'neutral') return fromSides((1 - confidence + score) / 2, (1 - confidence - score) / 2)
  return label === 'bullish' ? fromSides(confidence, confidence - score) : fromSides(confidence + score, confidence)
}

const within = (p: number): number => Math.min(1, Math.max(0, p))

function fromSides(bullish: number, bearish: number): Probabilities {
  return scaled({ bullish: within(bullish), neutral: within(1 - within(bullish) - within(bearish)), bearish: within(bearish) })
}

/** Mean score of several readings: what a batch says as a whole. Undefined where there are none. */
export function vote(readings: readonly TextSentiment[]): number | undefined {
  return readings.length === 0 ? undefined : readings.reduce((sum, { score }) => sum + score, 0) / readings.length
}
