import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of The Block, its newest 20 articles. No key. */
export function theblockRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'theblock-rss',
      name: 'The Block',
      publisher: 'The Block',
      homepage: 'https://www.theblock.co',
      docs: 'https://www.theblock.co/rss.xml',
      url: 'https://www.theblock.co/rss.xml',
    },
    options,
  )
}
