import { BadResponseError, ProviderError } from '../errors.js'
import type { Exchange, Ticker } from '../model/market.js'
import { type Pair, pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { COINCAP_IDS } from './coincap.assets.js'

const PAGE = 100 // rows of a page asked without a limit
const MOST_LISTED = 2_000

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'exchanges'
type Row = Record<string, unknown>

/**
 * CoinCap 3.0: prices of some thousand assets, weighted by the volume of their exchanges, in dollars. It needs a key; a free one has few
 * credits, so it answers no hedge.
 */
export function coincap(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'coincap',
      name: 'CoinCap',
      homepage: 'https://coincap.io',
      docs: 'https://pro.coincap.io/api-docs',
      hosts: ['https://rest.coincap.io'],
      metered: true,
      // Unverified, as is how many credits a key has: give `limits` to have them counted.
      limits: [{ requests: 600, perMs: 60_000, scope: 'key' }],
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      cors: true,
      assets: COINCAP_IDS,
      lookup: {
        request: top(MOST_LISTED),
        parse: (body) => listedOf(body).map((row) => ({ symbol: read.string(row.symbol, 'symbol'), id: read.string(row.id, 'id') })),
      },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isDollar(pairOf(symbol)),
          request: ({ symbol }, { native }) => single(pairOf(symbol), native),
          parse: (body, { symbol }) => oneOf(body, pairOf(symbol)),
        },
        tickers: {
          maxBatch: PAGE,
          supports: ({ symbols }) => dollarsOf(symbols).length > 0,
          request: ({ symbols }, { native }) => {
            const ids = [...new Set(dollarsOf(symbols).flatMap(({ base }) => native[base] ?? []))]
            if (ids.length === 0) throw unknown('any of them')
            return { path: 'v3/assets', query: { ids: ids.join(), limit: ids.length } }
          },
          parse: (body, { symbols }, { native }) => parseBatch(body, dollarsOf(symbols), native),
        },
        volume: {
          supports: ({ symbol }) => isDollar(pairOf(symbol)),
          request: ({ symbol }, { native }) => single(pairOf(symbol), native),
          parse: (body, { symbol }) => {
            const { base, quote, quoteVolume24h, asOf } = oneOf(body, pairOf(symbol))
            return known({ symbol, base, quote, quoteVolume24h: read.amount(quoteVolume24h, 'volumeUsd24Hr'), asOf })
          },
        },
        // The largest by market value.
        assets: {
          supports: ({ limit = PAGE }) => limit <= MOST_LISTED,
          request: ({ limit = PAGE }) => top(limit),
          parse: (body, { limit = PAGE }) =>
            listedOf(body)
              .slice(0, limit)
              .map((row) =>
                known({
                  id: read.string(row.id, 'id'),
                  symbol: read.string(row.symbol, 'symbol').toUpperCase(),
                  name: read.optional(read.string, row.name, 'name'),
                  rank: read.positiveOrNone(row.rank, 'rank'),
                }),
              ),
        },
        exchanges: {
          supports: ({ limit = PAGE }) => limit <= MOST_LISTED,
          request: ({ limit = PAGE }) => ({ path: 'v3/exchanges', query: { limit } }),
          parse: (body, { limit = PAGE }) => listedOf(body).slice(0, limit).map(exchangeOf),
        },
      },
    },
    options,
  )
}

const isDollar = ({ quote }: Pair): boolean => quote === 'USD'
const dollarsOf = (symbols: readonly string[]): Pair[] => symbols.map(pairOf).filter(isDollar)

const unknown = (base: string): ProviderError => new ProviderError({ provider: 'coincap', reason: 'not-found', message: `does not know ${base}` })

function idOf(base: string, native: NativeIds): string {
  const id = native[base]
  if (id === undefined) throw unknown(base)
  return id
}

function top(limit: number): HttpRequest {
  return { path: 'v3/assets', query: { limit } }
}

const single = ({ base }: Pair, native: NativeIds): HttpRequest => ({ path: `v3/assets/${encodeURIComponent(idOf(base, native))}` })

/** Rows of a list. */
const rowsOf = (body: unknown): Row[] => read.array(read.object(body, 'body').data, 'data').map((row) => read.object(row, 'row'))

/** Rows of a list that always has some. */
function listedOf(body: unknown): Row[] {
  const rows = rowsOf(body)
  if (rows.length === 0) throw new BadResponseError('data: at least one row expected, got none')
  return rows
}

/** All figures are texts. */
const tickerOf = (row: Row, pair: Pair, body: unknown): Ticker =>
  known<Ticker>({
    ...pair,
    last: read.positive(row.priceUsd, 'priceUsd'),
    change24hPercent: read.optional(read.number, row.changePercent24Hr, 'changePercent24Hr'),
    quoteVolume24h: read.optional(read.amount, row.volumeUsd24Hr, 'volumeUsd24Hr'),
    marketCap: read.positiveOrNone(row.marketCapUsd, 'marketCapUsd'),
    asOf: read.optional(read.millis, read.object(body, 'body').timestamp, 'timestamp'),
  })

/** An unknown asset gets a 404, which its status tells, or nothing as its data. */
function oneOf(body: unknown, pair: Pair): Ticker {
  const { data } = read.object(body, 'body')
  if (data === null) throw unknown(pair.base)
  return tickerOf(read.object(data, 'data'), pair, body)
}

/** A row without a price leaves out that one only, unless no row has any. */
function parseBatch(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const rows = new Map(rowsOf(body).map((row) => [read.string(row.id, 'id'), row]))
  const found = pairs.flatMap((pair) => {
    const row = rows.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => read.positiveOrNone(row.priceUsd, 'priceUsd') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair, body))
}

/** An exchange with the volume that it reports. `exchangeId` was `id` in 2.0. */
function exchangeOf(row: Row): Exchange {
  const url = read.optional(read.string, row.exchangeUrl, 'exchangeUrl')
  return known<Exchange>({
    id: read.string(row.exchangeId ?? row.id, 'exchangeId'),
    name: read.string(row.name, 'name'),
    url: url?.startsWith('http') ? url : undefined,
    volume24hUsd: read.optional(read.amount, row.volumeUsd, 'volumeUsd'),
  })
}
