import type { Market } from '../market.ts'
import type { Call, Reply, UpstreamDefinition } from '../server.ts'
import { count, day, EXCHANGES, NAMES, ranked, supplyOf, whole } from './shared.ts'

const MONTH_MS = 30 * 86_400_000

/** Its ids, where they are not made of symbol and name. */
const IDS: Readonly<Record<string, string>> = {
  AVAX: 'avax-avalanche',
  AAVE: 'aave-new',
  BNB: 'bnb-binance-coin',
}

const idOf = (asset: string): string => IDS[asset] ?? `${asset}-${(NAMES[asset] ?? asset).replaceAll(' ', '-')}`.toLowerCase()

/** Coinpaprika: tickers by its own ids, `btc-bitcoin` (https://docs.coinpaprika.com/api-reference/tickers/get-ticker-for-a-specific-coin). */
export function coinpaprika(market: Market): UpstreamDefinition {
  function row(asset: string, id: string, now: number): object {
    const { last, open, volume } = day(market, asset, 'coinpaprika', now)
    const usd = { price: last, volume_24h: volume * last, market_cap: last * supplyOf(asset), percent_change_24h: (last / open - 1) * 100 }
    return {
      id,
      name: NAMES[asset] ?? asset,
      symbol: asset,
      rank: ranked(market, 'coinpaprika', now).indexOf(asset) + 1,
      total_supply: supplyOf(asset),
      max_supply: supplyOf(asset),
      beta_value: 1,
      first_data_at: '2015-01-01T00:00:00Z',
      last_updated: new Date(now).toISOString(),
      quotes: { USD: usd },
    }
  }

  function one(id: string, now: number): Reply {
    const asset = id.split('-', 1)[0]?.toUpperCase() ?? ''
    return market.assets.includes(asset) ? { body: row(asset, id, now) } : { status: 404, body: { error: 'id not found' } }
  }

  function global(now: number): Reply {
    const { value, traded, shares } = whole(market, 'coinpaprika', now)
    const btc = day(market, 'BTC', 'coinpaprika', now)
    return {
      body: {
        market_cap_usd: value,
        volume_24h_usd: traded,
        bitcoin_dominance_percentage: shares.BTC,
        cryptocurrencies_number: market.assets.length,
        market_cap_change_24h: (btc.last / btc.open - 1) * 100,
        last_updated: Math.floor(now / 1_000),
      },
    }
  }

  const exchanges = (now: number): Reply => ({
    body: EXCHANGES.map(({ id, name, btc }, index) => ({
      id,
      name,
      active: true,
      adjusted_rank: index + 1,
      links: { website: [`https://${id}.example`] },
      quotes: { USD: { reported_volume_24h: btc * market.price('BTC', 'coinpaprika', now) } },
    })),
  })

  function lists({ path, query, now }: Call): Reply | undefined {
    if (path === '/v1/tickers')
      return {
        body: ranked(market, 'coinpaprika', now)
          .slice(0, count(query, 'limit', 250, 250))
          .map((asset) => row(asset, idOf(asset), now)),
      }
    if (path === '/v1/global') return global(now)
    return path === '/v1/exchanges' ? exchanges(now) : undefined
  }

  return {
    id: 'coinpaprika',
    // 10 a second and address, 20,000 a month on the free plan.
    limits: [
      { units: 10, perMs: 1_000 },
      { units: 20_000, perMs: MONTH_MS },
    ],
    answer(call) {
      const id = /^\/v1\/tickers\/([^/]+)$/.exec(call.path)?.[1]
      return id === undefined ? lists(call) : one(id, call.now)
    },
    tooMany: (retryAfterS) => ({ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: { error: 'too many requests' } }),
    lies: [() => ({ body: { id: 'btc-bitcoin', quotes: { USD: { price: null } } } })],
  }
}
