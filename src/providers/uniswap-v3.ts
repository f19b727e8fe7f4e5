import { ConfigError, type FailureReason } from '../errors.js'
import { INTERVAL_MS } from '../model/interval.js'
import { evmChainOf } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import { graphqlData, graphqlFailure } from '../provider/graphql.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'
import { DEFAULT_POOLS, largestPools, type PoolRow } from '../provider/chain/yields.js'

const DAY = INTERVAL_MS['1d']

/** What `uniswapV3()` takes beside what all providers do. */
export interface UniswapV3Options extends ProviderOptions {
  /** Id of a subgraph with the pools of Uniswap v3, as its page at thegraph.com/explorer shows it: they change, so none is built in. */
  readonly subgraph?: string | undefined
  /** The chain that it indexes, CAIP-2. @default 'eip155:1' */
  readonly chain?: string | undefined
}

// Pools whose tokens nobody trades claim any size: whoever had no fees of late is left out, so more are asked for than are given.
const QUERY = `query Pools($first: Int!) {
  pools(first: $first, orderBy: totalValueLockedUSD, orderDirection: desc) {
    id feeTier totalValueLockedUSD
    token0 { symbol } token1 { symbol }
    poolDayData(first: 2, orderBy: date, orderDirection: desc) { date feesUSD }
  }
}`

/**
 * Pools of Uniswap v3 out of a subgraph of The Graph, whose id and key (free, 100,000 questions a month) you give: without an id it is off.
 * `apyPercent` is the fees of the last whole day (UTC) times 365 over what is locked, for all of its liquidity, whatever its range.
 */
export function uniswapV3({ subgraph, chain = 'eip155:1', ...options }: UniswapV3Options = {}): Provider<'yields'> {
  checked(subgraph, chain, options)
  return defineProvider<'yields'>(
    {
      id: 'uniswap-v3',
      name: 'Uniswap v3 (The Graph)',
      homepage: 'https://uniswap.org',
      docs: 'https://thegraph.com/docs/en/subgraphs/querying/introduction/',
      hosts: ['https://gateway.thegraph.com'],
      key: { required: true, in: 'header', name: 'authorization', prefix: 'Bearer ' },
      // A polite one; the month is that of the free plan.
      limits: [
        { requests: 60, perMs: 60_000, scope: 'key' },
        { requests: 100_000, perMs: INTERVAL_MS['1M'], scope: 'key', resets: 'utc-month' },
      ],
      metered: true,
      ...(subgraph === undefined && { enabled: false }),
      probe: { capability: 'yields', params: { limit: 1 } },
      endpoints: {
        yields: {
          supports: (params) => subgraph !== undefined && (params.chain ?? chain) === chain,
          request: ({ limit = DEFAULT_POOLS }) => ({
            path: `api/subgraphs/id/${subgraph}`,
            method: 'POST',
            body: { query: QUERY, variables: { first: Math.min(2 * limit, 1_000) } },
          }),
          parse: (body, { limit }, { now }) => largestPools(rowsOf(graphqlData(body).pools, 'pools'), (pool) => poolOf(pool, chain, now), limit),
        },
      },
      failure: ({ status, body }) => graphqlFailure(body, status, reasonOf),
    },
    options,
  )
}

function checked(subgraph: string | undefined, chain: string, { apiKey, enabled }: ProviderOptions): void {
  if (evmChainOf(chain) === undefined) throw new ConfigError(`uniswap-v3: chain must be the CAIP-2 id of an EVM chain, 'eip155:1' say, got '${chain}'`)
  if (subgraph === undefined && (apiKey !== undefined || enabled === true))
    throw new ConfigError('uniswap-v3: give `subgraph`, the id of a subgraph with the pools of Uniswap v3 at thegraph.com/explorer')
  if (subgraph !== undefined && !/^[A-Za-z0-9]+$/.test(subgraph)) throw new ConfigError('uniswap-v3: subgraph must be an id, letters and digits only')
}

function poolOf(pool: Row, chain: string, now: number): PoolRow {
  const [symbol0, symbol1] = [pool.token0, pool.token1].map((token) => read.string(read.object(token, 'token').symbol, 'symbol'))
  // In hundredths of a basis point: 500 is 0.05 %.
  const fee = read.positive(pool.feeTier, 'feeTier') / 10_000
  const tvlUsd = read.amount(pool.totalValueLockedUSD, 'totalValueLockedUSD')
  const fees = feesOf(pool, now)
  return {
    project: 'uniswap-v3',
    chain,
    place: read.string(pool.id, 'id'),
    symbol: `${symbol0}-${symbol1} ${fee}%`,
    tvlUsd,
    apyPercent: fees === undefined || tvlUsd === 0 ? undefined : read.number(((fees * 365) / tvlUsd) * 100, 'yield'),
  }
}

/** Fees of yesterday; nothing where nobody traded then. `date` is the start of a day. */
function feesOf({ poolDayData }: Row, now: number): number | undefined {
  const yesterday = Math.floor(now / DAY) * DAY - DAY
  const day = rowsOf(poolDayData, 'poolDayData').find(({ date }) => read.seconds(date, 'date') === yesterday)
  return read.optional(read.amount, day?.feesUSD, 'feesUSD')
}

/** The gateway has words only, and says them in a 200. All but a wrong key are unverified. */
function reasonOf(message: string): FailureReason | undefined {
  if (message.startsWith('auth error: payment required')) return 'quota-exhausted'
  if (message.startsWith('auth error')) return 'unauthorized'
  if (message.startsWith('subgraph not found')) return 'bad-request'
  return message.includes('has no field') ? 'bad-response' : undefined
}
