import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of Decrypt. No key. */
export function decryptRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'decrypt-rss',
      name: 'Decrypt',
      publisher: 'Decrypt',
      homepage: 'https://decrypt.co',
      docs: 'https://decrypt.co/feed',
      url: 'https://decrypt.co/feed',
    },
    options,
  )
}
