import * as z from 'zod'
import type { TextSentiment } from '../../model/insight.js'
import { figure, iso, isoField, known, provenanceFields, rounded, words } from '../fields.js'
import { mean } from '../insight/textbook.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'

const tag = 'AI'

const MOST_CHARACTERS = 5_000
const textField = z
  .string()
  .max(MOST_CHARACTERS, `at most ${MOST_CHARACTERS} characters expected`)
  .refine((text) => text.trim() !== '', 'a text that is not empty expected')

/** The tone as pages show it. */
const WORDS = { bullish: 'Bullish', neutral: 'Neutral', bearish: 'Bearish' } as const satisfies Record<TextSentiment['label'], string>
const wordField = z.enum(['Bullish', 'Neutral', 'Bearish'])

const run = route({
  method: 'POST',
  path: '/api/hf/run-sentiment',
  tag,
  kind: 'data',
  summary: 'Reads texts: the score of each from −1 (bearish) to 1 (bullish), and their mean as vote',
  body: z.strictObject({ texts: z.array(textField).min(1).max(100) }),
  answer: z.object({
    vote: figure,
    results: z.array(z.object({ text: z.string(), sentiment: wordField.nullable(), score: figure, confidence: figure, engine: words, model: words })),
    count: z.int(),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { texts } = call.body
    const result = await call.ask('textSentiment', { texts })
    const scores = result.data.map(({ score }) => score)
    const results = texts.map((text, i) => {
      const read = result.data[i]
      const about = { confidence: rounded(read?.confidence, 6), engine: known(read?.engine), model: known(read?.model) }
      return { text, sentiment: read === undefined ? null : WORDS[read.label], score: rounded(read?.score, 6), ...about }
    })
    return fromRouter(result, { vote: rounded(mean(scores), 6), results, count: results.length, timestamp: iso(call.api.now()) })
  },
})

const analyze = route({
  method: 'POST',
  path: '/api/sentiment/analyze',
  tag,
  kind: 'data',
  summary: 'Reads one text: its score is from −1 (surely bearish) to 1 (surely bullish)',
  body: z.strictObject({ text: textField }),
  answer: z.object({
    sentiment: wordField.nullable(),
    score: figure,
    confidence: figure,
    engine: words,
    model: words,
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const result = await call.ask('textSentiment', { texts: [call.body.text] })
    const [read] = result.data
    return fromRouter(result, {
      sentiment: read === undefined ? null : WORDS[read.label],
      score: rounded(read?.score, 6),
      confidence: rounded(read?.confidence, 6),
      engine: known(read?.engine),
      model: known(read?.model),
      timestamp: iso(call.api.now()),
    })
  },
})

/** Texts that the caller sends. */
export const textRoutes: readonly Route[] = [run, analyze]
