import { describe, expect, it } from 'vitest'
import { coincodex } from '../../src/providers/coincodex.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const coin = {
  symbol: 'BTC',
  coin_name: 'Bitcoin',
  shortname: 'bitcoin',
  slug: 'bitcoin',
  display_symbol: 'BTC',
  today_open: 86_000,
  price_high_24_usd: 87_000,
  price_low_24_usd: 84_000,
  last_price_usd: 85_000.5,
  price_change_1D_percent: '-1.250000000',
  volume_24_usd: 40_000_000_000.5,
  last_update: '2026-11-01 11:59:00',
}
const data = {
  symbol: 'BTC/USD',
  base: 'BTC',
  quote: 'USD',
  last: 85_000.5,
  low24h: 84_000,
  high24h: 87_000,
  change24hPercent: -1.25,
  quoteVolume24h: 40_000_000_000.5,
}

describeProvider(
  coincodex,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: 'https://coincodex.com/api/coincodex/get_coin/BTC',
        body: coin,
        data,
        drifted: { ...coin, last_price_usd: undefined },
      },
    ],
    unknown: [
      { capability: 'ticker', status: 422, body: { error: 'parameters' } },
      { capability: 'ticker', body: [] },
      { capability: 'ticker', body: null },
      { capability: 'ticker', body: { ...coin, symbol: 'BTC', display_symbol: 'OTHER' } },
    ],
    errors: [
      { says: 'a firewall', status: 403, body: '<html>Just a moment</html>', reason: 'unavailable' },
      { says: 'an internal error', status: 500, body: {}, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('coincodex', () => {
  it('is off by default, and comes last', () => {
    expect(coincodex()).toMatchObject({ enabled: false, role: 'last-resort' })
  })

  it('has dollars only, and asks for an id of its own where one is given', () => {
    const { ticker } = coincodex().endpoints
    expect(['BTC/USD', 'BTC/USDT'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, false])
    expect(sent(coincodex(), 'ticker', { symbol: 'LUNA/USD' }, { native: { LUNA: 'LUNA2' } })).toBe('https://coincodex.com/api/coincodex/get_coin/LUNA2')
  })

  it('refuses a day whose low is above its high', () => {
    const body = { ...coin, price_low_24_usd: 88_000 }
    expect(() => ask(coincodex(), 'ticker', { symbol: 'BTC/USD' }, { body })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
