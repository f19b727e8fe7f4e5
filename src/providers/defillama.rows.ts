import type { ParamsOf } from '../model/capabilities.js'
import type { ChainTvl, DefiProtocol, YieldPool } from '../model/chain.js'
import { coinId } from '../provider/market/coins.js'
import { unknown } from '../provider/ids.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

/** Rows that are given where no limit is asked: the lists are thousands long. */
const DEFAULT_LIMIT = 100

// CAIP-2, or the number of an EVM chain, by its names in lower case: its hosts differ (Binance and BSC, xDai and Gnosis, Optimism and OP Mainnet).
const CHAINS = new Map<string, number | string>([
  ['bitcoin', 'bip122:000000000019d6689c085ae165831e93'],
  ['solana', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'],
  ['tron', 'tron:0x2b6653dc'],
  ['ethereum', 1],
  ['optimism', 10],
  ['op mainnet', 10],
  ['cronos', 25],
  ['rsk', 30],
  ['rootstock', 30],
  ['binance', 56],
  ['bsc', 56],
  ['xdai', 100],
  ['gnosis', 100],
  ['unichain', 130],
  ['polygon', 137],
  ['sonic', 146],
  ['fantom', 250],
  ['fraxtal', 252],
  ['zksync era', 324],
  ['pulsechain', 369],
  ['world chain', 480],
  ['hyperliquid l1', 999],
  ['polygon zkevm', 1_101],
  ['moonbeam', 1_284],
  ['mantle', 5_000],
  ['base', 8_453],
  ['mode', 34_443],
  ['arbitrum', 42_161],
  ['celo', 42_220],
  ['avalanche', 43_114],
  ['ink', 57_073],
  ['linea', 59_144],
  ['berachain', 80_094],
  ['blast', 81_457],
  ['plume mainnet', 98_866],
  ['taiko', 167_000],
  ['scroll', 534_352],
])

/** CAIP-2 where there is one, of chains that are not in the table by `chainId`; else its name. */
function chainOf(name: string, chainId?: number): string {
  const found = CHAINS.get(name.toLowerCase()) ?? chainId ?? name
  return typeof found === 'number' ? `eip155:${found}` : found
}

/** Protocols, the largest first. Exchanges are none, nor are the chains' own bridges and staking (category Chain), which its totals leave out. */
export const protocolsOf = (body: unknown, { limit = DEFAULT_LIMIT }: ParamsOf<'defiProtocols'>): DefiProtocol[] =>
  largest(rowsOf(body, 'protocols'), 'tvl')
    .filter(({ row }) => row.category !== 'CEX' && row.category !== 'Chain')
    .slice(0, limit)
    .map(({ row, tvlUsd }) =>
      known<DefiProtocol>({
        // what the page of a protocol and its yields are found by; its number where there is none
        id: read.optional(read.string, row.slug, 'slug') ?? coinId(row.id),
        name: read.string(row.name, 'name'),
        tvlUsd,
        chains: [...new Set((read.optional(read.array, row.chains, 'chains') ?? []).map((name) => chainOf(read.string(name, 'chains'))))],
        category: read.optional(read.string, row.category, 'category'),
        symbol: symbolOf(row.symbol),
        change1dPercent: read.optional(read.number, row.change_1d, 'change_1d'),
        change7dPercent: read.optional(read.number, row.change_7d, 'change_7d'),
      }),
    )

/** Chains, the one with the most locked first. */
export function chainsOf(body: unknown, { chain: asked }: ParamsOf<'chainTvl'>, provider: string): ChainTvl[] {
  const chains = largest(rowsOf(body, 'chains'), 'tvl').map(({ row, tvlUsd }) => {
    const name = read.string(row.name, 'name')
    const chain = chainOf(name, typeof row.chainId === 'number' ? read.positiveOrNone(row.chainId, 'chainId') : undefined)
    return known<ChainTvl>({ chain, name, tvlUsd, symbol: symbolOf(row.tokenSymbol) })
  })
  return ofChain(chains, asked, provider, ({ chain, name }) => [chain, name])
}

const nameOf = ({ chain }: Row): string => read.string(chain, 'chain')

/** Pools whose yield is known, the largest first: those that are tiny have the absurd ones. */
export function poolsOf(body: unknown, { limit = DEFAULT_LIMIT, chain: asked }: ParamsOf<'yields'>, provider: string): YieldPool[] {
  const pools = rowsOf(read.object(body, 'pools').data, 'pools').filter(({ apy }) => read.optional(read.number, apy, 'apy') !== undefined)
  return ofChain(largest(pools, 'tvlUsd'), asked, provider, ({ row }) => [chainOf(nameOf(row)), nameOf(row)])
    .slice(0, limit)
    .map(({ row, tvlUsd }) =>
      known<YieldPool>({
        id: read.string(row.pool, 'pool'),
        project: read.string(row.project, 'project'),
        chain: chainOf(nameOf(row)),
        symbol: read.string(row.symbol, 'symbol').toUpperCase(),
        tvlUsd,
        apyPercent: read.number(row.apy, 'apy'),
        stablecoin: typeof row.stablecoin === 'boolean' ? row.stablecoin : undefined,
      }),
    )
}

/** Rows by what is locked, those left out of which it is not known: some have null, a few a negative figure. */
function largest(rows: readonly Row[], member: string): readonly { readonly row: Row; readonly tvlUsd: number }[] {
  const found = rows.flatMap((row) => {
    const tvlUsd = read.optional(read.number, row[member], member) ?? -1
    return tvlUsd < 0 ? [] : [{ row, tvlUsd }]
  })
  return some(found, member).toSorted((a, b) => b.tvlUsd - a.tvlUsd)
}

/** Those of the asked chain, by CAIP-2 or any of its names; all where none is asked. */
function ofChain<T>(rows: readonly T[], asked: string | undefined, provider: string, namesOf: (row: T) => readonly string[]): T[] {
  if (asked === undefined) return [...rows]
  const wanted = new Set([chainOf(asked).toLowerCase(), asked.toLowerCase()])
  const found = rows.filter((row) => namesOf(row).some((name) => wanted.has(name.toLowerCase())))
  if (found.length === 0) throw unknown(provider, asked)
  return found
}

/** `-` stands for none. */
function symbolOf(value: unknown): string | undefined {
  const symbol = read.optional(read.string, value, 'symbol')
  return symbol === '-' ? undefined : symbol?.toUpperCase()
}
