import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { count, day, EXCHANGES, NAMES, openTimes, ranked, supplyOf, whole } from './shared.ts'

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
  binancecoin: 'BNB',
}

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

const asked = (query: URLSearchParams): (readonly [string, string])[] =>
  (query.get('ids') ?? '').split(',').flatMap((id) => (IDS[id] === undefined ? [] : [[id, IDS[id]] as const]))

const idOf = (asset: string): string => Object.keys(IDS).find((id) => IDS[id] === asset) ?? asset.toLowerCase()

const exchanges = (query: URLSearchParams): Reply => ({
  body: EXCHANGES.slice(0, count(query, 'per_page', 100, 250)).map(({ id, name, country, year, trust, btc }, index) => ({
    id,
    name,
    country,
    year_established: year,
    url: `https://${id}.example`,
    trust_score: trust,
    trust_score_rank: index + 1,
    trade_volume_24h_btc: btc,
  })),
})

/** What is searched for, the whole market, exchanges. */
function listsOf(market: Market, rowOf: (asset: string, now: number) => Record<string, unknown>): (call: Call) => Reply | undefined {
  function trending(now: number): Reply {
    const assets = market.assets.filter((_, index) => (index + Math.floor(now / DAY)) % 3 === 0)
    const coins = assets.map((asset, score) => {
      const row = rowOf(asset, now)
      const data = { price: row.current_price, price_change_percentage_24h: { usd: row.price_change_percentage_24h } }
      return { item: { id: row.id, name: row.name, symbol: asset, market_cap_rank: row.market_cap_rank, score, data } }
    })
    return { body: { coins, nfts: [], categories: [] } }
  }

  function global(now: number): Reply {
    const { value, traded, shares } = whole(market, 'coingecko', now)
    const data = {
      active_cryptocurrencies: market.assets.length,
      total_market_cap: { usd: value },
      total_volume: { usd: traded },
      market_cap_percentage: Object.fromEntries(Object.entries(shares).map(([asset, share]) => [asset.toLowerCase(), share])),
      market_cap_change_percentage_24h_usd: Number(rowOf('BTC', now).price_change_percentage_24h),
      updated_at: Math.floor(now / 1_000),
    }
    return { body: { data } }
  }

  return ({ path, query, now }) => {
    if (path === '/api/v3/search/trending') return trending(now)
    if (path === '/api/v3/global') return global(now)
    return path === '/api/v3/exchanges' ? exchanges(query) : undefined
  }
}

/** CoinGecko without a key, by its own ids: markets, prices, candles (https://docs.coingecko.com/reference/coins-markets). Unknown ids are left out. */
export function coingecko(market: Market): UpstreamDefinition {
  function marketRow(id: string, asset: string, now: number): Record<string, unknown> {
    const { last, open, high, low, volume } = day(market, asset, 'coingecko', now)
    return {
      id,
      symbol: asset.toLowerCase(),
      name: NAMES[asset] ?? asset,
      current_price: last,
      market_cap: last * supplyOf(asset),
      market_cap_rank: ranked(market, 'coingecko', now).indexOf(asset) + 1,
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
      usd_market_cap: last * supplyOf(asset),
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

  // Those that were asked for, or the largest.
  function markets({ query, now }: Call): Reply {
    const rows = query.has('ids') ? asked(query) : ranked(market, 'coingecko', now).flatMap((asset) => [[idOf(asset), asset] as const])
    return { body: rows.slice(0, count(query, 'per_page', 100, 250)).map(([id, asset]) => marketRow(id, asset, now)) }
  }

  function coin(id: string, now: number): Reply {
    const asset = IDS[id]
    if (asset === undefined) return { status: 404, body: { error: 'coin not found' } }
    const votes = Math.round(50 + 40 * Math.sin(now / DAY + market.assets.indexOf(asset)))
    return { body: { id, symbol: asset.toLowerCase(), name: NAMES[asset], sentiment_votes_up_percentage: votes, last_updated: new Date(now).toISOString() } }
  }

  const lists = listsOf(market, (asset, now) => marketRow(idOf(asset), asset, now))

  return {
    id: 'coingecko',
    // Keyless: shared per address; users report 5 to 15 a minute.
    limits: [{ units: 15, perMs: MINUTE }],
    answer(call) {
      const { path, query, now } = call
      if (path === '/api/v3/coins/markets') return markets(call)
      if (path === '/api/v3/simple/price') return { body: Object.fromEntries(asked(query).map(([id, asset]) => [id, simpleRow(asset, now)])) }
      const [, id, part] = /^\/api\/v3\/coins\/([^/]+)(\/ohlc)?$/.exec(path) ?? []
      if (id === undefined) return lists(call)
      return part === undefined ? coin(id, now) : ohlc(id, call)
    },
    tooMany: (retryAfterS) => ({
      status: 429,
      headers: { 'retry-after': String(retryAfterS) },
      body: { status: { error_code: 429, error_message: "You've exceeded the Rate Limit." } },
    }),
    lies: [() => ({ body: {} })],
  }
}

/** The same as the smallest paid plan has it. */
export const coingeckoPro = (market: Market): UpstreamDefinition => ({ ...coingecko(market), limits: [{ units: 500, perMs: MINUTE }] })
