import { BadResponseError, ProviderError } from '../errors.js'
import type { Candle, OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, levelsOf, tradesOf } from '../provider/market/books.js'
import { aligned, candlesOf } from '../provider/market/candles.js'
import { rangeOf, tickersOf, volumeOf } from '../provider/market/market.js'
import { DEFAULT_MOVERS, strongest } from '../provider/market/movers.js'
import { type NewsCandidate, newsItems } from '../provider/news/news.js'
import { DEFAULT_POSTS } from '../provider/news/posts.js'
import { known } from '../provider/read.js'
import type { HttpCapability } from './fields.js'
import { type Fields, plainRows } from './http-rows.js'

/** What an answer is made of: the rows' fields, what was asked, how a market is called there, and which chain a name of theirs is. */
export interface Material {
  readonly provider: string
  readonly rows: readonly Fields[]
  readonly params: Readonly<Record<string, unknown>>
  readonly now: number
  readonly marketOf: (symbol: string) => string | undefined
  readonly chainOf: (name: string) => string
}

type Maker = (material: Material) => unknown

/** Data of a capability out of the fields that were read. */
export const dataOf = (capability: HttpCapability, material: Material): unknown => (MAKERS[capability] ?? only)(material)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const limitOf = ({ params }: Material, other?: number): number | undefined => (typeof params['limit'] === 'number' ? params['limit'] : other)

const first = ({ rows: [row] }: Material): Fields => {
  if (row === undefined) throw new BadResponseError('answer: expected, got nothing')
  return row
}

const only: Maker = (material) => ({ ...first(material) })
const every: Maker = (material) => material.rows.slice(0, limitOf(material)).map((row) => ({ ...row }))

const withoutMarket = (row: Fields): Fields => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'market'))

const tickerOf = (row: Fields, symbol: string): Ticker =>
  known<Ticker>({ ...pairOf(symbol), ...(withoutMarket(row) as unknown as Pick<Ticker, 'last'>), ...rangeOf(row['low24h'], row['high24h']) })

/** The row of the asked market where there are several. */
function rowOf(material: Material): Fields {
  const symbol = textOf(material.params['symbol'])
  const market = material.marketOf(symbol)
  const [row] = material.rows.length > 1 || material.rows[0]?.['market'] !== undefined ? material.rows.filter((one) => one['market'] === market) : material.rows
  if (row === undefined) throw new BadResponseError('market: the asked one expected, got others')
  return row
}

const sameAsset = (material: Material): Fields => {
  const figures = first(material)
  if (Object.keys(figures).every((name) => name === 'at' || name === 'asOf')) throw new BadResponseError('figures: at least one expected, got none')
  return figures
}

/** Rows whose figure can be; refused where there are only others. */
function within(rows: readonly Fields[]): Fields[] {
  const possible = rows.filter(({ value }) => Number(value) <= 100)
  if (rows.length > 0 && possible.length === 0) throw new BadResponseError('value: 0…100 expected, got more')
  return possible
}

/** Rows of the asked chain, or of all, under the ids that chains have here. */
function ofChain({ rows, params, chainOf, provider }: Material): Fields[] {
  const named = rows.map((row) => ({ ...row, chain: chainOf(textOf(row['chain'])) }))
  const asked = named.filter(({ chain }) => params['chain'] === undefined || chain === params['chain'])
  if (named.length > 0 && asked.length === 0) throw new ProviderError({ provider, reason: 'not-found', message: 'has nothing of this chain' })
  return asked
}

const newestFirst = (rows: readonly Fields[], at: string): Fields[] => rows.toSorted((a, b) => Number(b[at]) - Number(a[at]))

const STATES: ReadonlySet<unknown> = new Set(['success', 'failed', 'pending'])

const MAKERS: { readonly [C in HttpCapability]?: Maker } = {
  ticker: (material) => tickerOf(rowOf(material), textOf(material.params['symbol'])),
  tickers: ({ rows, params, marketOf }) => {
    const byMarket = new Map(rows.map((row) => [row['market'], row]))
    return tickersOf(params['symbols'] as string[], (symbol) => byMarket.get(marketOf(symbol)), tickerOf)
  },
  volume: (material) => volumeOf({ ...pairOf(textOf(material.params['symbol'])), ...(withoutMarket(rowOf(material)) as unknown as Pick<Ticker, 'last'>) }),
  // one that is dated by its end, or in another time zone, would stand beside those of others under a wrong time
  candles: ({ rows, params, now, provider }): Candle[] => candlesOf(aligned(rows as never, params as never, provider), params as never, now),
  orderBook: (material): OrderBook => {
    const { bids, asks, asOf, sequence } = first(material) as { bids?: unknown; asks?: unknown; asOf?: number; sequence?: number }
    const depth = typeof material.params['depth'] === 'number' ? material.params['depth'] : DEFAULT_DEPTH
    return known<OrderBook>({ ...pairOf(textOf(material.params['symbol'])), ...levelsOf({ bids, asks }, depth), asOf, sequence })
  },
  trades: ({ rows, params }) => tradesOf(rows as never, params),
  globalMarket: (material) => ({ dominancePercent: {}, ...first(material) }),
  assets: every,
  exchanges: every,
  trending: every,
  defiProtocols: ({ rows, ...rest }) => every({ ...rest, rows: rows.map((row) => ({ chains: [], ...row })) }),
  chainTvl: ofChain,
  yields: (material) => every({ ...material, rows: ofChain(material) }),
  movers: (material) => {
    const moves = material.rows.flatMap((row) => (typeof row['change24hPercent'] === 'number' ? [{ row, change: row['change24hPercent'] }] : []))
    return strongest(moves, material.params['direction'] === 'losers' ? 'losers' : 'gainers')
      .slice(0, limitOf(material, DEFAULT_MOVERS))
      .map(({ row }) => ({ ...row }))
  },
  fearGreed: (material) =>
    newestFirst(within(material.rows), 'at')
      .slice(0, limitOf(material, 1))
      .map((row) => ({ ...row })),
  news: ({ rows, params, now }) => newsItems(rows, (row) => row as unknown as NewsCandidate, params, now),
  posts: async (material) => {
    const rows = await plainRows(newestFirst(material.rows, 'at').slice(0, limitOf(material, DEFAULT_POSTS)), ['title'])
    return rows.filter(({ title }) => title !== undefined)
  },
  social: (material) => ({ asset: material.params['asset'], ...sameAsset(material) }),
  networkMetrics: (material) => ({ asset: material.params['asset'], ...sameAsset(material) }),
  gasPrice: (material) => {
    const gas = first(material)
    const [slow, standard, fast] = [gas['slow'] ?? 0, gas['standard'], gas['fast'] ?? Infinity].map(Number)
    if (!(Number(slow) <= Number(standard) && Number(standard) <= Number(fast))) throw new BadResponseError('gas: slow ≤ standard ≤ fast expected')
    return { chain: material.params['chain'], ...gas }
  },
  balance: (material) => ({ account: material.params['account'], ...first(material) }),
  transaction: (material) => {
    const { status, ...row } = first(material)
    return { chain: material.params['chain'], hash: material.params['hash'], ...row, ...(STATES.has(status) && { status }) }
  },
}
