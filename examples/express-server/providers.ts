import { type AnyProvider, ProviderRouter, type Store, weighted } from 'feedmux'
import * as known from 'feedmux/providers'
import { huggingFace, lexicon } from 'feedmux/sentiment'
import type { World } from '../demo/world.ts'

/** Keys out of the environment; the library itself reads none. */
export interface Keys {
  readonly huggingFace?: string | undefined
  readonly etherscan?: string | undefined
  readonly coinmarketcap?: string | undefined
  readonly coingecko?: string | undefined
  readonly newsapi?: string | undefined
  readonly cryptocompare?: string | undefined
}

/** Models of Hugging Face that read texts, instead of its default. */
export interface Models {
  readonly social?: string | undefined
  readonly news?: string | undefined
}

/** What the real services need. */
export interface LiveOptions {
  readonly keys?: Keys | undefined
  readonly sentiment?: boolean | undefined
  readonly models?: Models | undefined
}

/** The router of the server, whatever its providers. */
export type ServerRouter = ProviderRouter

/** Target shares of price requests, in percent. */
const SHARES = { binance: 30, okx: 25, kraken: 25, coinbase: 10, coinpaprika: 5, coingecko: 5 } as const

const computed = (): AnyProvider[] => [lexicon(), known.computedIndicators(), known.drift()]

/** Providers whose hosts are the simulated ones. */
export function simulatedProviders(world: World): AnyProvider[] {
  const at = (id: string): { hosts: string[] } => ({ hosts: world.hosts(id) })
  return [
    known.binance({ ...at('binance'), weight: SHARES.binance }),
    known.okx({ ...at('okx'), weight: SHARES.okx }),
    known.kraken({ ...at('kraken'), weight: SHARES.kraken }),
    known.coinbase({ ...at('coinbase'), weight: SHARES.coinbase }),
    known.coinpaprika({ ...at('coinpaprika'), weight: SHARES.coinpaprika }),
    // as on a paid plan: without a key it may be asked every ten seconds only, and half of the page would wait for it
    known.coingecko({ ...at('coingecko'), weight: SHARES.coingecko, plan: 'pro', apiKey: 'simulated' }),
    known.alternativeMe(at('alternative-me')),
    known.coindeskRss(at('coindesk-rss')),
    known.cointelegraphRss(at('cointelegraph-rss')),
    known.decryptRss(at('decrypt-rss')),
    known.theblockRss(at('theblock-rss')),
    known.defillama(at('defillama')),
    known.reddit({ ...at('reddit'), apiKey: 'simulated' }),
    known.publicnode(at('publicnode')),
    known.drpc(at('drpc')),
    ...computed(),
  ]
}

/** Where its key is there. */
const keyed = <K>(key: K | undefined, make: (key: K) => AnyProvider): AnyProvider[] => (key === undefined || key === '' ? [] : [make(key)])

/** The real services: those without a key, and those whose key is there. */
export function liveProviders({ keys = {}, sentiment = true, models = {} }: LiveOptions = {}): AnyProvider[] {
  return [
    known.binance({ weight: SHARES.binance }),
    known.okx({ weight: SHARES.okx }),
    known.kraken({ weight: SHARES.kraken }),
    known.coinbase({ weight: SHARES.coinbase }),
    known.coinpaprika({ weight: SHARES.coinpaprika }),
    known.coingecko({ weight: SHARES.coingecko, ...(keys.coingecko && { apiKey: keys.coingecko, plan: 'demo' }) }),
    ...keyed(keys.coinmarketcap, (apiKey) => known.coinmarketcap({ apiKey })),
    ...keyed(keys.cryptocompare, (apiKey) => known.cryptocompare({ apiKey })),
    known.alternativeMe(),
    known.coindeskRss(),
    known.cointelegraphRss(),
    known.decryptRss(),
    known.theblockRss(),
    ...keyed(keys.newsapi, (apiKey) => known.newsapi({ apiKey })),
    known.defillama(),
    known.publicnode(),
    known.drpc(),
    known.mempoolSpace(),
    ...keyed(keys.etherscan, (apiKey) => known.etherscan({ apiKey })),
    ...(sentiment ? keyed(keys.huggingFace, (apiKey) => huggingFace({ apiKey, model: models.news ?? models.social })) : []),
    ...computed(),
  ]
}

/** Two of its pools, so that there is something to see and change beside the pool of all. */
const POOLS = {
  primary_market_data_pool: { name: 'Primary Market Data Pool', category: 'market_price', members: ['binance', 'okx', 'kraken', 'coinbase'] },
  news_pool: { name: 'News Pool', category: 'news', members: ['coindesk-rss', 'cointelegraph-rss', 'decrypt-rss', 'theblock-rss'] },
} as const

/** What a router is given from outside. */
export interface Outside {
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly store?: Store | undefined
}

/** A router over them, by weight. */
export const routerOver = (providers: readonly AnyProvider[], { fetch, store }: Outside = {}): ServerRouter =>
  new ProviderRouter({ providers, strategy: weighted(), pools: POOLS, fetch, ...(store && { store }) })
