import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import type { Capability } from '../../src/model/capabilities.js'
import { cacheKey } from '../../src/router/cache-key.js'
import { checkParams } from '../../src/router/check-params.js'

describe('parameters that are wrong whatever the provider', () => {
  it.each<[Capability, unknown, string]>([
    ['ticker', null, 'ticker: params must be an object, got null'],
    ['ticker', {}, "symbol must be BASE/QUOTE like 'BTC/USD', got nothing"],
    ['ticker', { symbol: 'BTCUSD' }, 'symbol must be BASE/QUOTE like \'BTC/USD\', got "BTCUSD"'],
    ['ticker', { symbol: 'BTC/' }, 'symbol must be BASE/QUOTE'],
    ['ticker', { symbol: '/USD' }, 'symbol must be BASE/QUOTE'],
    ['ticker', { symbol: 'B TC/USD' }, 'symbol must be BASE/QUOTE'],
    ['ticker', { symbol: 7 }, 'symbol must be BASE/QUOTE'],
    ['orderBook', { symbol: 'btc/usd' }, "symbol must be in upper case, got 'btc/usd': ask for 'BTC/USD'"],
    ['tickers', { symbols: [] }, 'symbols must be a list like'],
    ['tickers', { symbols: ['BTC/USD', 'ETH'] }, 'symbol must be BASE/QUOTE'],
    ['candles', { symbol: 'BTC/USD', interval: '7m' }, 'interval must be one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 12h, 1d, 1w, 1M, got "7m"'],
    ['candles', { symbol: 'BTC/USD' }, 'got nothing'],
    ['candles', { symbol: 'BTC/USD', interval: '1h', limit: 0 }, 'limit must be a whole number ≥ 1, got 0'],
    ['candles', { symbol: 'BTC/USD', interval: '1h', limit: 2.5 }, 'limit must be a whole number ≥ 1, got 2.5'],
    ['candles', { symbol: 'BTC/USD', interval: '1h', since: -1 }, 'since must be'],
    ['candles', { symbol: 'BTC/USD', interval: '1h', since: 1.79e15 }, 'since must be Unix ms'],
    ['candles', { symbol: 'BTC/USD', interval: '1h', since: Infinity }, 'since must be Unix ms'],
    ['orderBook', { symbol: 'BTC/USD', depth: Number.NaN }, 'depth must be a whole number ≥ 1'],
    ['movers', { direction: 'up' }, "direction must be 'gainers' or 'losers', got \"up\""],
    ['social', { asset: '' }, "asset must be a text like 'BTC'"],
    ['news', { symbols: 'BTC' }, 'symbols must be a list of texts like'],
    ['news', { symbols: [''] }, 'symbols must be a list of texts like'],
    ['news', { symbols: ['btc'] }, "symbols must be in upper case, got 'btc': ask for 'BTC'"],
    ['chainTvl', { chain: 5 }, 'chain must be a text'],
    ['yields', { chain: '' }, 'chain must be a text'],
    ['textSentiment', { texts: [] }, 'texts must be a list of texts like'],
    ['textSentiment', { texts: ['fine', ' '] }, 'texts must be a list of texts like'],
    ['indicators', { symbol: 'BTC/USD', interval: '1d', names: [] }, 'names must be a list of texts like'],
    ['indicators', { symbol: 'BTC/USD', interval: '1y', names: ['rsi'] }, 'interval must be one of'],
    ['forecast', { symbol: 'BTC/USD', days: 0 }, 'days must be a whole number ≥ 1, got 0'],
    ['gasPrice', { chain: 'ethereum' }, 'chain must be a CAIP-2 id like \'eip155:1\', got "ethereum"'],
    ['blockNumber', {}, 'chain must be a CAIP-2 id'],
    ['balance', { account: '0x52' }, 'account must be a CAIP-10 id'],
    ['balance', { account: 'eip155:1:0x52/../..' }, 'account must be a CAIP-10 id'],
    ['balance', { account: 'eip155:1:..' }, 'account must be a CAIP-10 id'],
    ['balance', { account: 'eip155:1:%2E%2e' }, 'account must be a CAIP-10 id'],
    ['nftCollection', { slug: '..' }, 'slug must be the name of a collection'],
    ['nftCollection', { slug: '.' }, 'slug must be the name of a collection'],
    ['transaction', { chain: 'eip155:1', hash: '../x' }, 'hash must be letters and digits, got "../x"'],
    ['nftCollection', { slug: 'a/b' }, 'slug must be the name of a collection'],
    ['nftCollection', { chain: 'eip155:1' }, 'contract must be the address of a contract'],
    ['nftCollection', {}, 'or give a slug'],
  ])('%s %j', (capability, params, message) => {
    expect(() => checkParams(capability, params)).toThrow(ConfigError)
    expect(() => checkParams(capability, params)).toThrow(message)
  })

  it.each<[Capability, object]>([
    ['ticker', { symbol: 'BTC/USD' }],
    ['ticker', { symbol: '1INCH/USDT' }],
    ['tickers', { symbols: ['BTC/USD'] }],
    ['candles', { symbol: 'BTC/USD', interval: '1M', limit: 1, since: 1 }],
    ['news', {}],
    ['news', { symbols: ['BTC'], limit: 3 }],
    ['textSentiment', { texts: ['Bitcoin rises'] }],
    ['balance', { account: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv' }],
    ['transaction', { chain: 'bip122:000000000019d6689c085ae165831e93', hash: 'a1b2' }],
    ['nftCollection', { slug: 'pudgypenguins' }],
    ['nftCollection', { slug: 'art.blocks' }],
    ['balance', { account: 'near:mainnet:alice.near' }],
    ['yields', { chain: 'Ethereum' }],
    ['chainTvl', { chain: undefined }],
    ['nftCollection', { chain: 'eip155:1', contract: '0xBd35' }],
    ['movers', { direction: 'losers' }],
    ['trades', { symbol: 'BTC/USD', limit: undefined }],
  ])('are not these: %s %j', (capability, params) => {
    expect(() => checkParams(capability, params)).not.toThrow()
  })
})

describe('the key of a question', () => {
  const key = (params: object): string => cacheKey('news', { category: 'news', ttlMs: 1, staleMs: 1 }, params)

  it('is the same whatever the order of properties, at any depth, and without what is undefined', () => {
    expect(key({ b: 1, a: { d: 2, c: [3, { f: 4, e: 5 }] } })).toBe(key({ a: { c: [3, { e: 5, f: 4 }], d: 2 }, b: 1, g: undefined }))
  })

  it('differs by value, type, case, order in lists, and capability', () => {
    const keys = [{ a: 1 }, { a: '1' }, { a: 'x' }, { a: 'X' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, { b: 1 }, {}].map(key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(cacheKey('posts', { category: 'social', ttlMs: 1, staleMs: 1 }, { a: 1 })).not.toBe(key({ a: 1 }))
  })
})
