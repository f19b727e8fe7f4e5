import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { assetOf, count, day, openTimes, orders, text, timeOf } from './shared.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, H: 3_600_000, D: 86_400_000, W: 7 * 86_400_000 }
/** Older candles are in another list. */
const RECENT = 1_440
const UNKNOWN: Reply = { body: { code: '51001', msg: "Instrument ID doesn't exist.", data: [] } }

const ok = (data: unknown[]): Reply => ({ body: { code: '0', msg: '', data } })
const level = ([price, amount]: [number, number]): string[] => [text(price), text(amount), '0', '1']

/** OKX spot: ticker, candles, order book (https://www.okx.com/docs-v5/en/#order-book-trading-market-data). */
export function okx(market: Market): UpstreamDefinition {
  function ticker(asset: string, quote: string, now: number): Record<string, string> {
    const { last, bid, ask, open, high, low, volume } = day(market, asset, 'okx', now)
    return {
      instType: 'SPOT',
      instId: `${asset}-${quote}`,
      last: text(last),
      lastSz: '0.1',
      askPx: text(ask),
      askSz: '1',
      bidPx: text(bid),
      bidSz: '1',
      open24h: text(open),
      high24h: text(high),
      low24h: text(low),
      volCcy24h: text(volume * last),
      vol24h: text(volume),
      ts: String(now),
      sodUtc0: text(open),
      sodUtc8: text(open),
    }
  }

  // Newest first; the last field says whether the candle is closed.
  function candles(asset: string, { path, query, now }: Call): Reply {
    const isHistory = path.endsWith('/history-candles')
    const [, amount, unit] = /^(\d+)([smHDW])(?:utc)?$/.exec(query.get('bar') ?? '1m') ?? []
    if (amount === undefined || unit === undefined) return { body: { code: '51000', msg: 'Parameter bar error', data: [] } }
    const length = Number(amount) * (UNITS[unit] ?? 60_000)
    // `after` is the end and `before` the start, both exclusive
    const [start, end] = [timeOf(query, 'before') ?? -1, Math.min(now, (timeOf(query, 'after') ?? Infinity) - 1)]
    const opened = openTimes(end, length, count(query, 'limit', 100, 300)).filter(
      (openTime) => openTime > start && (isHistory || openTime > now - RECENT * length),
    )
    const rows = opened.map((openTime) => {
      const { open, high, low, close, volume } = market.candle(asset, openTime, length, now)
      return [openTime, open, high, low, close, volume, volume * close, volume * close]
        .map((value, index) => (index === 0 ? String(value) : text(value)))
        .concat(openTime + length <= now ? '1' : '0')
    })
    return ok(rows.toReversed())
  }

  function book(asset: string, { query, now }: Call): Reply {
    const { bids, asks } = orders(market, asset, 'okx', now, count(query, 'sz', 1, 400))
    return ok([{ asks: asks.map(level), bids: bids.map(level), ts: String(now) }])
  }

  return {
    id: 'okx',
    // Per endpoint and address: 20 tickers, 40 candle lists, 40 order books in 2 s (unverified).
    limits: [
      { units: 20, perMs: 2_000, cost: ({ path }) => (path.includes('/ticker') ? 1 : 0) },
      { units: 40, perMs: 2_000, cost: ({ path }) => (path.includes('/ticker') ? 0 : 1), group: ({ path }) => path },
    ],
    answer(call) {
      if (call.path === '/api/v5/public/instruments')
        return ok(market.assets.map((baseCcy) => ({ instType: 'SPOT', instId: `${baseCcy}-USDT`, baseCcy, quoteCcy: 'USDT', state: 'live' })))
      const [, what] = /^\/api\/v5\/market\/([a-z-]+)$/.exec(call.path) ?? []
      if (what === undefined) return undefined
      if (what === 'tickers') return ok(market.assets.map((asset) => ticker(asset, 'USDT', call.now)))
      const instrument = call.query.get('instId')
      const asset = assetOf(market, instrument, /^([A-Z]+)-USD[TC]?$/)
      if (asset === undefined) return UNKNOWN
      if (what === 'ticker') return ok([ticker(asset, instrument?.split('-')[1] ?? 'USDT', call.now)])
      if (what === 'candles' || what === 'history-candles') return candles(asset, call)
      return what === 'books' ? book(asset, call) : undefined
    },
    tooMany: () => ({ status: 429, body: { msg: 'Too Many Requests', code: '50011' } }),
    lies: [() => ({ body: { code: '0', msg: '', data: [{ last: '' }] } })],
  }
}
