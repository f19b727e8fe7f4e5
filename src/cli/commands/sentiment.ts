import type { TextSentiment } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { signed } from '../format.js'
import { type CommandDefinition, ROUTER_OPTIONS } from '../options.js'
import { footer } from '../provenance.js'
import { table } from '../table.js'
import { UsageError } from '../usage-error.js'

const LONGEST = 60
/** Of a character that was cut in two. */
const HALF = /[\uD800-\uDBFF]$/

/** `feedmux sentiment "Bitcoin rises after the vote"` */
export const sentiment: CommandDefinition = {
  name: 'sentiment',
  takes: '<texts...>',
  description: 'whether texts are bullish or bearish: a model where a key is given, else a word list',
  examples: ['feedmux sentiment "Bitcoin rises after the vote"', 'feedmux sentiment -p lexicon "Exchange hacked" "Inflows at a record" --json'],
  options: ROUTER_OPTIONS,
  async run(io, texts, flags) {
    if (texts.some((text) => text.trim() === '')) throw new UsageError('a text is empty: write it in quotes')
    return answer(io, flags, 'reading', async ({ router, request, colours }) => {
      const result = await router.request('textSentiment', { texts }, request)
      return { json: result, text: sentimentView(result, texts, colours) }
    })
  },
}

/** A line for each text. */
function sentimentView(result: RouterResult<TextSentiment[]>, texts: readonly string[], colours: Colours): string {
  const rows = result.data.map(({ label, score, confidence, engine, model }, i) => {
    const text = texts[i] ?? ''
    return [
      text.length > LONGEST ? `${text.slice(0, LONGEST).replace(HALF, '')}…` : text,
      paintOf(label, colours)(label),
      signed(score),
      `${Math.round(confidence * 100)} %`,
      model === undefined ? engine : `${engine} ${colours.dim(model)}`,
    ]
  })
  return [table(['text', 'mood', '>score', '>sure', 'read by'], rows), footer(result, colours)].join('\n')
}

/** The colour of a mood. */
export const paintOf = (label: TextSentiment['label'], { red, green, yellow }: Colours): ((text: string) => string) =>
  label === 'bullish' ? green : label === 'bearish' ? red : yellow
