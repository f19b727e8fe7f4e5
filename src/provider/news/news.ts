import { BadResponseError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { NewsItem } from '../../model/insight.js'
import { timeOf } from './dates.js'
import { speaksOf } from './news-names.js'
import { plainText } from './plain-text.js'
import { known, read } from '../read.js'
import type { Row } from '../rows.js'

/** Articles asked without a limit. */
export const DEFAULT_NEWS = 50

/** Said to publishers: many refuse whoever does not say who asks. */
export const USER_AGENT = 'feedmux (+https://www.npmjs.com/package/feedmux)'

/** One article as it came, nothing of it checked. */
export interface NewsCandidate {
  /** @default its address */
  readonly id?: unknown
  /** HTML or plain. */
  readonly title: unknown
  readonly url: unknown
  /** @default the host of its address */
  readonly publisher?: unknown
  /** Unix ms, or a date as RFC 822 or ISO 8601 write it (`timeOf`). */
  readonly publishedAt: unknown
  /** HTML or plain. */
  readonly summary?: unknown
  readonly imageUrl?: unknown
  readonly symbols?: readonly unknown[] | undefined
}

/** A longer list is no answer to any question. */
const MOST_ROWS = 2_000
const MOST_SYMBOLS = 20
/** Clocks and time zones are off by hours; what lies further ahead would stay on top for ever. */
const AHEAD_MS = 86_400_000

const TITLE = 300
const SUMMARY = 500
const PUBLISHER = 100

/**
 * Articles, newest first, each once. One without title, address or time, or dated more than a day ahead, is left out and does not spoil the others; where
 * that leaves nothing of a list, the list is refused. Of the assets asked for, an article has one as a tag or in its words.
 */
export async function newsItems(
  rows: readonly unknown[],
  candidateOf: (row: Row) => NewsCandidate,
  params: ParamsOf<'news'>,
  now: number,
): Promise<NewsItem[]> {
  const items: NewsItem[] = []
  let first: unknown
  for (const row of rows.slice(0, MOST_ROWS)) {
    try {
      items.push(await itemOf(candidateOf(read.object(row, 'article')), now))
    } catch (error) {
      if (!BadResponseError.is(error)) throw error
      first ??= error
    }
  }
  if (items.length === 0 && rows.length > 0) throw first
  return askedOf(
    withoutRepeats(items).toSorted((a, b) => b.publishedAt - a.publishedAt),
    params,
  )
}

/** Some lists hold an article twice: the one published first stays, as where lists are combined. */
function withoutRepeats(items: readonly NewsItem[]): NewsItem[] {
  const kept = new Map<string, NewsItem>()
  for (const item of items) {
    const key = `${item.id} ${item.url}`
    const other = kept.get(key)
    if (other === undefined || item.publishedAt < other.publishedAt) kept.set(key, item)
  }
  return [...kept.values()]
}

/** Those that are asked for. */
export function askedOf(items: readonly NewsItem[], { symbols = [], limit = DEFAULT_NEWS }: ParamsOf<'news'>): NewsItem[] {
  const isAsked = symbols.length === 0 ? () => true : isAbout(symbols)
  return items.filter(isAsked).slice(0, limit)
}

function isAbout(symbols: readonly string[]): (item: NewsItem) => boolean {
  const says = speaksOf(symbols)
  return ({ title, summary = '', symbols: tags = [] }) => tags.some((tag) => symbols.includes(tag)) || says(title) || says(summary)
}

async function itemOf(candidate: NewsCandidate, now: number): Promise<NewsItem> {
  const publishedAt = timeOf(candidate.publishedAt, 'time of an article')
  if (publishedAt > now + AHEAD_MS) throw new BadResponseError('time of an article: one that has come expected, got a later one')
  const url = canonicalUrl(candidate.url)
  if (url === undefined) throw new BadResponseError('address of an article: an http(s) URL expected, got something else')
  const title = await textOf(candidate.title, TITLE)
  if (title === undefined) throw new BadResponseError('title of an article: a text expected, got none')
  const symbols = symbolsIn(candidate.symbols ?? [])
  return known<NewsItem>({
    id: idOf(candidate.id) ?? url,
    title,
    url,
    publisher: (await textOf(candidate.publisher, PUBLISHER)) ?? hostOf(url),
    publishedAt,
    summary: await textOf(candidate.summary, SUMMARY),
    imageUrl: addressOf(candidate.imageUrl)?.href,
    symbols: symbols.length > 0 ? symbols : undefined,
  })
}

const textOf = async (value: unknown, most: number): Promise<string | undefined> =>
  typeof value === 'string' ? (await plainText(value, most)) || undefined : undefined

const ID = /^[\w:/?#@!$&()*+,;=.%~-]{1,300}$/

const idOf = (id: unknown): string | undefined =>
  (typeof id === 'number' && Number.isFinite(id)) || (typeof id === 'string' && ID.test(id)) ? String(id) : undefined

const symbolsIn = (symbols: readonly unknown[]): string[] =>
  [...new Set(symbols.flatMap((symbol) => (typeof symbol === 'string' && /^[a-z0-9]{1,12}$/i.test(symbol) ? symbol.toUpperCase() : [])))].slice(0, MOST_SYMBOLS)

const TRACKING =
  /^(?:(?:utm|mtm|pk|hsa|oly|vero|mc)_.*|_hs.*|_ga|_gl|at_(?:medium|campaign)|fbclid|gclid|gbraid|wbraid|dclid|yclid|msclkid|ttclid|twclid|srsltid|igshid|mkt_tok|guccounter|guce_referrer(?:_sig)?|ref|ref_src|ref_url|referrer|source|cmp|cmpid|ncid|spm|outputtype)$/i

/**
 * The address of an article in the form in which two of the same look the same: without tracking parameters, fragment and the like. Only http(s), and
 * none with credentials; `undefined` for anything else. The final slash stays where the publisher writes it: without it not every server knows the page.
 */
export function canonicalUrl(value: unknown): string | undefined {
  const url = addressOf(value)
  if (url === undefined) return undefined
  url.hash = ''
  // what stays is left as it was written: `searchParams` would encode it anew, and the same page would have two addresses
  const query = url.search.slice(1).split('&').filter(isWanted).join('&')
  // with its question mark: of a query that begins with another one, that one would be taken for it
  url.search = query && `?${query}`
  return url.href
}

function isWanted(parameter: string): boolean {
  const [name] = new URLSearchParams(parameter).keys()
  return name !== undefined && !TRACKING.test(name)
}

const MOST_ADDRESS = 2_000
/** Encoded as in HTML where it is none: in CDATA, in JSON. No address means it so. */
const AMPERSAND = /&(?:amp;|#0*38;|#x0*26;)+/gi

function addressOf(value: unknown): URL | undefined {
  if (typeof value !== 'string' || value.length > MOST_ADDRESS) return undefined
  const written = value.replaceAll(AMPERSAND, '&')
  if (!URL.canParse(written)) return undefined
  const url = new URL(written)
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined
}

/** Host of an address, as a name. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '')
