import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of Bitcoin Magazine. No key. */
export function bitcoinMagazineRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'bitcoin-magazine-rss',
      name: 'Bitcoin Magazine',
      publisher: 'Bitcoin Magazine',
      homepage: 'https://bitcoinmagazine.com',
      docs: 'https://bitcoinmagazine.com/feed',
      url: 'https://bitcoinmagazine.com/feed',
    },
    options,
  )
}
