import { ConfigError } from '../errors.js'
import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** Which feed, and what to call it. */
export interface RssOptions extends ProviderOptions {
  /** Address of an RSS, Atom, RDF or JSON feed. Without one the provider is off. */
  readonly url?: string | undefined
  /** Needed for a second feed of the same host. @default 'rss-' and the host: 'rss-example-com' */
  readonly id?: string | undefined
  /** Named with each article. @default the title of the feed */
  readonly publisher?: string | undefined
}

const HOMEPAGE = 'https://www.rssboard.org/rss-specification'

/**
 * News of any feed: `rss({ url: 'https://example.com/feed.xml' })`. Several stand beside each other in one router. Throws `ConfigError` for an address that
 * is none, or that holds credentials.
 */
export function rss({ url, id, publisher, ...options }: RssOptions = {}): Provider<'news'> {
  if (url === undefined && options.enabled === true && options.hosts === undefined) throw noFeed()
  if (url === undefined) return feedProvider({ id: id ?? 'rss', name: publisher ?? 'Any feed', homepage: HOMEPAGE, docs: HOMEPAGE }, options)
  const page = pageOf(url)
  const host = page.hostname.replace(/^www\./, '')
  const own =
    id ??
    `rss-${host
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')}`
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(own)) throw new ConfigError(`rss: id must be kebab-case like 'rss-example-com', got ${JSON.stringify(own)}`)
  return feedProvider({ id: own, name: publisher ?? host, publisher, homepage: page.origin, docs: HOMEPAGE, url: page.href }, options)
}

const noFeed = (): ConfigError => new ConfigError(`rss: url must be the http(s) address of a feed, like 'https://example.com/feed.xml'`)

/** The address is not repeated where it is wrong: what is wrong with it may be a password. */
function pageOf(url: unknown): URL {
  const page = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (page === undefined || !/^https?:$/.test(page.protocol)) throw noFeed()
  if (page.username !== '' || page.password !== '') throw new ConfigError('rss: url must be without credentials, like https://example.com/feed.xml')
  return page
}
