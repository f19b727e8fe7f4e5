import type { AnyFeed } from 'feedsmith'
import { BadResponseError } from '../../errors.js'
import type { NewsItem } from '../../model/insight.js'
import { combineNews } from './combine-news.js'
import { defineProvider } from '../define-provider.js'
import { articleOf, entryOf, itemOf } from './feed-rows.js'
import { askedOf, newsItems, USER_AGENT } from './news.js'
import type { Provider, ProviderFacts, ProviderOptions } from '../provider.js'
import { read } from '../read.js'

const ACCEPT = 'application/rss+xml, application/atom+xml, application/xml, text/xml'
const MOST_BYTES = 5_000_000
const MOST_ITEMS = 1_000
const A_MINUTE = 60_000
// a limit of one is kept with a margin: until it may be asked again
const REUSED = 70_000

/** One feed. */
export interface Feed extends Pick<ProviderFacts, 'id' | 'name' | 'homepage' | 'docs'> {
  /** Where it is; left out: nowhere, the provider is off. */
  readonly url?: string
  /** @default the title of the feed */
  readonly publisher?: string | undefined
}

/** A provider of news out of one RSS, Atom, RDF or JSON feed: at most a request a minute, and only for what is new. */
export function feedProvider({ url, publisher, ...facts }: Feed, options: ProviderOptions = {}): Provider<'news'> {
  const { origin, pathname, search } = new URL(url ?? 'https://feed.invalid')
  return defineProvider<'news'>(
    {
      ...facts,
      ...(url === undefined ? { enabled: false } : { hosts: [origin] }),
      limits: [{ requests: 1, perMs: A_MINUTE, scope: 'ip' }],
      reuseMs: REUSED, // whatever is asked of it, it is one feed
      probe: { capability: 'news', params: { limit: 1 } },
      endpoints: {
        news: {
          request: () => ({
            path: `${pathname.slice(1)}${search}`,
            as: 'text',
            conditional: true,
            maxBytes: MOST_BYTES,
            headers: { accept: ACCEPT, 'user-agent': USER_AGENT },
          }),
          parse: (body, _, { now }) => itemsOf(read.string(body, 'feed'), publisher, now),
          narrow: askedOf,
          combine: combineNews,
        },
      },
    },
    options,
  )
}

async function itemsOf(text: string, publisher: string | undefined, now: number): Promise<NewsItem[]> {
  const { format, feed } = await parsed(text)
  const { title } = feed
  const from = publisher ?? (typeof title === 'string' ? title : title?.value)
  const rows = (format === 'atom' ? feed.entries : feed.items) ?? []
  // the parser leaves out what it can not read
  if (rows.length === 0 && ANY_ITEM.test(text)) throw new BadResponseError('feed: articles that can be read expected, got others')
  const candidateOf = format === 'atom' ? entryOf : format === 'json' ? articleOf : itemOf
  return newsItems(rows, (row) => ({ publisher: from, ...candidateOf(row) }), { limit: MOST_ITEMS }, now)
}

const ANY_ITEM = /<(?:\w+:)?(?:item|entry)[\s/>]|"items"\s*:\s*\[\s*[^\]\s]/i

// Some publishers send controls that XML does not have, which would cost the whole feed.
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu
// So does a bare «less than», which begins no tag; where it stands in CDATA, the text is decoded later as well.
const LESS_THAN = /<(?=[\s\d$€£])/g

async function parsed(text: string): Promise<AnyFeed> {
  const clean = text.replace(CONTROLS, '').replace(LESS_THAN, '&lt;')
  checkMarkup(clean)
  const { parseFeed } = await import('feedsmith')
  try {
    return parseFeed(clean, { maxItems: MOST_ITEMS })
  } catch {
    throw new BadResponseError(`feed: RSS, Atom, RDF or JSON Feed expected, got ${/<html[\s>]/i.test(clean) ? 'an HTML page' : 'something else'}`)
  }
}

/** Of markup, apart from texts: a feed of a thousand articles has less. More of it keeps a parser busy for seconds. */
const MOST_MARKUP = 1_000_000
/** What stands between these is no markup. */
const WHOLE: readonly (readonly [opens: string, closes: string])[] = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
]

/**
 * Refuses what is in no honest feed before it is parsed: a document type with declarations of its own (entities, wherever they point to), and markup
 * without end. One pass.
 */
function checkMarkup(text: string): void {
  let markup = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const whole = WHOLE.find(([opens]) => text.startsWith(opens, at))
    const found = whole ? text.indexOf(whole[1], at) : endOfTag(text, at)
    const end = found === -1 ? text.length : found
    if (!whole) markup += end - at
    if (markup > MOST_MARKUP) throw new BadResponseError(`feed: at most ${MOST_MARKUP} characters of markup expected, got more`)
    if (!whole && /^<!d/i.test(text.slice(at, at + 3)) && text.slice(at, end).includes('['))
      throw new BadResponseError('feed: one without declarations of its own expected, got some')
    at = end + 1
  }
}

/** Where a tag closes: not within quotes. */
function endOfTag(text: string, at: number): number {
  let quote = ''
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i)
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '>') return i
  }
  return -1
}
