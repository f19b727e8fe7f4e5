import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { assetOf, count, day, openTimes, orders, text, timeOf } from './shared.ts'

const MINUTE = 60_000
const LENGTHS: Readonly<Record<string, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': 60 * MINUTE,
  '4h': 240 * MINUTE,
  '1d': 1_440 * MINUTE,
  '1w': 10_080 * MINUTE,
}
const INVALID: Reply = { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } }

const level = ([price, amount]: [number, number]): string[] => [text(price), text(amount)]

function weightOf({ path, query }: Call): number {
  if (path.endsWith('/exchangeInfo')) return 20
  if (path.endsWith('/depth')) return 5
  return path.endsWith('/24hr') && !query.has('symbol') ? 80 : 2
}

/** Binance spot: 24 h ticker, candles, order book (https://developers.binance.com/docs/binance-spot-api-docs/rest-api). */
export function binance(market: Market): UpstreamDefinition {
  const asset = (symbol: string | null): string | undefined => assetOf(market, symbol, /^([A-Z]+)USDT$/)

  function ticker(found: string, now: number): Record<string, unknown> {
    const { last, bid, ask, open, high, low, volume } = day(market, found, 'binance', now)
    return {
      symbol: `${found}USDT`,
      priceChange: text(last - open),
      priceChangePercent: text((last / open - 1) * 100, 3),
      weightedAvgPrice: text((last + open) / 2),
      prevClosePrice: text(open),
      lastPrice: text(last),
      lastQty: '0.10000000',
      bidPrice: text(bid),
      bidQty: '1.00000000',
      askPrice: text(ask),
      askQty: '1.00000000',
      openPrice: text(open),
      highPrice: text(high),
      lowPrice: text(low),
      volume: text(volume),
      quoteVolume: text(volume * last),
      openTime: now - 86_400_000,
      closeTime: now,
      firstId: 1,
      lastId: 9_999,
      count: 9_999,
    }
  }

  function klines({ query, now }: Call): Reply {
    const found = asset(query.get('symbol'))
    const length = LENGTHS[query.get('interval') ?? '']
    if (found === undefined) return INVALID
    if (length === undefined) return { status: 400, body: { code: -1120, msg: 'Invalid interval.' } }
    const limit = count(query, 'limit', 500, 1_000)
    const start = timeOf(query, 'startTime')
    // the first candles since a time, not the last ones
    const end = Math.min(now, timeOf(query, 'endTime') ?? now, start === undefined ? now : start + limit * length - 1)
    const opened = openTimes(end, length, limit).filter((openTime) => openTime >= (start ?? 0))
    const rows = opened.map((openTime) => {
      const { open, high, low, close, volume } = market.candle(found, openTime, length, now)
      const prices = [open, high, low, close, volume].map((value) => text(value))
      return [openTime, ...prices, openTime + length - 1, text(volume * close), 1_000, text(volume / 2), text((volume * close) / 2), '0']
    })
    return { body: rows }
  }

  function tickers({ query, now }: Call): Reply {
    const list = query.get('symbols')
    if (list === null && query.get('symbol') === null) return { body: market.assets.map((known) => ticker(known, now)) }
    const found = list === null ? [asset(query.get('symbol'))] : (JSON.parse(list) as string[]).map(asset)
    const known = found.flatMap((one) => (one === undefined ? [] : [ticker(one, now)]))
    if (known.length < found.length) return INVALID
    return { body: list === null ? known[0] : known }
  }

  function depth({ query, now }: Call): Reply {
    const found = asset(query.get('symbol'))
    if (found === undefined) return INVALID
    const { bids, asks } = orders(market, found, 'binance', now, count(query, 'limit', 100, 5_000))
    return { body: { lastUpdateId: now, bids: bids.map(level), asks: asks.map(level) } }
  }

  return {
    id: 'binance',
    // 6,000 weight a minute and address; a ticker weighs 2 (80 for all), candles 2, an order book of up to 100 levels 5, the list of markets 20.
    limits: [{ units: 6_000, perMs: MINUTE, cost: weightOf }],
    answer(call) {
      if (call.path === '/api/v3/ticker/24hr') return tickers(call)
      if (call.path === '/api/v3/klines') return klines(call)
      if (call.path === '/api/v3/depth') return depth(call)
      if (call.path === '/api/v3/exchangeInfo')
        return { body: { symbols: market.assets.map((base) => ({ symbol: `${base}USDT`, status: 'TRADING', baseAsset: base, quoteAsset: 'USDT' })) } }
      return call.path === '/api/v3/ping' ? { body: {} } : undefined
    },
    tooMany: (retryAfterS) => ({
      status: 429,
      headers: { 'retry-after': String(retryAfterS) },
      body: { code: -1003, msg: 'Too much request weight used; current limit is 6000 request weight per 1 MINUTE.' },
    }),
    lies: [() => ({ body: { symbol: 'BTCUSDT', lastPrice: null } })],
  }
}
