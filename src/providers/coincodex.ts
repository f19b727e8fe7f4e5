import type { Ticker } from '../model/market.js'
import { baseOf, type Pair, pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import { isInDollars, unknown } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

const ID = 'coincodex'

/**
 * CoinCodex: prices averaged over exchanges, in real dollars. No key needed. Its API is a beta of years ago whose fields are hardly documented
 * (all of this is unverified), so it is off unless `enabled: true`, and then comes last.
 */
export function coincodex(options: ProviderOptions = {}): Provider<'ticker'> {
  return defineProvider<'ticker'>(
    {
      id: ID,
      name: 'CoinCodex',
      homepage: 'https://coincodex.com',
      docs: 'https://coincodex.com/page/api/',
      hosts: ['https://coincodex.com'],
      // Nothing is published.
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      enabled: false,
      role: 'last-resort',
      // CC BY-NC 3.0: not for commercial use.
      attribution: { text: 'Data by CoinCodex', url: 'https://coincodex.com', required: true },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => {
            const base = baseOf(symbol)
            // Who says not who he is is turned away.
            return { path: `api/coincodex/get_coin/${encodeURIComponent(native[base] ?? base)}`, headers: { 'user-agent': 'feedmux' } }
          },
          parse: (body, { symbol }) => {
            if (body === null || (Array.isArray(body) && body.length === 0)) throw unknown(ID, symbol)
            return tickerOf(read.object(body, 'coin'), pairOf(symbol))
          },
        },
      },
      // Parameters that are not as described.
      failure: ({ status, body }) => (status === 422 && typeof body === 'object' ? { reason: 'not-found' } : undefined),
    },
    options,
  )
}

/** Coins are asked for by an id of CoinCodex's own, which mostly is the symbol; what is shown says whether it is the asked one. `last_update` names no zone. */
function tickerOf(coin: Row, pair: Pair): Ticker {
  if (read.string(coin.display_symbol, 'display_symbol').toUpperCase() !== pair.base) throw unknown(ID, pair.symbol)
  const price = {
    price: coin.last_price_usd,
    low24h: coin.price_low_24_usd,
    high24h: coin.price_high_24_usd,
    changePercent: coin.price_change_1D_percent,
    turnover: coin.volume_24_usd,
    marketCap: coin.market_cap_usd,
  }
  return asTicker(price, pair)
}
