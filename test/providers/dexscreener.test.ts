import { describe, expect, it } from 'vitest'
import { dexscreener } from '../../src/providers/dexscreener.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const ADDRESS = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01'
const asset = `eip155:8453/erc20:${ADDRESS}`
const token = { address: ADDRESS, name: 'Acme', symbol: 'Acme' }
const weth = { address: '0x4200000000000000000000000000000000000006', name: 'Wrapped Ether', symbol: 'WETH' }
const pair = {
  chainId: 'base',
  dexId: 'uniswap',
  url: 'https://dexscreener.com/base/0x01',
  pairAddress: '0x01',
  baseToken: token,
  quoteToken: weth,
  priceNative: '0.0005',
  priceUsd: '1.4',
  volume: { h24: 125_000.5, h6: 10, h1: 1, m5: 0.1 },
  priceChange: { h24: -3.5, h6: 1 },
  liquidity: { usd: 900_000, base: 300_000, quote: 150 },
  fdv: 14_000_000,
  marketCap: 7_000_000,
}
const data = { symbol: 'ACME/USD', base: 'ACME', quote: 'USD', last: 1.4, change24hPercent: -3.5, quoteVolume24h: 125_000.5, marketCap: 7_000_000 }

describeProvider(
  dexscreener,
  {
    answers: [
      {
        capability: 'tokenTicker',
        params: { asset },
        url: `https://api.dexscreener.com/tokens/v1/base/${ADDRESS}`,
        body: [
          { ...pair, priceUsd: '9', liquidity: { usd: 100 } },
          { ...pair, baseToken: weth, quoteToken: token, priceUsd: '2800', liquidity: { usd: 5_000_000 } },
          pair,
        ],
        data,
        drifted: [{ ...pair, priceUsd: undefined }],
      },
    ],
    unknown: [
      { capability: 'tokenTicker', body: [] },
      { capability: 'tokenTicker', body: { schemaVersion: '1.0.0', pairs: null } },
      { capability: 'tokenTicker', body: [{ ...pair, baseToken: weth, quoteToken: token }] },
    ],
    errors: [{ says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' }],
  },
  { describe, it },
)

describe('dexscreener', () => {
  const provider = dexscreener()

  it('takes a pool that says its liquidity before one that does not, and one with a price before one without', () => {
    const silent = { ...pair, priceUsd: '9', liquidity: undefined }
    const unpriced = { ...pair, priceUsd: null, liquidity: { usd: 8_000_000 } }
    expect(ask(provider, 'tokenTicker', { asset }, { body: [silent, unpriced, pair] })).toEqual(data)
    expect(ask(provider, 'tokenTicker', { asset }, { body: [silent] }).last).toBe(9)
  })

  it('leaves out what a pool does not say', () => {
    const bare = { chainId: 'base', baseToken: { ...token, address: ADDRESS.toLowerCase() }, priceUsd: '1.4', priceChange: {} }
    expect(ask(provider, 'tokenTicker', { asset }, { body: { pairs: [bare] } })).toStrictEqual({ symbol: 'ACME/USD', base: 'ACME', quote: 'USD', last: 1.4 })
  })

  it('takes a slash in the symbol for a part of it, and the address where there is none', () => {
    const named = (symbol: string) => ask(provider, 'tokenTicker', { asset }, { body: [{ ...pair, baseToken: { ...token, symbol } }] })
    expect(named('btc/eur')).toMatchObject({ symbol: 'BTC/EUR/USD', base: 'BTC/EUR', quote: 'USD' })
    expect(named('')).toMatchObject({ symbol: `${ADDRESS}/USD`, base: ADDRESS, quote: 'USD' })
  })

  it('asks for tokens on chains that it has, with the address as it stands', () => {
    const solana = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'
    expect(sent(provider, 'tokenTicker', { asset: solana })).toBe('https://api.dexscreener.com/tokens/v1/solana/EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v')
    const supported = [solana, asset, 'eip155:1/slip44:60', `eip155:424242/erc20:${ADDRESS}`].map((one) =>
      provider.endpoints.tokenTicker.supports?.({ asset: one }),
    )
    expect(supported).toEqual([true, true, false, false])
  })
})
