import { feedProvider } from '../provider/news/feeds.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** News of CoinDesk, its newest 25 articles. No key. */
export function coindeskRss(options: ProviderOptions = {}): Provider<'news'> {
  return feedProvider(
    {
      id: 'coindesk-rss',
      name: 'CoinDesk',
      publisher: 'CoinDesk',
      homepage: 'https://www.coindesk.com',
      docs: 'https://www.coindesk.com/arc/outboundfeeds/rss',
      url: 'https://www.coindesk.com/arc/outboundfeeds/rss', // with a final slash it redirects
    },
    options,
  )
}
