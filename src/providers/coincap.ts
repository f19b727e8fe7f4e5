import type { Exchange } from '../model/market.js'
import { baseOf, pairOf } from '../model/symbol.js'
import { type Coin, coinAssets, coinsListed, coinTickersById, coinVolume, pageOf } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idOf, idsOf, isInDollars, unknown } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'
import { COINCAP_IDS } from './coincap.assets.js'

const ID = 'coincap'
const PAGE = 100 // rows of a page asked without a limit
const MOST_LISTED = 2_000
const LOOKED_UP = 500 // by rank: calls are billed by the size of the answer

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'exchanges'

/**
 * CoinCap 3.0: prices of some thousand assets, weighted by the volume of their exchanges, in dollars. It needs a key; a free one has few
 * credits, so it answers no hedge.
 */
export function coincap(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
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
        request: top(LOOKED_UP),
        parse: (body) => coinsListed(coinsOf(body)),
      },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => single(symbol, native),
          parse: (body, { symbol }) => asTicker(oneOf(body, symbol), pairOf(symbol)),
        },
        tickers: {
          maxBatch: PAGE,
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: ({ symbols }, { native }) => {
            const ids = idsOf(ID, dollarPairs(symbols), native)
            return { path: 'v3/assets', query: { ids: ids.join(), limit: ids.length } }
          },
          parse: (body, { symbols }, { native }) => coinTickersById(dataOf(body).map(coinIn(body)), dollarPairs(symbols), native),
        },
        volume: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => single(symbol, native),
          parse: (body, { symbol }) => coinVolume(oneOf(body, symbol), pairOf(symbol)),
        },
        // The largest by market value.
        assets: {
          supports: ({ limit = PAGE }) => limit <= MOST_LISTED,
          request: ({ limit = PAGE }) => top(limit),
          parse: (body, { limit = PAGE }) => coinAssets(coinsOf(body), limit),
        },
        exchanges: {
          supports: ({ limit = PAGE }) => limit <= MOST_LISTED,
          request: ({ limit = PAGE }) => ({ path: 'v3/exchanges', query: { limit } }),
          parse: (body, { limit = PAGE }) => some(dataOf(body), 'data').slice(0, limit).map(exchangeOf),
        },
      },
    },
    options,
  )
}

const top = (limit: number): HttpRequest => ({ path: 'v3/assets', query: { limit } })
const single = (symbol: string, native: NativeIds): HttpRequest => ({ path: `v3/assets/${idOf(ID, baseOf(symbol), native)}` })

/** Rows of a list. */
const dataOf = (body: unknown): Row[] => rowsOf(read.object(body, 'body').data, 'data')

/** Assets of a list that always has some. */
const coinsOf = (body: unknown): Coin[] => some(dataOf(body), 'data').map(coinIn(body))

/** An asset, of which all figures are texts; the time is the answer's. */
const coinIn =
  (body: unknown) =>
  (row: Row): Coin => ({
    id: read.string(row.id, 'id'),
    symbol: row.symbol,
    name: row.name,
    rank: row.rank,
    price: row.priceUsd,
    changePercent: row.changePercent24Hr,
    turnover: row.volumeUsd24Hr,
    marketCap: row.marketCapUsd,
    asOf: read.optional(read.millis, read.object(body, 'body').timestamp, 'timestamp'),
  })

/** An unknown asset gets a 404, which its status tells, or nothing as its data. */
function oneOf(body: unknown, symbol: string): Coin {
  const { data } = read.object(body, 'body')
  if (data === null) throw unknown(ID, symbol)
  return coinIn(body)(read.object(data, 'data'))
}

/** An exchange with the volume that it reports. `exchangeId` was `id` in 2.0. */
const exchangeOf = (row: Row): Exchange =>
  known<Exchange>({
    id: read.string(row.exchangeId ?? row.id, 'exchangeId'),
    name: read.string(row.name, 'name'),
    url: pageOf(row.exchangeUrl, 'exchangeUrl'),
    volume24hUsd: read.optional(read.amount, row.volumeUsd, 'volumeUsd'),
  })
