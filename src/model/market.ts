/** Last trade and the day around it. Prices in units of `quote` per one unit of `base`; what a provider does not say is left out. */
export interface Ticker {
  /** What was traded: `BTC/USDT` where that answered `BTC/USD`. */
  symbol: string
  base: string
  /** The true one: `USDT` where that is what was traded. */
  quote: string
  last: number
  bid?: number
  ask?: number
  /** Price 24 h ago, not at the start of the day. */
  open24h?: number
  high24h?: number
  low24h?: number
  change24h?: number
  /** 1.5 means 1.5 %. */
  change24hPercent?: number
  /** In units of `base`. */
  volume24h?: number
  /** In units of `quote`. */
  quoteVolume24h?: number
  marketCap?: number
  /** Unix ms. */
  asOf?: number
}

/** What was traded in the last 24 h. */
export interface Volume {
  symbol: string
  base: string
  quote: string
  /** In units of `base`. */
  volume24h?: number
  /** In units of `quote`. */
  quoteVolume24h?: number
  /** Unix ms. */
  asOf?: number
}

/** One candle. `openTime` in Unix ms; `closed: false` while it is still running. */
export interface Candle {
  openTime: number
  open: number
  high: number
  low: number
  close: number
  /** In units of the base. */
  volume?: number
  /** In units of the quote. */
  quoteVolume?: number
  closed?: boolean
}

/** Open orders, best first on both sides. */
export interface OrderBook {
  symbol: string
  base: string
  quote: string
  bids: [price: number, amount: number][]
  asks: [price: number, amount: number][]
  /** Unix ms. */
  asOf?: number
  /** The provider's own counter of changes. */
  sequence?: number
}

/** One trade; `side` is that of the taker, `at` in Unix ms. */
export interface Trade {
  id?: string
  price: number
  amount: number
  side?: 'buy' | 'sell'
  at: number
}

/** An asset as a provider lists it. */
export interface Asset {
  /** The provider's own, which its other endpoints take. */
  id: string
  symbol: string
  name?: string
  rank?: number
  caip19?: string
}

/** A trading venue. */
export interface Exchange {
  id: string
  name: string
  url?: string
  country?: string
  yearEstablished?: number
  trustScore?: number
  volume24hBtc?: number
  volume24hUsd?: number
}

/** The whole market in dollars. */
export interface GlobalMarket {
  marketCapUsd: number
  volume24hUsd: number
  /** Upper-case symbol → percent of the whole market's value. */
  dominancePercent: Record<string, number>
  assets?: number
  change24hPercent?: number
  /** Unix ms. */
  asOf?: number
}

/** An asset that many look for now. */
export interface TrendingAsset {
  id: string
  symbol: string
  name: string
  rank?: number
  priceUsd?: number
  change24hPercent?: number
}

/** An asset with its price, in dollars. */
export interface AssetMarket extends Asset {
  priceUsd: number
  change24hPercent?: number
  marketCapUsd?: number
  volume24hUsd?: number
}
