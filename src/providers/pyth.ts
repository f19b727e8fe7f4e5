import { baseOf, pairOf } from '../model/symbol.js'
import { coinTickers } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idsOf, isInDollars, unknown } from '../provider/ids.js'
import { asTicker, type Prices } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'
import { PYTH_IDS } from './pyth.assets.js'

const ID = 'pyth'

/**
 * Pyth, through its service Hermes: prices in dollars that exchanges and traders report themselves, renewed every second, without the day around
 * them. A price is given with the time of its making, however old. Needs a key (since 2026-08-26).
 */
export function pyth(options: ProviderOptions = {}): Provider<'ticker' | 'tickers'> {
  return defineProvider<'ticker' | 'tickers'>(
    {
      id: ID,
      name: 'Pyth Network',
      homepage: 'https://www.pyth.network',
      docs: 'https://docs.pyth.network/price-feeds/core/how-pyth-works/hermes',
      hosts: ['https://hermes.pyth.network'],
      limits: [{ requests: 10, perMs: 10_000, scope: 'ip' }],
      cooldownsMs: [60_000, 120_000, 600_000], // who asks more gets a 429 for a minute
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      assets: PYTH_IDS,
      lookup: {
        request: { path: 'v2/price_feeds', query: { asset_type: 'crypto' } },
        // There are feeds of baskets, ratios and redemption rates too: only Crypto.X/USD is the price of X.
        parse: (body) =>
          some(read.array(body, 'feeds'), 'feeds').flatMap((value) => {
            const { id, attributes } = read.object(value, 'feed')
            const [, symbol] = /^Crypto\.([^/.]+)\/USD$/.exec(read.string(read.object(attributes, 'attributes').symbol, 'symbol')) ?? []
            return symbol === undefined ? [] : [{ symbol, id: read.string(id, 'id') }]
          }),
      },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => latest(idsOf(ID, dollarPairs([symbol]), native)),
          parse: (body, { symbol }, { native }) => {
            const price = pricesOf(body).get(feedOf(symbol, native))
            if (!price) throw unknown(ID, symbol)
            return asTicker(toPrices(price), pairOf(symbol))
          },
        },
        tickers: {
          maxBatch: 100, // by the length of the address: unverified
          supports: ({ symbols }) => symbols.some(isInDollars),
          // Without the flag one unknown feed fails them all.
          request: ({ symbols }, { native }) => latest(idsOf(ID, dollarPairs(symbols), native), { ignore_invalid_price_ids: true }),
          parse: (body, { symbols }, { native }) => {
            const prices = pricesOf(body)
            return coinTickers(dollarPairs(symbols), ({ symbol }) => {
              const price = prices.get(feedOf(symbol, native))
              return price && toPrices(price)
            })
          },
        },
      },
      failure: ({ status, body }) => (typeof body === 'string' ? failureOf(status, body) : undefined),
    },
    options,
  )
}

/** Ids come without 0x, but may be given with it. */
const bare = (id: string): string => id.replace(/^0x/, '').toLowerCase()

function feedOf(symbol: string, native: NativeIds): string | undefined {
  const id = native[baseOf(symbol)]
  return id === undefined ? undefined : bare(id)
}

const latest = (feeds: readonly string[], more?: HttpRequest['query']): HttpRequest => ({
  path: 'v2/updates/price/latest',
  query: { 'ids[]': feeds.map(bare), ...more },
})

/** Prices by feed. */
function pricesOf(body: unknown): ReadonlyMap<string | undefined, Row> {
  const feeds = rowsOf(read.object(body, 'updates').parsed, 'parsed')
  return new Map(feeds.map(({ id, price }) => [bare(read.string(id, 'id')), read.object(price, 'price')]))
}

/** `price` is a whole number of 10^expo dollars: joined as text, no float rounds it. Where nobody has published yet both price and time are 0 (unverified). */
const toPrices = ({ price, expo, publish_time }: Row): Prices => ({
  price: `${read.string(price, 'price')}e${read.number(expo, 'expo')}`,
  asOf: publish_time === 0 ? undefined : read.optional(read.seconds, publish_time, 'publish_time'),
})

/** Hermes answers failures with a line of text. */
function failureOf(status: number, text: string): ProviderFailure | undefined {
  if (status === 404 && text.startsWith('Price ids not found')) return { reason: 'not-found', message: text }
  // Outside the key's plan.
  if (status === 403 && text.startsWith('Not entitled')) return { reason: 'unauthorized', message: text }
  return undefined
}
