import { describe, expect, it } from 'vitest'
import { coincap } from '../../src/providers/coincap.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW } from '../support/ask.js'

const API = 'https://rest.coincap.io/v3'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }

const ok = (data: unknown) => ({ timestamp: NOW - 2_000, data })
const btc = {
  id: 'bitcoin',
  rank: '1',
  symbol: 'BTC',
  name: 'Bitcoin',
  supply: '19950000.0000000000000000',
  maxSupply: '21000000.0000000000000000',
  marketCapUsd: '1670000000000.5000000000000000',
  volumeUsd24Hr: '41000000000.2500000000000000',
  priceUsd: '84123.5000000000000000',
  changePercent24Hr: '-1.2500000000000000',
  vwap24Hr: '84500.1234567890123456',
  explorer: 'https://blockchain.info/',
  tokens: {},
}
const eth = { ...btc, id: 'ethereum', rank: '2', symbol: 'ETH', name: 'Ethereum', maxSupply: null, priceUsd: '2800.25', marketCapUsd: '0' }
const ticker = { ...pair, last: 84_123.5, change24hPercent: -1.25, quoteVolume24h: 41_000_000_000.25, marketCap: 1_670_000_000_000.5, asOf: NOW - 2_000 }
const exchange = {
  exchangeId: 'binance',
  name: 'Binance',
  rank: '1',
  percentTotalVolume: '31.5000000000000000',
  volumeUsd: '12500000000.7500000000000000',
  tradingPairs: '1500',
  socket: true,
  exchangeUrl: 'https://www.binance.com/',
  updated: NOW - 60_000,
}

describeProvider(
  coincap,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${API}/assets/bitcoin`, body: ok(btc), data: ticker, drifted: ok({ ...btc, priceUsd: null }) },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/EUR', symbol, 'SOL/USD'] },
        url: `${API}/assets?ids=ethereum,bitcoin,solana&limit=3`,
        body: ok([btc, eth]),
        data: [
          { ...pair, symbol: 'ETH/USD', base: 'ETH', last: 2_800.25, change24hPercent: -1.25, quoteVolume24h: 41_000_000_000.25, asOf: NOW - 2_000 },
          ticker,
        ],
        drifted: ok({ bitcoin: btc }),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${API}/assets/bitcoin`,
        body: ok(btc),
        data: { ...pair, quoteVolume24h: 41_000_000_000.25, asOf: NOW - 2_000 },
        drifted: ok({ ...btc, volumeUsd24Hr: null }),
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: `${API}/assets?limit=2`,
        body: ok([btc, eth, btc]),
        data: [
          { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: 'ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
        ],
        drifted: ok([]),
      },
      {
        capability: 'exchanges',
        params: {},
        url: `${API}/exchanges?limit=100`,
        body: ok([exchange, { ...exchange, exchangeId: 'quiet', name: 'Quiet', rank: '90', volumeUsd: null, exchangeUrl: '' }]),
        data: [
          { id: 'binance', name: 'Binance', url: 'https://www.binance.com/', volume24hUsd: 12_500_000_000.75 },
          { id: 'quiet', name: 'Quiet' },
        ],
        drifted: ok([{ ...exchange, exchangeId: undefined }]),
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: { error: 'bitcoin not found', timestamp: NOW } },
      { capability: 'ticker', body: ok(null) },
      { capability: 'tickers', body: ok([]) },
      { capability: 'volume', status: 404, body: { error: 'bitcoin not found', timestamp: NOW } },
    ],
    errors: [
      { says: 'a key is missing', status: 401, body: { error: 'Unauthorized' }, reason: 'unauthorized' },
      { says: 'no such key', status: 403, body: { error: 'Forbidden' }, reason: 'unauthorized' },
      { says: 'the credits are used up', status: 402, body: { error: 'Payment required' }, reason: 'quota-exhausted' },
      { says: 'too many requests', status: 429, body: { error: 'Too many requests' }, reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('coincap', () => {
  const provider = coincap({ apiKey: 'not-a-key' })
  const { ticker: one, tickers: batch, assets } = provider.endpoints

  it('leaves out an asset without a price, and does not let it spoil the others', () => {
    const dead = { ...eth, priceUsd: null }
    const found = ask(provider, 'tickers', { symbols: ['ETH/USD', symbol] }, { body: ok([dead, btc]) })
    expect(found.map(({ base }) => base)).toEqual(['BTC'])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, { body: ok([dead]) })).toThrow('price: a number > 0 expected')
  })

  it('says nothing of the time where the service does not', () => {
    expect(ask(provider, 'ticker', { symbol }, { body: { data: btc } })).not.toHaveProperty('asOf')
  })

  it('speaks of dollars only, and says no to more rows than one call brings', () => {
    expect(['BTC/USD', 'BTC/USDT', 'BTC/EUR'].map((asked) => one.supports?.({ symbol: asked }))).toEqual([true, false, false])
    expect([batch.supports?.({ symbols: ['BTC/EUR', symbol] }), batch.supports?.({ symbols: ['BTC/EUR'] })]).toEqual([true, false])
    expect([2_000, 2_001].map((limit) => assets.supports?.({ limit }))).toEqual([true, false])
  })

  it('is never hedged: calls cost credits', () => {
    expect(provider.metered).toBe(true)
  })

  it('finds ids of other assets in its list', () => {
    expect(provider.lookup?.request).toEqual({ path: 'v3/assets', query: { limit: 500 } })
    expect(provider.lookup?.parse(ok([btc, eth]))).toEqual([
      { symbol: 'BTC', id: 'bitcoin' },
      { symbol: 'ETH', id: 'ethereum' },
    ])
    expect(() => provider.lookup?.parse(ok([]))).toThrow('at least one row')
  })
})
