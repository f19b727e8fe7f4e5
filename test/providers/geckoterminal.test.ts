import { describe, expect, it } from 'vitest'
import { geckoterminal } from '../../src/providers/geckoterminal.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const HOST = 'https://api.geckoterminal.com/api/v2'
const ADDRESS = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01'
const asset = `eip155:1/erc20:${ADDRESS}`
const tokenOf = (more: object = {}) => ({
  data: {
    id: `eth_${ADDRESS.toLowerCase()}`,
    type: 'token',
    attributes: {
      address: ADDRESS.toLowerCase(),
      name: 'Acme',
      symbol: 'Acme',
      decimals: 18,
      coingecko_coin_id: null,
      price_usd: '1.4',
      fdv_usd: '14000000.0',
      total_reserve_in_usd: '900000.0',
      volume_usd: { h24: '125000.5' },
      market_cap_usd: '7000000.0',
      ...more,
    },
    relationships: { top_pools: { data: [] } },
  },
})
const poolOf = (token: string, price: string, change: string) => ({
  id: `pool_of_${token}`,
  type: 'pool',
  attributes: { base_token_price_usd: price, name: `${token} / SOL`, price_change_percentage: { m5: '0', h24: change } },
  relationships: { base_token: { data: { id: token, type: 'token' } }, quote_token: { data: { id: 'solana_sol', type: 'token' } } },
})
const named = (id: string, symbol: string, name: string) => ({ id, type: 'token', attributes: { address: id, name, symbol, decimals: 9 } })
const pools = [poolOf('solana_Aa', '0.00000012345', '-12.5'), poolOf('base_0xb', '2.5', '340.1'), poolOf('solana_Aa', '0.2', '1'), poolOf('eth_0xc', '1', '0')]
const included = [named('solana_Aa', 'Pop', 'Popcat'), named('base_0xb', 'BRR', 'Brr'), named('eth_0xc', 'NIL', '')]

describeProvider(
  geckoterminal,
  {
    answers: [
      {
        capability: 'tokenTicker',
        params: { asset },
        url: `${HOST}/networks/eth/tokens/${ADDRESS}`,
        body: tokenOf(),
        data: { symbol: 'ACME/USD', base: 'ACME', quote: 'USD', last: 1.4, quoteVolume24h: 125_000.5, marketCap: 7_000_000 },
        drifted: tokenOf({ price_usd: undefined }),
      },
      {
        capability: 'trending',
        params: {},
        url: `${HOST}/networks/trending_pools?include=base_token`,
        body: { data: pools, included },
        data: [
          { id: 'solana_Aa', symbol: 'POP', name: 'Popcat', priceUsd: 1.2345e-7, change24hPercent: -12.5 },
          { id: 'base_0xb', symbol: 'BRR', name: 'Brr', priceUsd: 2.5, change24hPercent: 340.1 },
        ],
        drifted: { data: pools },
      },
    ],
    unknown: [
      { capability: 'tokenTicker', status: 404, body: { errors: [{ status: '404', title: 'Not Found' }] } },
      { capability: 'tokenTicker', body: tokenOf({ price_usd: null }) },
    ],
    errors: [
      { says: 'too many requests', status: 429, body: { status: { error_code: 429, error_message: 'Rate limit exceeded' } }, reason: 'rate-limited' },
      { says: 'a parameter that it does not like', status: 400, body: { errors: [{ status: '400', title: 'Bad Request' }] }, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('geckoterminal', () => {
  const provider = geckoterminal()

  it('leaves out a market value that is unknown', () => {
    expect(ask(provider, 'tokenTicker', { asset }, { body: tokenOf({ market_cap_usd: null, volume_usd: {} }) })).toStrictEqual({
      symbol: 'ACME/USD',
      base: 'ACME',
      quote: 'USD',
      last: 1.4,
    })
  })

  it('calls pools whose tokens nobody names a bad response', () => {
    expect(() => ask(provider, 'trending', {}, { body: { data: pools, included: [] } })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
    expect(() => ask(provider, 'trending', {}, { body: { data: [], included } })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('brings as many trending tokens as asked, one page at most', () => {
    expect(ask(provider, 'trending', { limit: 1 }, { body: { data: pools, included } })).toHaveLength(1)
    expect([20, 21].map((limit) => provider.endpoints.trending.supports?.({ limit }))).toEqual([true, false])
  })

  it('takes a slash in the symbol for a part of it, and the address where there is none', () => {
    const called = (symbol: unknown) => ask(provider, 'tokenTicker', { asset }, { body: { data: { attributes: { symbol, price_usd: '1.4' } } } })
    expect(called('btc/eur')).toEqual({ symbol: 'BTC/EUR/USD', base: 'BTC/EUR', quote: 'USD', last: 1.4 })
    expect(called(null).base).toBe(asset.split(':').at(-1))
  })

  it('asks for tokens on chains that it has', () => {
    const solana = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'
    expect(sent(provider, 'tokenTicker', { asset: solana })).toBe(`${HOST}/networks/solana/tokens/EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v`)
    const supported = [solana, asset, 'eip155:1/slip44:60', `eip155:424242/erc20:${ADDRESS}`].map((one) =>
      provider.endpoints.tokenTicker.supports?.({ asset: one }),
    )
    expect(supported).toEqual([true, true, false, false])
  })

  it('shares its figures with CoinGecko, and says so', () => {
    expect(provider.family).toBe('coingecko')
  })
})
