import type { ParamsOf } from '../../model/capabilities.js'
import type { NewsItem } from '../../model/insight.js'
import { DEFAULT_NEWS } from './news.js'
import { symbolNamed } from './news-names.js'

/** A story goes round within two days; a headline that comes back later is another story. */
const SAME_STORY_MS = 172_800_000
/** Share of the longer headline that the shorter one must have. */
const ALIKE = 0.8
/** Shorter headlines («Market wrap») are alike without meaning the same. */
const FEWEST_WORDS = 4
const FEWEST_LETTERS = 20
/** Bounds for lists that nobody would read. */
const MOST_ITEMS = 5_000
const MOST_COMPARED = 50
const MOST_WORDS = 40

/**
 * Lists of several providers as one, newest first, the same whichever came first. Two are one article where they have one address (whatever its scheme,
 * `www.` and final slash), or where within 48 hours one headline has all the words of the other, and these are four fifths of its own: for sets of words
 * a Jaccard index of 0.8. Containment is asked for because a headline with one word replaced (inflows, outflows) tells something else, and so do
 * figures and denials among the words that are more, and another order of the same words (who sues whom), but for a clause moved to the front. The article that was published first stays, with the symbols of all.
 */
export function combineNews(lists: readonly (readonly NewsItem[])[], { limit = DEFAULT_NEWS }: ParamsOf<'news'>): NewsItem[] {
  const items = lists.flat().toSorted(newestFirst).slice(0, MOST_ITEMS).toReversed()
  const wordsOf = new Map(items.map((item) => [item, wordsIn(item)]))
  const stories = new Stories([...wordsOf.values()])
  const byAddress = new Map<string, NewsItem>()
  const symbols = new Map<NewsItem, readonly string[]>()
  for (const item of items) {
    const address = addressOf(item)
    const words = wordsOf.get(item) ?? []
    const story = byAddress.get(address) ?? stories.find(words, item.publishedAt) ?? item
    if (story === item) stories.add(item, words)
    byAddress.set(address, story)
    symbols.set(story, [...(symbols.get(story) ?? []), ...(item.symbols ?? [])])
  }
  return [...symbols]
    .map(([item, of]) => (of.length === 0 ? item : { ...item, symbols: [...new Set(of)].toSorted() }))
    .toReversed()
    .slice(0, limit)
}

/** By time; what came at the same moment stands in an order of its own, not in that of the lists. */
const newestFirst = (a: NewsItem, b: NewsItem): number =>
  b.publishedAt - a.publishedAt || compare(b.url, a.url) || compare(JSON.stringify(b), JSON.stringify(a))
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const addressOf = ({ url }: NewsItem): string => url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/(?=$|\?)/, '')

/** Words without which a headline says the same. */
const FILLING = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'has', 'in', 'is', 'its', 'of', 'on', 'the', 'to', 'with'])
/** Words that turn a headline round, and figures. */
const DECISIVE =
  /\p{N}|^(?:no|not|never|without|against|again|cannot|(?:ca|wo|do|does|did|is|are|was|has|have|had|could|would)nt|den(?:y|ies|ied)|false|fake|fail(?:s|ed)?|refus(?:es?|ed)|reject(?:s|ed)?|delay(?:s|ed)?|postpone[sd]?|cancel(?:s|ed|led)?|scrap(?:s|ped)?|halt(?:s|ed)?|pause[sd]?|stop(?:s|ped)?|drop(?:s|ped)?|block(?:s|ed)?|withdraws?|withdrew|end(?:s|ed)?|former|ex)$/u

/** The words of a headline, each once: assets by symbol, `$1.2 billion` and `1.2b`, `100,000` and `100K`, `U.S.` and `US` alike. */
function wordsIn({ title }: NewsItem): string[] {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|['’]s\b|['’]|(?<=\d),(?=\d)/gu, '')
    .replace(/(?<![\p{L}\p{N}])(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}])/gu, (initials) => initials.replaceAll('.', ''))
    .replace(/(\d)\s?(?:([kmbt])|thousan(d)|([mbt])(?:illion|rillion|n))\b/g, (_, digit: string, a = '', b = '', c = '') => `${digit}${a}${b && 'k'}${c}`)
    .replace(/(?<=\d)(?:0{9}|0{6}|0{3})\b/g, (zeros) => 'kmb'.charAt(zeros.length / 3 - 1))
  const words = plain.match(/[\p{L}\p{N}]+(?:\.\p{N}+)?/gu) ?? []
  const telling = words.filter((word) => !FILLING.has(word)).slice(0, MOST_WORDS)
  return [...new Set(telling.map((word) => symbolNamed(word)?.toLowerCase() ?? word))]
}

/** The articles found so far by the rarest of their words: two that are alike share at least one of them. */
class Stories {
  readonly #frequency = new Map<string, number>()
  readonly #byWord = new Map<string, { readonly item: NewsItem; readonly words: Words }[]>()

  constructor(headlines: readonly (readonly string[])[]) {
    for (const word of headlines.flat()) this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1)
  }

  add(item: NewsItem, words: readonly string[]): void {
    if (isShort(words)) return
    const entry = { item, words: new Set(words) }
    for (const word of this.#rarest(words)) {
      const entries = this.#byWord.get(word)
      if (entries) entries.push(entry)
      else this.#byWord.set(word, [entry])
    }
  }

  /** The first article that tells the same, not longer ago than a story lives. */
  find(words: readonly string[], at: number): NewsItem | undefined {
    if (isShort(words)) return undefined
    const own = new Set(words)
    let found: NewsItem | undefined
    for (const word of this.#rarest(words)) {
      const entries = this.#byWord.get(word) ?? []
      for (let i = entries.length - 1; i >= Math.max(0, entries.length - MOST_COMPARED); i--) {
        const entry = entries[i]
        if (entry === undefined || at - entry.item.publishedAt > SAME_STORY_MS) break
        if (areAlike(entry.words, own) && (found === undefined || newestFirst(found, entry.item) < 0)) found = entry.item
      }
    }
    return found
  }

  /** As many that no headline without any of them can be alike. */
  #rarest(words: readonly string[]): string[] {
    const rank = (word: string): number => this.#frequency.get(word) ?? 0
    return words.toSorted((a, b) => rank(a) - rank(b) || compare(a, b)).slice(0, words.length - Math.ceil(words.length * ALIKE) + 1)
  }
}

const isShort = (words: readonly string[]): boolean => words.length < FEWEST_WORDS && words.join('').length < FEWEST_LETTERS

/** In their order, each once. */
type Words = ReadonlySet<string>

function areAlike(a: Words, b: Words): boolean {
  const [less, more] = a.size <= b.size ? [a, b] : [b, a]
  if (less.size < more.size * ALIKE) return false
  for (const word of less) if (!more.has(word)) return false
  for (const word of more) if (!less.has(word) && DECISIVE.test(word)) return false
  return isTurned(
    [...less],
    [...more].filter((word) => less.has(word)),
  )
}

/** Whether both are the same row, wherever it begins: «A rises as B falls», «As B falls, A rises». */
function isTurned(row: readonly string[], other: readonly string[]): boolean {
  const start = other.indexOf(row[0] ?? '')
  return row.every((word, i) => word === other[(start + i) % other.length])
}
