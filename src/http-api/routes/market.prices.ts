import * as z from 'zod'
import { candleRow, candleRowField, timeframeField } from '../data/candles.js'
import { asOf } from '../data/together.js'
import { figure, known, provenanceFields, seconds, symbolField, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const tag = 'Market'
const errors = [400, 404, 502, 503, 504]

/** Candles of one answer. */
const CANDLES = 100

const price = route({
  method: 'GET',
  path: '/api/market/price',
  tag,
  kind: 'data',
  summary: 'The last price of a pair',
  query: z.object({ symbol: symbolField }),
  errors,
  answer: z.object({
    symbol: z.string(),
    price: z.number().describe('in units of the quote'),
    market: z.string().describe('what was traded: BTC/USDT where that answered BTC/USD'),
    change_24h: figure.describe('percent'),
    volume_24h: figure.describe('in units of the quote'),
    source: z.string(),
    timestamp: z.int().describe('seconds since the epoch'),
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol } = call.query
    const result = await call.ask('ticker', { symbol })
    const { last, symbol: market, change24hPercent, quoteVolume24h } = result.data
    return fromRouter(result, {
      symbol,
      price: last,
      market,
      change_24h: known(change24hPercent),
      volume_24h: known(quoteVolume24h),
      source: result.provider,
      timestamp: seconds(asOf(result)),
    })
  },
})

const ohlc = route({
  method: 'GET',
  path: '/api/market/ohlc',
  tag,
  kind: 'data',
  summary: `The last ${CANDLES} candles of a pair; the last one may still be running`,
  query: z.object({ symbol: symbolField, timeframe: timeframeField.default('1h') }),
  errors,
  answer: z.object({
    symbol: z.string(),
    timeframe: z.string(),
    ohlc: z.array(candleRowField),
    rolled_up_from: words.describe('the shorter candles that these were put together out of, where nobody has this timeframe'),
    source: z.string(),
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol, timeframe } = call.query
    const result = await call.ask('candles', { symbol, interval: timeframe, limit: CANDLES }, { rollUp: true })
    return fromRouter(result, {
      symbol,
      timeframe,
      ohlc: result.data.map(candleRow),
      rolled_up_from: known(result.rolledUpFrom),
      source: result.provider,
    })
  },
})

/** One pair. */
export const priceRoutes = [price, ohlc]
