import { describe, expect, it } from 'vitest'
import { defillama } from '../../src/providers/defillama.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW, sent } from '../support/ask.js'

const HOST = 'https://coins.llama.fi/prices/current'
const seconds = NOW / 1_000 - 30
const coin = (price: unknown, more: object = {}) => ({ price, symbol: 'BTC', timestamp: seconds, confidence: 0.99, ...more })
const of = (coins: object) => ({ coins })
const asOf = NOW - 30_000
const btc = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 85_000.5, asOf }
const eth = { symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_800, asOf }
const ADDRESS = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01'
const token = { asset: `eip155:42161/erc20:${ADDRESS}` }

describeProvider(
  defillama,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${HOST}/coingecko:bitcoin`,
        body: of({ 'coingecko:bitcoin': coin(85_000.5) }),
        data: btc,
        drifted: of({ 'coingecko:bitcoin': coin(null) }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/USD'] },
        url: `${HOST}/coingecko:ethereum,coingecko:bitcoin`,
        body: of({ 'coingecko:bitcoin': coin(85_000.5), 'coingecko:ethereum': coin(2_800, { symbol: 'ETH' }) }),
        data: [eth, btc],
        drifted: { prices: {} },
      },
      {
        capability: 'tokenTicker',
        params: token,
        url: `${HOST}/arbitrum:${ADDRESS}`,
        body: of({ [`arbitrum:${ADDRESS}`]: { decimals: 18, ...coin(1.25, { symbol: 'wAbc' }) } }),
        data: { symbol: 'WABC/USD', base: 'WABC', quote: 'USD', last: 1.25, asOf },
        drifted: of({ [`arbitrum:${ADDRESS}`]: { usd: 1.25, symbol: 'wAbc' } }),
      },
    ],
    unknown: [
      { capability: 'ticker', body: of({}) },
      { capability: 'tickers', body: of({}) },
      { capability: 'tokenTicker', body: of({}) },
    ],
    errors: [
      { says: 'a gateway that fails', status: 502, body: 'Bad Gateway', reason: 'unavailable' },
      { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('defillama', () => {
  const provider = defillama()

  it('does not know what it is not sure of, and leaves that out of a batch', () => {
    const body = of({ 'coingecko:bitcoin': coin(85_000.5), 'coingecko:ethereum': coin(2_800, { confidence: 0.89 }) })
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USD' }, { body })).toThrow(expect.objectContaining({ reason: 'not-found' }))
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, { body })).toEqual([btc])
  })

  it('names a token without a symbol by its address, and reads an address in another case', () => {
    const body = of({ [`arbitrum:${ADDRESS.toLowerCase()}`]: coin(2, { symbol: undefined }) })
    expect(ask(provider, 'tokenTicker', token, { body })).toMatchObject({ base: ADDRESS, quote: 'USD', last: 2 })
  })

  it('asks for tokens on chains that it has, for Solana with the address as it stands, and not for coins without an address', () => {
    const solana = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'
    expect(sent(provider, 'tokenTicker', { asset: solana })).toBe(`${HOST}/solana:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v`)
    const supported = [solana, token.asset, 'eip155:1/slip44:60', `eip155:424242/erc20:${ADDRESS}`, 'BTC'].map((asset) =>
      provider.endpoints.tokenTicker.supports?.({ asset }),
    )
    expect(supported).toEqual([true, true, false, false, false])
  })

  it('has real dollars only, and asks a batch for those', () => {
    const { ticker, tickers } = provider.endpoints
    expect(['BTC/USD', 'BTC/USDT', 'BTC/EUR'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, false, false])
    expect(tickers.supports?.({ symbols: ['BTC/EUR'] })).toBe(false)
    expect(sent(provider, 'tickers', { symbols: ['BTC/EUR', 'NOPE/USD', 'BTC/USD'] })).toBe(`${HOST}/coingecko:bitcoin`)
  })

  it('puts a Pro key into the path of the Pro host', () => {
    const pro = defillama({ plan: 'pro', apiKey: 'k' })
    expect(pro.key).toMatchObject({ required: true, in: 'path' })
    expect(decodeURI(sent(pro, 'ticker', { symbol: 'BTC/USD' }))).toBe('https://pro-api.llama.fi/{key}/coins/prices/current/coingecko:bitcoin')
  })
})
