/** All in gwei. `chain` is a CAIP-2 id (`eip155:1`). */
export interface GasPrice {
  chain: string
  slow?: number
  standard: number
  fast?: number
  baseFee?: number
  /** Unix ms. */
  asOf?: number
}

/** What an account holds of its chain's own coin. */
export interface Balance {
  /** CAIP-10. */
  account: string
  /** Base units, decimal. */
  amount: string
  decimals: number
  symbol: string
}

/** One transfer of a chain's own coin. */
export interface Transaction {
  chain: string
  hash: string
  from: string
  to?: string
  /** Base units, decimal. */
  amount: string
  decimals: number
  blockNumber?: number
  /** Unix ms. */
  at?: number
  status?: 'success' | 'failed' | 'pending'
  /** Base units, decimal. */
  fee?: string
}

/** A DeFi protocol and what is locked in it, in dollars. Exchanges are none. */
export interface DefiProtocol {
  id: string
  name: string
  tvlUsd: number
  chains: string[]
  category?: string
  symbol?: string
  change1dPercent?: number
  change7dPercent?: number
}

/** What is locked on one chain, in dollars; `chain` is its CAIP-2 id where there is one. */
export interface ChainTvl {
  chain: string
  name: string
  tvlUsd: number
  symbol?: string
}

/** A place that pays for deposits; `apyPercent` 5 means 5 % a year. */
export interface YieldPool {
  id: string
  project: string
  chain: string
  symbol: string
  tvlUsd: number
  apyPercent: number
  stablecoin?: boolean
}

/** An NFT collection and its market. */
export interface NftCollection {
  id: string
  name: string
  floorPrice?: number
  floorPriceSymbol?: string
  floorPriceUsd?: number
  /** In units of `floorPriceSymbol`. */
  volume24h?: number
  owners?: number
  supply?: number
  marketCapUsd?: number
}

/** How a chain is doing, at one moment. */
export interface NetworkMetrics {
  asset: string
  /** Unix ms. */
  at: number
  /** Hashes per second. */
  hashRate?: number
  difficulty?: number
  activeAddresses?: number
  transactions24h?: number
  feesUsd24h?: number
  blockHeight?: number
  mempoolTransactions?: number
}
