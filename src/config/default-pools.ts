import type { MemberOptions, PoolOptions } from '../router/pool-options.js'
import { newId } from './ids.js'
import { type StrategyName, strategyOf } from './strategies.js'

/** One member of a preset pool. */
export interface PresetMember {
  readonly id: string
  readonly priority?: number
  readonly weight?: number
  /** Wants a key: without one it is passed over. */
  readonly keyed?: true
  /** Ids of services that are gone or paid, whose place it takes. */
  readonly replaces?: readonly string[]
}

/** One pool as data. */
export interface PresetPool {
  readonly id: string
  readonly name: string
  readonly category: string
  readonly strategy: StrategyName
  readonly members: readonly PresetMember[]
  /** What is not as it was in older lists, and why. */
  readonly notes: readonly string[]
}

const LAST = 9

/** Eight pools to begin with. A last-resort provider stands after all others wherever it is a member. */
export const defaultPools: readonly PresetPool[] = [
  {
    id: 'primary_market_data_pool',
    name: 'Primary Market Data Pool',
    category: 'market_data',
    strategy: 'priority',
    members: [
      { id: 'binance', priority: 1 },
      { id: 'coinbase', priority: 2 },
      { id: 'coinpaprika', priority: 2, replaces: ['coincap'] },
      { id: 'coincap', priority: 2, keyed: true },
      { id: 'coinlore', priority: 3, replaces: ['cryptocompare'] },
      { id: 'cryptocompare', priority: 3, keyed: true },
      { id: 'coingecko', priority: LAST },
    ],
    notes: ['coingecko is the last resort, no longer the first', 'coincap wants a key since 2025: coinpaprika', 'cryptocompare is paid since 2026: coinlore'],
  },
  {
    id: 'blockchain_explorer_pool',
    name: 'Blockchain Explorer Pool',
    category: 'blockchain_explorers',
    strategy: 'round-robin',
    members: [
      { id: 'publicnode', replaces: ['bscscan', 'polygonscan'] },
      { id: 'routescan' },
      { id: 'blockchair' },
      { id: 'ethplorer' },
      { id: 'etherscan', keyed: true },
      { id: 'blockscout', keyed: true },
    ],
    notes: [
      'bscscan and polygonscan were retired on 2025-08-15: publicnode for chains 56 and 137',
      'etherscan wants a key: routescan without one',
      'members are asked only for chains that they have',
    ],
  },
  {
    id: 'defi_protocol_pool',
    name: 'DeFi Protocol Pool',
    category: 'defi',
    strategy: 'weighted',
    members: [
      { id: 'defillama', weight: 100, replaces: ['pancakeswap'] },
      { id: 'uniswap-v3', weight: 90, keyed: true },
      { id: 'aave', weight: 80 },
      { id: 'curve', weight: 80 },
      { id: 'balancer', weight: 80, replaces: ['compound'] },
    ],
    notes: ['the REST API of compound is retired: balancer', 'pancakeswap is had through defillama', 'uniswap-v3 wants a key of The Graph'],
  },
  {
    id: 'nft_market_pool',
    name: 'NFT Market Pool',
    category: 'nft',
    strategy: 'priority',
    members: [
      { id: 'opensea', priority: 2, keyed: true },
      { id: 'magic-eden', priority: 3, replaces: ['reservoir'] },
      { id: 'rarible', priority: 3, keyed: true },
      { id: 'coingecko', priority: LAST },
    ],
    notes: ['reservoir was retired on 2025-10-15: magic-eden, for Solana', 'opensea and rarible want a key: coingecko is the last resort'],
  },
  {
    id: 'news_aggregation_pool',
    name: 'News Aggregation Pool',
    category: 'news',
    strategy: 'round-robin',
    members: [
      { id: 'coindesk-rss' },
      { id: 'cointelegraph-rss' },
      { id: 'bitcoinist-rss' },
      { id: 'decrypt-rss', replaces: ['cryptopanic'] },
      { id: 'theblock-rss' },
      { id: 'cryptopanic', keyed: true },
    ],
    notes: ['the free plan of cryptopanic ended on 2026-04-01: decrypt-rss'],
  },
  {
    id: 'sentiment_analysis_pool',
    name: 'Sentiment Analysis Pool',
    category: 'sentiment',
    strategy: 'priority',
    members: [
      { id: 'alternative-me', priority: 1 },
      { id: 'coinmarketcap', priority: 2, replaces: ['lunarcrush'] },
      { id: 'lunarcrush', priority: 4, keyed: true },
      { id: 'reddit', priority: 4, keyed: true },
      { id: 'coingecko', priority: LAST, replaces: ['reddit'] },
    ],
    notes: ['lunarcrush is paid: coinmarketcap', 'reddit wants a key: the votes of coingecko', 'each is asked only for what it has'],
  },
  {
    id: 'exchange_data_pool',
    name: 'Exchange Data Pool',
    category: 'exchange',
    strategy: 'weighted',
    members: [
      { id: 'binance', weight: 100 },
      { id: 'coinbase', weight: 95 },
      { id: 'kraken', weight: 90 },
      { id: 'bitfinex', weight: 85 },
      { id: 'okx', weight: 85 },
    ],
    notes: [],
  },
  {
    id: 'analytics_pool',
    name: 'Analytics Pool',
    category: 'analytics',
    strategy: 'priority',
    members: [
      { id: 'glassnode', priority: 2, keyed: true },
      { id: 'coinmetrics', priority: 3 },
      { id: 'messari', priority: 3, keyed: true },
      { id: 'mempool-space', priority: 4, replaces: ['messari'] },
      { id: 'blockchain-info', priority: 4, replaces: ['glassnode'] },
    ],
    notes: ['messari is paid: mempool-space', 'glassnode is paid: blockchain-info'],
  },
]

/** The preset for the providers that you have, by id: members that are not among them are left out, and pools without any. For the router's option `pools`. */
export function poolPreset(providers: readonly (string | { readonly id: string })[]): Record<string, PoolOptions> {
  const ids = new Set(providers.map((one) => newId(typeof one === 'string' ? one : one.id)))
  const pools = defaultPools.flatMap(({ id, name, category, strategy, members }): [string, PoolOptions][] => {
    const present = members.filter((member) => ids.has(member.id)).map(optionsOf)
    return present.length === 0 ? [] : [[id, { name, category, strategy: strategyOf(strategy), members: present }]]
  })
  return Object.fromEntries(pools)
}

const optionsOf = ({ id, priority, weight }: PresetMember): MemberOptions => ({
  id,
  ...(priority !== undefined && { priority }),
  ...(weight !== undefined && { weight }),
})
