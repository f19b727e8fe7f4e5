import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { assetOf, count, day, openTimes, orders, text, timeOf } from './shared.ts'

const UNKNOWN: Reply = { body: { error: ['EQuery:Unknown asset pair'] } }
const ROWS = 720

const twice = (today: number, last24h: number): string[] => [text(today), text(last24h)]

// The form is right, the prices are missing.
const noPrice = ({ query }: Call): Reply => {
  const row = [null, '1.000', 0]
  const pair = ['1.0', '1.0']
  return {
    body: {
      error: [],
      result: { [query.get('pair') ?? 'BTC/USD']: { a: row, b: row, c: row, v: pair, p: pair, t: pair, l: pair, h: pair, asks: [row], bids: [row] } },
    },
  }
}

/** Kraken spot: ticker, candles, order book (https://docs.kraken.com/api/docs/rest-api/get-ticker-information). Errors come with HTTP 200. */
export function kraken(market: Market): UpstreamDefinition {
  // The newer names (assetVersion=1) and the older ones: XBT is BTC, XDG is DOGE.
  const asset = (pair: string): string | undefined =>
    assetOf(
      market,
      pair
        .replace(/^X?XBT/, 'BTC')
        .replace(/^X?XDG/, 'DOGE')
        .replace(/Z(USD)$/, '$1'),
      /^([A-Z]+?)\/?USDT?$/,
    )

  function ticker({ query, now }: Call): Reply {
    const pairs = query.get('pair')?.split(',') ?? market.assets.map((known) => `${known}/USD`)
    const found = pairs.map((pair) => [pair, asset(pair)] as const)
    if (found.some(([, known]) => known === undefined)) return UNKNOWN
    const rows = found.map(([pair, known = '']) => {
      const { last, bid, ask, open, high, low, volume } = day(market, known, 'kraken', now)
      return [
        pair,
        {
          a: [text(ask), '1', '1.000'],
          b: [text(bid), '1', '1.000'],
          c: [text(last), '0.10000000'],
          v: twice(volume / 3, volume),
          p: twice(last, last),
          t: [1_000, 3_000],
          l: twice(low, low),
          h: twice(high, high),
          o: text(open),
        },
      ] as const
    })
    return { body: { error: [], result: Object.fromEntries(rows) } }
  }

  function ohlc({ query, now }: Call): Reply {
    const pair = query.get('pair') ?? ''
    const found = asset(pair)
    if (found === undefined) return UNKNOWN
    const length = Number(query.get('interval') ?? 1) * 60_000
    // the last 720 at most, however long ago `since` is, which is exclusive and in s
    const since = (timeOf(query, 'since') ?? -1) * 1_000
    const opened = openTimes(now, length, ROWS).filter((openTime) => openTime > since)
    const rows = opened.map((openTime) => {
      const { open, high, low, close, volume } = market.candle(found, openTime, length, now)
      return [openTime / 1_000, ...[open, high, low, close, (high + low) / 2, volume].map((value) => text(value)), 100]
    })
    return { body: { error: [], result: { [pair]: rows, last: rows.at(-2)?.[0] ?? 0 } } }
  }

  function depth({ query, now }: Call): Reply {
    const pair = query.get('pair') ?? ''
    const found = asset(pair)
    if (found === undefined) return UNKNOWN
    const { bids, asks } = orders(market, found, 'kraken', now, count(query, 'count', 100, 500))
    const row = ([price, amount]: [number, number]): unknown[] => [text(price), text(amount), Math.floor(now / 1_000)]
    return { body: { error: [], result: { [pair]: { asks: asks.map(row), bids: bids.map(row) } } } }
  }

  return {
    id: 'kraken',
    // About one call a second and address (unverified: Kraken's help pages speak of a counter).
    limits: [{ units: 1, perMs: 1_000 }],
    answer(call) {
      if (call.path === '/0/public/Ticker') return ticker(call)
      if (call.path === '/0/public/OHLC') return ohlc(call)
      if (call.path === '/0/public/Depth') return depth(call)
      if (call.path === '/0/public/AssetPairs')
        return { body: { error: [], result: Object.fromEntries(market.assets.map((base) => [`${base}USD`, { base, quote: 'ZUSD', status: 'online' }])) } }
      return call.path === '/0/public/SystemStatus' ? { body: { error: [], result: { status: 'online' } } } : undefined
    },
    tooMany: () => ({ body: { error: ['EGeneral:Too many requests'] } }),
    lies: [() => ({ body: { error: ['EService:Unavailable'] } }), noPrice],
  }
}
