import type { Market } from '../market.ts'
import type { Reply, UpstreamDefinition } from '../server.ts'
import { day } from './shared.ts'

const MONTH_MS = 30 * 86_400_000

/** Coinpaprika: tickers by its own ids, `btc-bitcoin` (https://docs.coinpaprika.com/api-reference/tickers/get-ticker-for-a-specific-coin). */
export function coinpaprika(market: Market): UpstreamDefinition {
  function answer(id: string, now: number): Reply {
    const asset = id.split('-', 1)[0]?.toUpperCase() ?? ''
    if (!market.assets.includes(asset)) return { status: 404, body: { error: 'id not found' } }
    const { last, open, volume } = day(market, asset, 'coinpaprika', now)
    const usd = { price: last, volume_24h: volume * last, market_cap: last * 1e7, percent_change_24h: (last / open - 1) * 100 }
    return {
      body: {
        id,
        name: asset,
        symbol: asset,
        rank: market.assets.indexOf(asset) + 1,
        total_supply: 1e7,
        max_supply: 1e7,
        beta_value: 1,
        first_data_at: '2015-01-01T00:00:00Z',
        last_updated: new Date(now).toISOString(),
        quotes: { USD: usd },
      },
    }
  }

  return {
    id: 'coinpaprika',
    // 10 a second and address, 20,000 a month on the free plan.
    limits: [
      { units: 10, perMs: 1_000 },
      { units: 20_000, perMs: MONTH_MS },
    ],
    answer({ path, now }) {
      const id = /^\/v1\/tickers\/([^/]+)$/.exec(path)?.[1]
      return id === undefined ? undefined : answer(id, now)
    },
    tooMany: (retryAfterS) => ({ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: { error: 'too many requests' } }),
    lies: [() => ({ body: { id: 'btc-bitcoin', quotes: { USD: { price: null } } } })],
  }
}
