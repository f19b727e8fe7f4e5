import type { TextSentiment } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { textsOf } from './each-text.js'
import { type Probabilities, readingOf } from './labels.js'
import { cryptoWords } from './lexicon.overlay.js'
import { financeWords } from './lexicon.words.js'

const ID = 'lexicon'

/** How far back a negation reaches, in words; a clause ends it. */
const REACH = 3
/** What is left of a word that is negated: «not good» is less bad than «bad». */
const NEGATED = -0.75
const INTENSIFIED = 1.5
/** Sum of the words' values at which a text is half as sure as it can be, squared. */
const SPREAD = 6
/** Logits of bullish at full strength and of neutral; bearish is the opposite of bullish. No label gets more than p = 0.5 out of these. */
const SIDE = 0.55
const NEUTRAL = 0.15
/** Longest text that is read, in characters. */
const LONGEST = 20_000

const NEGATIONS = new Set('not no never none without neither nor cannot hardly barely denies denied deny fails failed fail'.split(' '))
/** These end what they are said of: a ban that is lifted, a lawsuit that is dismissed. */
const ENDINGS = new Set(
  'lifts lifted lifting dismisses dismissed averts averted avoids avoided ends ended withdraws withdrawn eases eased easing defuses rejects rejected prevents prevented'.split(
    ' ',
  ),
)
const INTENSIFIERS = new Set('very extremely sharply massive massively huge hugely heavy heavily steeply steep dramatically biggest largest worst'.split(' '))

let known: ReadonlyMap<string, number> | undefined
const valences = (): ReadonlyMap<string, number> =>
  (known ??= new Map([...financeWords, ...cryptoWords].flatMap(([valence, words]) => words.split(/\s+/).map((word) => [word, valence] as const))))

/** What is said of the market in one text, by its words alone: the sum of their values, negations turned round. 0 where no word is known. Pure. */
export function lexiconSum(text: string): number {
  return clausesOf(text).reduce((sum, words) => sum + sumOf(words), 0)
}

/**
 * A reading by words alone: pure, without key or network, always there, and often wrong (docs/sentiment.md has the figures). With s = sum / √(sum² + 6),
 * the probabilities are the softmax of (0.55 s, 0.15, −0.55 s) for bullish, neutral, bearish: |score| ≤ 0.34, confidence ≤ 0.5, neutral while |sum| < 0.7.
 */
export function lexiconReading(text: string): TextSentiment {
  const sum = lexiconSum(text)
  return readingOf(softmax((SIDE * sum) / Math.sqrt(sum * sum + SPREAD)), ID)
}

/** Text sentiment by a list of words: the last in line, for when no classifier answers. */
export function lexicon(options: Omit<ProviderOptions, 'apiKey' | 'hosts' | 'plan'> = {}): Provider<'textSentiment'> {
  return defineProvider<'textSentiment'>(
    {
      id: ID,
      name: 'Word list',
      homepage: 'https://github.com/theryan722/afinn-165-financialmarketnews',
      docs: 'https://github.com/theryan722/afinn-165-financialmarketnews',
      role: 'last-resort',
      endpoints: { textSentiment: { call: async (params) => textsOf(ID, params).map(lexiconReading) } },
    },
    options,
  )
}

function softmax(side: number): Probabilities {
  const [bullish, neutral, bearish] = [Math.exp(side), Math.exp(NEUTRAL), Math.exp(-side)]
  const sum = bullish + neutral + bearish
  return { bullish: bullish / sum, neutral: neutral / sum, bearish: bearish / sum }
}

/** Words in lower case, clause by clause. A ticker (`$HOPE`) is a name, not a word. */
function clausesOf(text: string): string[][] {
  const clauses = text
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[.,;:!?()[\]"“”]+(?=\s|$)|\s[–—-]\s|\n|\b(?:but|although|though|despite|after|as|while)\b/u)
  return clauses.map((clause) =>
    (clause.match(/\$?[\p{L}\p{N}]+(?:'\p{L}+)?/gu) ?? []).filter((word) => !word.startsWith('$')).map((word) => word.replace(/'s$/, '')),
  )
}

function sumOf(words: readonly string[]): number {
  let sum = 0
  for (let i = 0; i < words.length; i++) {
    const found = phraseAt(words, i)
    if (found === undefined) continue
    sum += found.valence * strengthAt(words, i, found.valence)
    i += found.length - 1
  }
  return sum
}

/** The longest phrase that begins here, of at most three words. */
function phraseAt(words: readonly string[], at: number): { readonly valence: number; readonly length: number } | undefined {
  const word = words[at] ?? ''
  if (NEGATIONS.has(word) || ENDINGS.has(word)) return undefined
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const valence = valences().get(words.slice(at, at + length).join('_'))
    if (valence !== undefined) return { valence, length }
  }
  return undefined
}

function strengthAt(words: readonly string[], at: number, valence: number): number {
  const before = words.slice(Math.max(0, at - REACH), at)
  const turned = before.some((word) => NEGATIONS.has(word) || word.endsWith("n't") || (valence < 0 && ENDINGS.has(word)))
  return (turned ? NEGATED : 1) * (INTENSIFIERS.has(words[at - 1] ?? '') ? INTENSIFIED : 1)
}
