import type { Capability } from '../model/capabilities.js'

/** How a field is read; with `!` it must be there. `price` > 0 (0 is unknown), `amount` ≥ 0, `units` whole base units of any size. */
type Kind = 'price' | 'amount' | 'number' | 'whole' | 'text' | 'id' | 'symbol' | 'plain' | 'time' | 'url' | 'texts' | 'flag' | 'units' | 'levels' | 'shares'

/** Kind of a field, and whether it must be there. */
export type FieldKind = Kind | `${Kind}!`

/** What a capability's answers are made of, and what its templates may name. */
export interface CapabilityFields {
  /** A list of rows; else one. */
  readonly list: boolean
  readonly fields: Readonly<Record<string, FieldKind>>
  readonly params: readonly string[]
}

const pair = ['symbol', 'base', 'quote', 'market', 'id']
const ticker = {
  last: 'price!',
  bid: 'price',
  ask: 'price',
  open24h: 'price',
  high24h: 'price',
  low24h: 'price',
  change24h: 'number',
  change24hPercent: 'number',
  volume24h: 'amount',
  quoteVolume24h: 'amount',
  marketCap: 'price',
  asOf: 'time',
} as const satisfies CapabilityFields['fields']
const asset = { id: 'id!', symbol: 'symbol!', name: 'plain', rank: 'whole' } as const

/** Everything that a source can be described for, by data. */
export const FIELDS = {
  // `market` is the row's name for its market: only where an answer holds several
  ticker: { list: false, params: pair, fields: { ...ticker, market: 'id' } },
  tickers: { list: true, params: ['markets', 'ids', 'bases'], fields: { ...ticker, market: 'id!' } },
  candles: {
    list: true,
    params: [...pair, 'interval', 'limit', 'since'],
    fields: { openTime: 'time!', open: 'price!', high: 'price!', low: 'price!', close: 'price!', volume: 'amount', quoteVolume: 'amount' },
  },
  volume: { list: false, params: pair, fields: { volume24h: 'amount!', quoteVolume24h: 'amount', asOf: 'time', market: 'id' } },
  orderBook: { list: false, params: [...pair, 'depth'], fields: { bids: 'levels!', asks: 'levels!', asOf: 'time', sequence: 'whole' } },
  trades: { list: true, params: [...pair, 'limit'], fields: { id: 'id', price: 'price!', amount: 'price!', side: 'text', at: 'time!' } },
  assets: { list: true, params: ['limit'], fields: { ...asset, caip19: 'text' } },
  exchanges: {
    list: true,
    params: ['limit'],
    fields: {
      id: 'id!',
      name: 'plain!',
      url: 'url',
      country: 'plain',
      yearEstablished: 'whole',
      trustScore: 'number',
      volume24hBtc: 'amount',
      volume24hUsd: 'amount',
    },
  },
  globalMarket: {
    list: false,
    params: [],
    fields: { marketCapUsd: 'price!', volume24hUsd: 'amount!', dominancePercent: 'shares', assets: 'whole', change24hPercent: 'number', asOf: 'time' },
  },
  trending: { list: true, params: ['limit'], fields: { ...asset, name: 'plain!', priceUsd: 'price', change24hPercent: 'number' } },
  movers: {
    list: true,
    params: ['limit', 'direction'],
    fields: { ...asset, priceUsd: 'price!', change24hPercent: 'number', marketCapUsd: 'price', volume24hUsd: 'amount' },
  },
  news: {
    list: true,
    params: ['limit', 'symbols'],
    fields: { id: 'id', title: 'text!', url: 'url!', publisher: 'plain', publishedAt: 'time!', summary: 'text', imageUrl: 'url', symbols: 'texts' },
  },
  fearGreed: { list: true, params: ['limit'], fields: { value: 'amount!', label: 'plain!', at: 'time!' } },
  social: {
    list: false,
    params: ['asset', 'id'],
    fields: { galaxyScore: 'number', sentimentPercent: 'amount', interactions24h: 'amount', posts24h: 'amount', followers: 'amount', asOf: 'time' },
  },
  posts: {
    list: true,
    params: ['limit'],
    fields: { id: 'id!', title: 'text!', url: 'url!', author: 'plain', score: 'number', comments: 'amount', at: 'time!' },
  },
  gasPrice: { list: false, params: ['chain'], fields: { slow: 'amount', standard: 'amount!', fast: 'amount', baseFee: 'amount', asOf: 'time' } },
  balance: { list: false, params: ['account', 'chain', 'address'], fields: { amount: 'units!', decimals: 'whole!', symbol: 'symbol!' } },
  transaction: {
    list: false,
    params: ['chain', 'hash'],
    fields: { from: 'text!', to: 'text', amount: 'units!', decimals: 'whole!', blockNumber: 'whole', at: 'time', status: 'text', fee: 'units' },
  },
  blockNumber: { list: false, params: ['chain'], fields: { number: 'whole!' } },
  defiProtocols: {
    list: true,
    params: ['limit'],
    fields: {
      id: 'id!',
      name: 'plain!',
      tvlUsd: 'amount!',
      chains: 'texts',
      category: 'plain',
      symbol: 'symbol',
      change1dPercent: 'number',
      change7dPercent: 'number',
    },
  },
  chainTvl: { list: true, params: ['chain'], fields: { chain: 'text!', name: 'plain!', tvlUsd: 'amount!', symbol: 'symbol' } },
  yields: {
    list: true,
    params: ['limit', 'chain'],
    fields: { id: 'id!', project: 'plain!', chain: 'text!', symbol: 'text!', tvlUsd: 'amount!', apyPercent: 'number!', stablecoin: 'flag' },
  },
  nftCollection: {
    list: false,
    params: ['chain', 'contract', 'slug'],
    fields: {
      id: 'id!',
      name: 'plain!',
      floorPrice: 'price',
      floorPriceSymbol: 'symbol',
      floorPriceUsd: 'price',
      volume24h: 'amount',
      owners: 'whole',
      supply: 'whole',
      marketCapUsd: 'price',
    },
  },
  networkMetrics: {
    list: false,
    params: ['asset', 'id'],
    fields: {
      at: 'time!',
      hashRate: 'price',
      difficulty: 'price',
      activeAddresses: 'amount',
      transactions24h: 'amount',
      feesUsd24h: 'amount',
      blockHeight: 'whole',
      mempoolTransactions: 'amount',
    },
  },
} as const satisfies { readonly [C in Capability]?: CapabilityFields }

/** What a source can be described for. */
export type HttpCapability = keyof typeof FIELDS

/** All of them. */
export const HTTP_CAPABILITIES = Object.keys(FIELDS) as [HttpCapability, ...HttpCapability[]]
