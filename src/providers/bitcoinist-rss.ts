import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of Bitcoinist. No key. */
export function bitcoinistRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'bitcoinist-rss',
      name: 'Bitcoinist',
      publisher: 'Bitcoinist',
      homepage: 'https://bitcoinist.com',
      docs: 'https://bitcoinist.com/feed/',
      url: 'https://bitcoinist.com/feed/',
    },
    options,
  )
}
