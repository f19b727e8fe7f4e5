import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { assetOf, day, NAMES, openTimes, orders, text } from './shared.ts'

const NOT_FOUND: Reply = { status: 404, body: { message: 'NotFound' } }
const ROWS = 300
const LENGTHS: ReadonlySet<number> = new Set([60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000])
const TOO_MANY: Reply = {
  status: 400,
  body: { message: 'granularity too small for the requested time range. Count of aggregations requested exceeds 300' },
}

const level = ([price, amount]: [number, number]): unknown[] => [text(price), text(amount), 1]

/** Coinbase Exchange: ticker, 24 h stats, candles, order book (https://docs.cdp.coinbase.com/exchange/reference). */
export function coinbase(market: Market): UpstreamDefinition {
  function answerProduct(asset: string, what: string, { query, now }: Call): Reply | undefined {
    const { last, bid, ask, open, high, low, volume } = day(market, asset, 'coinbase', now)
    if (what === 'ticker')
      return {
        body: { ask: text(ask), bid: text(bid), volume: text(volume), trade_id: 1, price: text(last), size: '0.01000000', time: new Date(now).toISOString() },
      }
    if (what === 'stats')
      return { body: { open: text(open), high: text(high), low: text(low), last: text(last), volume: text(volume), volume_30day: text(volume * 30) } }
    if (what === 'candles') return candles(asset, query, now)
    if (what !== 'book') return undefined
    const { bids, asks } = orders(market, asset, 'coinbase', now, query.get('level') === '2' ? 50 : 1)
    return { body: { sequence: now, bids: bids.map(level), asks: asks.map(level), time: new Date(now).toISOString() } }
  }

  // [time in s, low, high, open, close, volume], newest first.
  function candles(asset: string, query: URLSearchParams, now: number): Reply {
    const length = Number(query.get('granularity') ?? 60) * 1_000
    if (!LENGTHS.has(length)) return { status: 400, body: { message: 'Unsupported granularity' } }
    const [start, end] = [momentOf(query.get('start')) ?? 0, momentOf(query.get('end')) ?? now]
    if (query.has('start') && (end - start) / length > ROWS) return TOO_MANY
    const opened = openTimes(Math.min(end, now), length, ROWS).filter((openTime) => openTime >= start)
    const rows = opened.toReversed().map((openTime) => {
      const { open, high, low, close, volume } = market.candle(asset, openTime, length, now)
      return [openTime / 1_000, low, high, open, close, volume]
    })
    return { body: rows }
  }

  /** Of Advanced Trade: those that are named, or all. */
  function products({ query, now }: Call): object[] {
    const wanted = query.getAll('product_ids')
    return market.assets
      .filter((asset) => wanted.length === 0 || wanted.includes(`${asset}-USD`))
      .map((asset) => {
        const { last, open, volume } = day(market, asset, 'coinbase', now)
        const change = text((100 * (last - open)) / open)
        return { product_id: `${asset}-USD`, price: text(last), price_percentage_change_24h: change, volume_24h: text(volume), base_currency_id: asset }
      })
  }

  return {
    id: 'coinbase',
    // 10 a second and address, bursts up to 15 (https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits).
    limits: [{ units: 15, perMs: 1_000 }],
    answer(call) {
      if (call.path === '/api/v3/brokerage/market/products') return { body: { products: products(call) } }
      if (call.path === '/currencies') return { body: market.assets.map((id) => ({ id, name: NAMES[id] ?? id, status: 'online' })) }
      const [, product, what] = /^\/products\/([^/]+)\/([a-z]+)$/.exec(call.path) ?? []
      if (product === undefined || what === undefined)
        return call.path === '/time' ? { body: { iso: new Date(call.now).toISOString(), epoch: call.now / 1_000 } } : undefined
      const asset = assetOf(market, product, /^([A-Z]+)-USD$/)
      return asset === undefined ? NOT_FOUND : answerProduct(asset, what, call)
    },
    tooMany: (retryAfterS) => ({ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: { message: 'Public rate limit exceeded' } }),
    lies: [() => ({ body: { price: null, time: null } })],
  }
}

// Unix seconds or ISO 8601.
function momentOf(value: string | null): number | undefined {
  if (value === null) return undefined
  return /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value)
}
