import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, type Interval } from '../model/interval.js'
import { candlesOf } from '../provider/market/candles.js'
import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import { unknown } from '../provider/ids.js'
import { marketOf, tickersOf, volumeOf } from '../provider/market/market.js'
import { DEFAULT_NEWS } from '../provider/news/news.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import type { Row } from '../provider/rows.js'
import { articlesOf, candleRowsOf, failureOf, tickerOf, ticksOf } from './cryptocompare.rows.js'

const ID = 'cryptocompare'
const MOST_CANDLES = 2_000
const MOST_ARTICLES = 100
// The volume-weighted index over all exchanges.
const MARKET = 'cadli'
// Longer ones can be put together (`aggregate`), but where they begin is not documented.
const UNITS: { readonly [I in Interval]?: string } = { '1m': 'minutes', '1h': 'hours', '1d': 'days' }

type Capabilities = 'ticker' | 'tickers' | 'candles' | 'volume' | 'news'

/**
 * CoinDesk Data, which CryptoCompare is called now: prices and candles of its CADLI index, and news. Paid only since May 2026, so it is off until
 * `enabled: true`. The old addresses (min-api.cryptocompare.com) need a subscription as well and have nothing that this one lacks.
 */
export function cryptocompare(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinDesk Data (CryptoCompare)',
      homepage: 'https://data.coindesk.com',
      docs: 'https://developers.coindesk.com/documentation/data-api/introduction',
      // Two names of one service.
      hosts: ['https://data-api.coindesk.com', 'https://data-api.cryptocompare.com'],
      hostOrder: 'in-order',
      hostTimeoutMs: 2_000,
      enabled: false,
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Apikey ' },
      // Those of the former free plan. A contract has its own, which the headers of each answer tell.
      limits: [
        { requests: 20, perMs: 1_000, scope: 'key' },
        { requests: 300, perMs: 60_000, scope: 'key' },
        { requests: 3_000, perMs: 3_600_000, scope: 'key' },
      ],
      metered: true,
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => ticks([symbol], native),
          parse: (body, { symbol }, { native }) => tickerOf(tickOf(body, symbol, native), symbol),
        },
        // Whether an unknown one is left out or fails the others is not documented.
        tickers: {
          maxBatch: 50,
          request: ({ symbols }, { native }) => ticks(symbols, native),
          parse: (body, { symbols }, { native }) => {
            const rows = ticksOf(body)
            return tickersOf(symbols, (symbol) => rows.get(marketOf(symbol, native, '-')), tickerOf)
          },
        },
        candles: {
          supports: ({ interval, limit = DEFAULT_CANDLES }) => UNITS[interval] !== undefined && limit <= MOST_CANDLES,
          request: (params, { native, now }) => ({
            path: `index/cc/v1/historical/${UNITS[params.interval]}`,
            query: { market: MARKET, instrument: marketOf(params.symbol, native, '-'), limit: params.limit ?? DEFAULT_CANDLES, to_ts: until(params, now) },
          }),
          parse: (body, params, { now }) => candlesOf(candleRowsOf(body), params, now),
        },
        volume: {
          request: ({ symbol }, { native }) => ticks([symbol], native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(tickOf(body, symbol, native), symbol)),
        },
        news: {
          supports: ({ limit = 0 }) => limit <= MOST_ARTICLES,
          request: ({ symbols = [], limit = DEFAULT_NEWS }) => ({
            path: 'news/v1/article/list',
            query: { lang: 'EN', limit, categories: symbols.length > 0 ? symbols.join() : undefined },
          }),
          parse: (body, { limit }, { now }) => articlesOf(body, limit, now),
          combine: combineNews,
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

const ticks = (symbols: readonly string[], native: NativeIds): HttpRequest => ({
  path: 'index/cc/v1/latest/tick',
  query: { market: MARKET, instruments: symbols.map((symbol) => marketOf(symbol, native, '-')).join() },
})

function tickOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = ticksOf(body).get(marketOf(symbol, native, '-'))
  if (!row) throw unknown(ID, symbol)
  return row
}

/** Unix seconds within the last candle wanted: candles are counted back from there. Nothing: from now. */
function until({ interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): number | undefined {
  return since === undefined ? undefined : Math.floor(Math.min(endOf(since, interval, limit) - 1, now) / 1_000)
}
