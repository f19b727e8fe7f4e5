import { describe, expect, it } from 'vitest'
import { cryptorank } from '../../src/providers/cryptorank.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const provider = cryptorank()
const HOST = 'https://api.cryptorank.io/v2'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const of = (data: unknown) => ({ data, status: { usedCredits: 1 } })
const btc = {
  id: 1,
  key: 'bitcoin',
  symbol: 'BTC',
  name: 'Bitcoin',
  rank: 1,
  price: '60000.25',
  high24h: '61000',
  low24h: '59000',
  volume24h: '31000000000.5',
  marketCap: '1200000000000',
  percentChange: { h24: '1.5', d7: '-2' },
}
const eth = { id: 3, key: 'ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2, price: '2000', percentChange: { h24: '-4.25' } }
const ticker = {
  ...pair,
  last: 60_000.25,
  high24h: 61_000,
  low24h: 59_000,
  change24hPercent: 1.5,
  quoteVolume24h: 31_000_000_000.5,
  marketCap: 1_200_000_000_000,
}
const list = (limit: number) => `${HOST}/currencies?limit=${limit}&sortBy=rank&sortDirection=ASC&include=percentChange`
const refused = (statusCode: number, message: string) => ({ statusCode, message, error: 'Refused' })

describeProvider(
  cryptorank,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${HOST}/currencies/1`, body: of(btc), data: ticker, drifted: of({ ...btc, price: undefined }) },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/EUR', symbol] },
        url: list(1_000),
        body: of([btc, eth, { ...eth, id: 4, symbol: 'XRP' }]),
        data: [{ symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_000, change24hPercent: -4.25 }, ticker],
        drifted: of([{ ...btc, price: '' }]),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${HOST}/currencies/1`,
        body: of([btc]),
        data: { ...pair, quoteVolume24h: 31_000_000_000.5 },
        drifted: of({ ...btc, volume24h: '-' }),
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: list(100),
        body: of([btc, { ...eth, symbol: 'stEth', rank: null }, eth]),
        data: [
          { id: '1', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: '3', symbol: 'STETH', name: 'Ethereum' },
        ],
        drifted: of([{ ...btc, id: undefined }]),
      },
      {
        capability: 'globalMarket',
        params: {},
        url: `${HOST}/global`,
        body: of({
          totalMarketCap: '2400000000000',
          totalMarketCapChange: 1.2,
          totalVolume24h: '90000000000',
          btcDominance: 55.5,
          ethDominance: '12.25',
          activeCurrencies: 9_000,
        }),
        data: { marketCapUsd: 2_400_000_000_000, volume24hUsd: 90_000_000_000, dominancePercent: { BTC: 55.5, ETH: 12.25 }, assets: 9_000 },
        drifted: of({ marketCap: '2400000000000', totalVolume24h: '90000000000', btcDominance: 55.5 }),
      },
      {
        capability: 'movers',
        params: { direction: 'gainers', limit: 1 },
        url: list(100),
        body: of([{ ...eth, id: 9, percentChange: { h24: '1.25' } }, { ...btc, id: 8, percentChange: undefined }, eth, btc]),
        data: [
          {
            id: '1',
            symbol: 'BTC',
            name: 'Bitcoin',
            rank: 1,
            priceUsd: 60_000.25,
            change24hPercent: 1.5,
            marketCapUsd: 1_200_000_000_000,
            volume24hUsd: 31_000_000_000.5,
          },
        ],
        drifted: of([{ ...btc, percentChange: undefined }]),
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: refused(404, 'Currency not found') },
      { capability: 'volume', status: 404, body: refused(404, 'Currency not found') },
      { capability: 'tickers', body: of([{ ...eth, id: 4, symbol: 'XRP' }]) },
    ],
    errors: [
      {
        says: 'Endpoint is not available in your tariff plan',
        status: 403,
        body: refused(403, 'Endpoint is not available in your tariff plan'),
        reason: 'unauthorized',
      },
      { says: 'Unauthorized', status: 401, body: refused(401, 'Unauthorized'), reason: 'unauthorized' },
    ],
  },
  { describe, it },
)

describe('cryptorank', () => {
  it('leaves out one of a batch without a price', () => {
    const data = ask(provider, 'tickers', { symbols: ['ETH/USD', symbol] }, { body: of([{ ...eth, price: '0' }, btc]) })
    expect(data).toStrictEqual([ticker])
  })

  it('refuses another currency than asked, and a range turned round', () => {
    expect(() => ask(provider, 'ticker', { symbol }, { body: of(eth) })).toThrow('id')
    expect(() => ask(provider, 'ticker', { symbol }, { body: of({ ...btc, low24h: '62000' }) })).toThrow('low')
  })

  it('looks up what its table lacks among the largest thousand', () => {
    expect(provider.lookup?.request).toMatchObject({ path: 'v2/currencies', query: { limit: 1_000, sortBy: 'rank' } })
    expect(provider.lookup?.parse(of([btc, eth]))).toEqual([
      { symbol: 'BTC', id: '1' },
      { symbol: 'ETH', id: '3' },
    ])
    expect(() => provider.lookup?.parse({ status: {} })).toThrow('data')
  })

  it('asks for a list as long as it must be, and for no longer one than there is', () => {
    expect([100, 101, 500, 501].map((limit) => sent(provider, 'assets', { limit }))).toEqual([100, 500, 500, 1_000].map(list))
    expect([undefined, 1_000, 1_001].map((limit) => provider.endpoints.assets.supports?.({ limit }))).toEqual([true, true, false])
  })

  it('has dollars only, and sends nothing for what it does not know', () => {
    const { ticker: one, tickers, volume } = provider.endpoints
    expect([one.supports?.({ symbol: 'BTC/EUR' }), volume.supports?.({ symbol: 'BTC/USDT' }), one.supports?.({ symbol })]).toEqual([false, false, true])
    expect([tickers.supports?.({ symbols: ['BTC/EUR', symbol] }), tickers.supports?.({ symbols: ['BTC/EUR'] })]).toEqual([true, false])
    expect(() => sent(provider, 'ticker', { symbol: 'NOPE/USD' })).toThrow('does not know NOPE')
  })
})
