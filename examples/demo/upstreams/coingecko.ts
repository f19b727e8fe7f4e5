import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { count, day, openTimes } from './shared.ts'

/** Its ids of the assets that the demo asks for. */
const IDS: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  ethereum: 'ETH',
  solana: 'SOL',
  ripple: 'XRP',
  cardano: 'ADA',
  dogecoin: 'DOGE',
  litecoin: 'LTC',
  polkadot: 'DOT',
  chainlink: 'LINK',
  'avalanche-2': 'AVAX',
  uniswap: 'UNI',
  'bitcoin-cash': 'BCH',
  cosmos: 'ATOM',
  'ethereum-classic': 'ETC',
  stellar: 'XLM',
  algorand: 'ALGO',
  filecoin: 'FIL',
  aave: 'AAVE',
  near: 'NEAR',
  tron: 'TRX',
}

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

const asked = (query: URLSearchParams): (readonly [string, string])[] =>
  (query.get('ids') ?? '').split(',').flatMap((id) => (IDS[id] === undefined ? [] : [[id, IDS[id]] as const]))

/** CoinGecko without a key, by its own ids: markets, prices, candles (https://docs.coingecko.com/reference/coins-markets). Unknown ids are left out. */
export function coingecko(market: Market): UpstreamDefinition {
  function marketRow(id: string, asset: string, now: number): Record<string, unknown> {
    const { last, open, high, low, volume } = day(market, asset, 'coingecko', now)
    return {
      id,
      symbol: asset.toLowerCase(),
      name: asset,
      current_price: last,
      market_cap: last * 1e7,
      market_cap_rank: market.assets.indexOf(asset) + 1,
      total_volume: volume * last,
      high_24h: high,
      low_24h: low,
      price_change_24h: last - open,
      price_change_percentage_24h: (last / open - 1) * 100,
      last_updated: new Date(now).toISOString(),
    }
  }

  function simpleRow(asset: string, now: number): Record<string, number> {
    const { last, open, volume } = day(market, asset, 'coingecko', now)
    return {
      usd: last,
      usd_market_cap: last * 1e7,
      usd_24h_vol: volume * last,
      usd_24h_change: (last / open - 1) * 100,
      last_updated_at: Math.floor(now / 1_000),
    }
  }

  // [time of the close, open, high, low, close]; how long a candle is depends on how many days are asked.
  function ohlc(id: string, { query, now }: Call): Reply {
    const asset = IDS[id]
    if (asset === undefined) return { status: 404, body: { error: 'coin not found' } }
    const days = count(query, 'days', 1, 365)
    const length = days === 1 ? 30 * MINUTE : days <= 30 ? 240 * MINUTE : 4 * DAY
    const rows = openTimes(now, length, Math.ceil((days * DAY) / length)).map((openTime) => {
      const { open, high, low, close } = market.candle(asset, openTime, length, now)
      return [openTime + length, open, high, low, close]
    })
    return { body: rows }
  }

  return {
    id: 'coingecko',
    // Keyless: shared per address; users report 5 to 15 a minute.
    limits: [{ units: 15, perMs: MINUTE }],
    answer(call) {
      const { path, query, now } = call
      if (path === '/api/v3/coins/markets') return { body: asked(query).map(([id, asset]) => marketRow(id, asset, now)) }
      if (path === '/api/v3/simple/price') return { body: Object.fromEntries(asked(query).map(([id, asset]) => [id, simpleRow(asset, now)])) }
      const id = /^\/api\/v3\/coins\/([^/]+)\/ohlc$/.exec(path)?.[1]
      return id === undefined ? undefined : ohlc(id, call)
    },
    tooMany: (retryAfterS) => ({
      status: 429,
      headers: { 'retry-after': String(retryAfterS) },
      body: { status: { error_code: 429, error_message: "You've exceeded the Rate Limit." } },
    }),
    lies: [() => ({ body: {} })],
  }
}
