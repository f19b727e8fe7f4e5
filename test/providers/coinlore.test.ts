import { describe, expect, it } from 'vitest'
import { coinlore } from '../../src/providers/coinlore.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const API = 'https://api.coinlore.net/api'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }

const row = {
  id: '90',
  symbol: 'BTC',
  name: 'Bitcoin',
  nameid: 'bitcoin',
  rank: 1,
  price_usd: '84123.50',
  percent_change_24h: '-1.25',
  percent_change_1h: '0.10',
  market_cap_usd: '1670000000000.00',
  csupply: '19950000.00',
  price_btc: '1.00',
  tsupply: '19950000',
  msupply: '21000000',
}
const btc = { ...row, volume24: '41000000000.50', volume24_native: '487378.25' }
const eth = { ...btc, id: '80', symbol: 'ETH', name: 'Ethereum', rank: 2, price_usd: '2800.25', percent_change_24h: '3.50', volume24_native: '0.00' }
// tickers: the volume is a number, and so are ids at times
const listed = [
  { ...row, volume24: 41_000_000_000.5, volume24a: 43_000_000_000 },
  { ...row, id: 80, symbol: 'ETH', name: 'Ethereum', rank: 2, price_usd: '2800.25', percent_change_24h: '3.50', market_cap_usd: null, volume24: 2e10 },
  { ...row, id: '2', symbol: 'doge', name: 'Dogecoin', rank: 9, price_usd: '7.1E-2', percent_change_24h: '0.50', volume24: 1e9 },
  { ...row, id: '58', symbol: 'XRP', name: 'XRP', rank: 4, percent_change_24h: '-4.00', volume24: 3e9 },
]
const page = (data: unknown) => ({ data, info: { coins_num: 14_000, time: 1_790_000_000 } })
const ticker = { ...pair, last: 84_123.5, change24hPercent: -1.25, volume24h: 487_378.25, quoteVolume24h: 41_000_000_000.5, marketCap: 1.67e12 }
const global = {
  coins_count: 14_471,
  active_markets: 33_121,
  total_mcap: 2_579_503_640_411.5,
  total_volume: 126_770_073_624.25,
  btc_d: '59.50',
  eth_d: '11.20',
  mcap_change: '-0.75',
  volume_change: '3.10',
  avg_change_percent: '0.20',
}
const exchange = {
  id: '5',
  name: 'Binance',
  name_id: 'binance',
  volume_usd: 425_535_383.25,
  active_pairs: 852,
  url: 'https://www.binance.com',
  country: 'Japan',
}

describeProvider(
  coinlore,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${API}/ticker/?id=90`,
        body: [btc],
        data: ticker,
        drifted: [{ ...btc, price_usd: '0' }],
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/USDT', symbol, 'XRP/USD'] },
        url: `${API}/ticker/?id=80,90,58`,
        body: [btc, eth],
        data: [
          { ...pair, symbol: 'ETH/USD', base: 'ETH', last: 2_800.25, change24hPercent: 3.5, quoteVolume24h: 41_000_000_000.5, marketCap: 1.67e12 },
          ticker,
        ],
        drifted: { data: [btc, eth] },
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${API}/ticker/?id=90`,
        body: [btc],
        data: { ...pair, volume24h: 487_378.25, quoteVolume24h: 41_000_000_000.5 },
        drifted: [{ ...btc, volume24: undefined }],
      },
      {
        capability: 'assets',
        params: { limit: 3 },
        url: `${API}/tickers/?start=0&limit=3`,
        body: page(listed),
        data: [
          { id: '90', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: '80', symbol: 'ETH', name: 'Ethereum', rank: 2 },
          { id: '2', symbol: 'DOGE', name: 'Dogecoin', rank: 9 },
        ],
        drifted: page([]),
      },
      {
        capability: 'exchanges',
        params: { limit: 2 },
        url: `${API}/exchanges/`,
        body: {
          '9': { id: '9', name: 'Small', volume_usd: 444_695.5, url: '', country: null },
          '5': exchange,
          '11': { id: 11, name: 'Silent', volume_usd: 0 },
        },
        data: [
          { id: '5', name: 'Binance', url: 'https://www.binance.com', country: 'Japan', volume24hUsd: 425_535_383.25 },
          { id: '9', name: 'Small', volume24hUsd: 444_695.5 },
        ],
        drifted: {},
      },
      {
        capability: 'globalMarket',
        params: {},
        url: `${API}/global/`,
        body: [global],
        data: {
          marketCapUsd: 2_579_503_640_411.5,
          volume24hUsd: 126_770_073_624.25,
          dominancePercent: { BTC: 59.5, ETH: 11.2 },
          assets: 14_471,
          change24hPercent: -0.75,
        },
        drifted: [],
      },
      {
        capability: 'movers',
        params: { direction: 'gainers', limit: 5 },
        url: `${API}/tickers/?start=0&limit=100`,
        body: page(listed),
        data: [
          { id: '80', symbol: 'ETH', name: 'Ethereum', rank: 2, priceUsd: 2_800.25, change24hPercent: 3.5, volume24hUsd: 2e10 },
          { id: '2', symbol: 'DOGE', name: 'Dogecoin', rank: 9, priceUsd: 7.1e-2, change24hPercent: 0.5, marketCapUsd: 1.67e12, volume24hUsd: 1e9 },
        ],
        drifted: page(listed.map((one) => ({ ...one, percent_change_24h: '' }))),
      },
    ],
    unknown: [
      { capability: 'ticker', body: [] },
      { capability: 'tickers', body: [] },
      { capability: 'volume', body: [] },
    ],
    errors: [
      { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' },
      { says: 'a firewall page', status: 403, body: '<html></html>', reason: 'unavailable' },
      { says: 'bad gateway', status: 502, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('coinlore', () => {
  const provider = coinlore()
  const { ticker: one, tickers: batch, assets } = provider.endpoints

  it('leaves out an asset without a price, and does not let it spoil the others', () => {
    const found = ask(provider, 'tickers', { symbols: ['ETH/USD', symbol] }, { body: [btc, { ...eth, price_usd: null }] })
    expect(found.map(({ base }) => base)).toEqual(['BTC'])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, { body: [{ ...eth, price_usd: '0' }] })).toThrow('price: a number > 0 expected')
  })

  it('takes no other asset for the asked one', () => {
    expect(() => ask(provider, 'ticker', { symbol }, { body: [eth] })).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it('takes the second volume of tickers for no volume in coins', () => {
    expect(ask(provider, 'ticker', { symbol }, { body: listed })).not.toHaveProperty('volume24h')
  })

  it('lists the losers with the deepest fall first', () => {
    const losers = ask(provider, 'movers', { direction: 'losers' }, { body: page(listed) })
    expect(losers.map(({ symbol: of }) => of)).toEqual(['XRP', 'BTC'])
  })

  it('speaks of dollars only, and says no to more rows than one call brings', () => {
    expect(['BTC/USD', 'BTC/USDT', 'BTC/EUR'].map((asked) => one.supports?.({ symbol: asked }))).toEqual([true, false, false])
    expect([batch.supports?.({ symbols: ['BTC/EUR', symbol] }), batch.supports?.({ symbols: ['BTC/EUR'] })]).toEqual([true, false])
    expect([100, 101].map((limit) => assets.supports?.({ limit }))).toEqual([true, false])
  })

  it('finds ids of other assets among the hundred largest', () => {
    expect(provider.lookup?.request).toEqual({ path: 'api/tickers/', query: { start: 0, limit: 100 } })
    expect(provider.lookup?.parse(page(listed.slice(1, 3)))).toEqual([
      { symbol: 'ETH', id: '80' },
      { symbol: 'doge', id: '2' },
    ])
    expect(() => provider.lookup?.parse(page([]))).toThrow('at least one row')
  })
})
