import * as z from 'zod'
import { badRequest } from '../failures.js'
import { figure, iso, isoField, known, provenanceFields } from '../fields.js'
import { alertsOf, isIncomplete } from '../insight/alerts.js'
import { dayPricesOf, ifAny, type Prices, pricesOf } from '../insight/asking.js'
import { marketField } from '../insight/fields.js'
import { clearWatched, unwatch, watch, watched } from '../insight/watchlists.js'
import { fromRouter, Reply } from '../reply.js'
import { type Call, type Route, route } from '../route.js'

const tag = 'Portfolio'

const ALERT_TYPES = ['near_high', 'near_low', 'large_move'] as const
const priorityField = z.enum(['high', 'medium', 'low'])

const alerts = route({
  method: 'GET',
  path: '/api/alerts/prices',
  tag,
  kind: 'data',
  summary: 'Prices that are close (1 %, and a tenth of the range) to the high or the low of their last 24 hours, or moved by 5 % and more',
  query: z.object({
    symbols: z.array(marketField).min(1).max(50).prefault(['BTC', 'ETH', 'BNB', 'SOL', 'ADA']),
    type: z.enum(['all', ...ALERT_TYPES]).default('all'),
  }),
  answer: z.object({
    success: z.literal(true),
    count: z.int(),
    alerts: z.array(
      z.object({
        symbol: z.string(),
        type: z.enum(ALERT_TYPES),
        priority: priorityField,
        current_price: z.number(),
        target_price: figure,
        distance_percent: figure,
        message: z.string(),
        created_at: isoField,
      }),
    ),
    summary: z.object({
      checked: z.int(),
      by_type: z.record(z.string(), z.int()),
      by_priority: z.record(z.string(), z.int()),
      missing: z.array(z.string()).describe('nobody tells their price'),
      incomplete: z.array(z.string()).describe('not all was looked for: whoever tells their price does not tell high, low and change of 24 hours'),
    }),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { type, symbols } = call.query
    const wanted = [...new Set(symbols)]
    const prices = await dayPricesOf(call, wanted)
    const types = type === 'all' ? ALERT_TYPES : [type]
    const found = wanted.flatMap((symbol) => {
      const ticker = prices.of(symbol)
      return ticker === undefined ? [] : alertsOf(symbol, ticker, fetchedAt(prices))
    })
    const shown = found.filter((alert) => types.includes(alert.type))
    const missing = wanted.filter((symbol) => prices.of(symbol) === undefined)
    const incomplete = wanted.filter((symbol) => {
      const ticker = prices.of(symbol)
      return ticker !== undefined && isIncomplete(ticker, types)
    })
    const counts = { by_type: counted(shown, 'type'), by_priority: counted(shown, 'priority') }
    const summary = { checked: wanted.length - missing.length, ...counts, missing, incomplete }
    return fromRouter(prices.results, { success: true, count: shown.length, alerts: shown, summary, timestamp: iso(call.api.now()) })
  },
})

const fetchedAt = ({ results }: Prices): number => Math.max(...results.map((result) => result.fetchedAt))

function counted<K extends string>(rows: readonly Readonly<Record<K, string>>[], key: K): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[row[key]] = (counts[row[key]] ?? 0) + 1
  return counts
}

const watchlist = route({
  method: 'POST',
  path: '/api/watchlist',
  tag,
  kind: 'data',
  summary: 'Lists of symbols, in the memory of this server, and their prices',
  errors: [404],
  body: z.strictObject({
    action: z.enum(['add', 'remove', 'list', 'clear']),
    symbols: z.array(marketField).min(1).max(200).optional(),
    name: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .regex(/^[^\p{C}]*$/u, 'a name without control characters expected')
      .default('default'),
  }),
  answer: z.object({
    success: z.literal(true),
    action: z.string(),
    watchlist: z.string(),
    total_symbols: z.int(),
    symbols: z.array(z.string()),
    watchlist_data: z.array(z.object({ symbol: z.string(), price: figure, change_24h_percent: figure, volume_24h: figure.describe('in units of the quote') })),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { action, name, symbols } = call.body
    change(call, action, name, symbols)
    const list = watched(call.api, name)
    const prices = list.length === 0 ? undefined : await ifAny(pricesOf(call, list))
    const rows = list.map((symbol) => {
      const ticker = prices?.of(symbol)
      return { symbol, price: known(ticker?.last), change_24h_percent: known(ticker?.change24hPercent), volume_24h: known(ticker?.quoteVolume24h) }
    })
    const about = { success: true, action, watchlist: name, total_symbols: list.length, symbols: list, watchlist_data: rows }
    const { body, init } = fromRouter(prices?.results ?? [], { ...about, timestamp: iso(call.api.now()) })
    return new Reply(body, { ...init, headers: { 'cache-control': 'no-store' } })
  },
})

function change({ api }: Pick<Call<never, never, never>, 'api'>, action: string, name: string, symbols: readonly string[] | undefined): void {
  if (action === 'clear') clearWatched(api, name)
  if (action !== 'add' && action !== 'remove') return
  if (symbols === undefined) throw badRequest(`symbols: a list is needed to ${action}, but it is missing`)
  if (action === 'add') watch(api, name, symbols)
  else unwatch(api, name, symbols)
}

/** Prices that somebody wants to keep in sight. */
export const watchingRoutes: readonly Route[] = [alerts, watchlist]
