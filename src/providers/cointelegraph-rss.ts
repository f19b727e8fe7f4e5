import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of Cointelegraph. No key. */
export function cointelegraphRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'cointelegraph-rss',
      name: 'Cointelegraph',
      publisher: 'Cointelegraph',
      homepage: 'https://cointelegraph.com',
      docs: 'https://cointelegraph.com/rss',
      url: 'https://cointelegraph.com/rss',
    },
    options,
  )
}
