import * as z from 'zod'
import type { Ticker } from '../../model/market.js'
import { coinRow, coinRowField } from '../data/coin-rows.js'
import { findCoin, searched } from '../data/find-coin.js'
import { inOrder, listed, SEARCHED, symbolsOf } from '../data/listed.js'
import { isUnanswered } from '../data/preferring.js'
import { caip19Of } from '../data/platforms.js'
import { listPrices } from '../data/prices.js'
import { asOfIso, missingField, missingIn, reasonOf } from '../data/together.js'
import { coinField, figure, known, limitField, maybeIso, provenanceFields, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const tag = 'Coins'
const errors = [400, 404, 502, 503, 504]

const search = route({
  method: 'POST',
  path: '/api/coins/search',
  tag,
  kind: 'data',
  summary: `Assets by symbol, name or id, among the ${SEARCHED} largest, with their prices`,
  body: z.strictObject({ q: z.string().trim().min(1).max(100), limit: limitField(10, 50) }),
  errors,
  answer: z.object({
    query: z.string(),
    count: z.int(),
    results: z.array(coinRowField),
    source: z.string().describe('whose list it is'),
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { q, limit } = call.body
    const list = await listed(call, SEARCHED)
    const assets = searched(list.data, q).slice(0, limit)
    // a symbol that a larger asset has too is that one's
    const all = inOrder(list.data)
    const owners = new Map(symbolsOf(all).map((symbol, index) => [all[index]?.id, symbol]))
    const symbols = assets.map(({ id }) => owners.get(id))
    const wanted = symbols.filter((symbol) => symbol !== undefined)
    const priced = wanted.length === 0 ? undefined : await listPrices(call, wanted).catch(unpriced)
    const missing = priced === undefined ? [] : 'reason' in priced ? [priced] : priced.missing
    const found = priced === undefined || 'reason' in priced ? undefined : priced
    const results = assets.map((asset, index) => coinRow(asset, symbols[index] === undefined ? undefined : found?.find(symbols[index])))
    return fromRouter([list, found?.result], { query: q, count: results.length, results, source: list.provider, ...missingIn(missing) })
  },
})

/** What was found is an answer without prices too. */
function unpriced(error: unknown) {
  if (!isUnanswered(error)) throw error
  return { part: 'prices', reason: reasonOf(error) }
}

const marketData = z.object({
  current_price: z.number().describe('in dollars'),
  market_cap: figure,
  market_cap_rank: figure,
  total_volume: figure.describe('of 24 h, in dollars'),
  high_24h: figure,
  low_24h: figure,
  price_change_24h: figure.describe('in dollars'),
  price_change_percentage_24h: figure,
  circulating_supply: figure,
  total_supply: figure,
  max_supply: figure,
  ath: figure,
  atl: figure,
})

const details = route({
  method: 'GET',
  path: '/api/coins/{id}/details',
  tag,
  kind: 'data',
  summary: 'An asset and its market; the id is one of a list, a symbol or a name',
  params: z.object({ id: coinField }),
  errors,
  answer: z.object({
    id: z.string(),
    symbol: z.string(),
    name: words,
    image: words,
    description: words,
    caip19: words.describe('where it lives'),
    market_data: marketData,
    links: z.object({ homepage: words, explorer: words, source_code: words }),
    source: z.string(),
    last_updated: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { asset, list, missing } = await findCoin(call, call.params.id)
    const { symbol } = asset
    const pair = `${symbol}/USD`
    const priced = await listPrices(call, [pair])
    const ticker = priced.find(pair) as Ticker // the one that was asked for: a batch of nothing rejects
    return fromRouter([priced.result, list], {
      id: asset.id,
      symbol,
      name: known(asset.name),
      // no capability tells a picture, a text or links
      image: null,
      description: null,
      caip19: known(caip19Of(asset)),
      market_data: marketOf(ticker, asset.rank),
      links: { homepage: null, explorer: null, source_code: null },
      source: priced.result.provider,
      last_updated: asOfIso({ asOf: ticker.asOf, fetchedAt: priced.result.fetchedAt }),
      ...missingIn(missing),
    })
  },
})

const marketOf = (ticker: Ticker, rank: number | undefined): z.input<typeof marketData> => ({
  current_price: ticker.last,
  market_cap: known(ticker.marketCap),
  market_cap_rank: known(rank),
  total_volume: known(ticker.quoteVolume24h),
  high_24h: known(ticker.high24h),
  low_24h: known(ticker.low24h),
  price_change_24h: known(ticker.change24h),
  price_change_percentage_24h: known(ticker.change24hPercent),
  // no capability tells supplies and records
  circulating_supply: null,
  total_supply: null,
  max_supply: null,
  ath: null,
  atl: null,
})

/** Found and described. */
export const coinSearchRoutes = [search, details]
