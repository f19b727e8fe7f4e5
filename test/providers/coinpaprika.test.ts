import { describe, expect, it } from 'vitest'
import { coinpaprika } from '../../src/providers/coinpaprika.js'
import { ask, sent } from '../support/ask.js'

const ok = (body: unknown) => ({ status: 200, body, now: Date.UTC(2026, 10, 21, 9) })
const usd = (more: object = {}) => ({ USD: { price: 85_000.5, volume_24h: 40_000_000_000, market_cap: 1_690_000_000_000, percent_change_24h: -1.25, ...more } })
const btc = { id: 'btc-bitcoin', name: 'Bitcoin', symbol: 'BTC', rank: 1, last_updated: '2026-11-21T08:55:00Z', quotes: usd() }
const eth = { id: 'eth-ethereum', name: 'Ethereum', symbol: 'ETH', rank: 2, quotes: usd({ price: 2_800, percent_change_24h: 3, market_cap: 0 }) }
const doge = { id: 'doge-dogecoin', name: 'Dogecoin', symbol: 'DOGE', rank: 9, quotes: usd({ price: 7.1e-2, percent_change_24h: 5 }) }
const provider = coinpaprika()
const { ticker, tickers, candles } = provider.endpoints
const bad = { name: 'BadResponseError' }

describe('ticker and volume', () => {
  it('give a dollar volume in dollars only, and percent as percent', () => {
    expect(ask(provider, 'ticker', { symbol: 'BTC/USD' }, ok(btc))).toEqual({
      symbol: 'BTC/USD',
      base: 'BTC',
      quote: 'USD',
      last: 85_000.5,
      change24hPercent: -1.25,
      quoteVolume24h: 40_000_000_000,
      marketCap: 1_690_000_000_000,
      asOf: Date.UTC(2026, 10, 21, 8, 55),
    })
    expect(ask(provider, 'volume', { symbol: 'BTC/USD' }, ok(btc))).toEqual({
      symbol: 'BTC/USD',
      base: 'BTC',
      quote: 'USD',
      quoteVolume24h: 40_000_000_000,
      asOf: Date.UTC(2026, 10, 21, 8, 55),
    })
  })

  it('leave out a market value of 0: the supply is unknown', () => {
    expect(ask(provider, 'ticker', { symbol: 'ETH/USD' }, ok(eth))).not.toHaveProperty('marketCap')
  })

  it('ask by id, in the quote of the question', () => {
    const url = new URL(sent(provider, 'ticker', { symbol: 'ETH/BTC' }))
    expect(url.href).toBe('https://api.coinpaprika.com/v1/tickers/eth-ethereum?quotes=BTC')
  })

  it('are not for quotes that it lacks: its dollars are real ones', () => {
    expect(['BTC/USD', 'BTC/EUR', 'BTC/USDT'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, true, false])
  })

  it('know nothing of an unknown id', () => {
    const answer = { status: 404, body: { error: 'id not found' } }
    expect(() => ask(provider, 'ticker', { symbol: 'BTC/USD' }, answer)).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it.each([
    ['no quotes', { ...btc, quotes: null }],
    ['another quote', { ...btc, quotes: { EUR: usd().USD } }],
    ['a price of null', { ...btc, quotes: usd({ price: null }) }],
    ['a price of 0', { ...btc, quotes: usd({ price: 0 }) }],
    ['a list', [btc]],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'ticker', { symbol: 'BTC/USD' }, ok(drifted))).toThrow(expect.objectContaining(bad))
  })

  it('call a missing volume a bad response of volume', () => {
    expect(() => ask(provider, 'volume', { symbol: 'BTC/USD' }, ok({ ...btc, quotes: usd({ volume_24h: null }) }))).toThrow(expect.objectContaining(bad))
  })
})

describe('tickers', () => {
  const symbols = ['DOGE/USD', 'BTC/USD', 'LINK/USD', 'BTC/USDT']

  it('bring the found ones in the asked order, and leave out the rest', () => {
    const found = ask(provider, 'tickers', { symbols }, ok([btc, eth, doge]))
    expect(found.map(({ symbol, last }) => [symbol, last])).toEqual([
      ['DOGE/USD', 7.1e-2],
      ['BTC/USD', 85_000.5],
    ])
    expect(ask(provider, 'tickers', { symbols: ['LINK/USD'] }, ok([btc]))).toEqual([])
  })

  it('ask for all quotes at once, three at most', () => {
    const url = new URL(sent(provider, 'tickers', { symbols: ['BTC/USD', 'ETH/EUR', 'BTC/EUR', 'BTC/USDT'] }))
    expect(url.searchParams.get('quotes')).toBe('USD,EUR')
    expect(tickers.supports?.({ symbols: ['BTC/USD', 'BTC/EUR', 'BTC/GBP', 'BTC/JPY'] })).toBe(false)
    expect(tickers.supports?.({ symbols: ['BTC/USDT'] })).toBe(false)
  })

  it('leave out an asset that died, and do not let it spoil the others', () => {
    const dead = { ...eth, quotes: usd({ price: 0 }) }
    const found = ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, ok([btc, dead]))
    expect(found.map(({ symbol }) => symbol)).toEqual(['BTC/USD'])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, ok([dead]))).toThrow(expect.objectContaining(bad))
  })

  it.each([
    ['an object', { error: null }],
    ['nothing', []],
    ['rows without ids', [{ ...btc, id: undefined }]],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'tickers', { symbols }, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('candles', () => {
  const today = [{ time_open: '2026-11-21T00:00:00Z', time_close: '2026-11-21T08:50:00Z', open: 84_000, high: 85_500, low: 83_900, close: 85_000, volume: 9e9 }]
  const one = { symbol: 'BTC/USD', interval: '1d', limit: 1 } as const
  const candle = { openTime: Date.UTC(2026, 10, 21), open: 84_000, high: 85_500, low: 83_900, close: 85_000, quoteVolume: 9e9 }

  it('of the free plan are the running one of today', () => {
    expect(ask(provider, 'candles', one, ok(today))).toEqual([{ ...candle, closed: false }])
    expect(sent(provider, 'candles', one)).toBe('https://api.coinpaprika.com/v1/coins/btc-bitcoin/ohlcv/today?quote=usd')
  })

  it('of the free plan are no more than that', () => {
    expect(candles).toHaveProperty('supports')
    const supports = 'supports' in candles ? candles.supports?.bind(candles) : undefined
    expect(
      [one, { ...one, limit: 2 }, { ...one, limit: undefined }, { ...one, since: 0 }, { ...one, interval: '1h' as const }].map((params) => supports?.(params)),
    ).toEqual([true, false, false, false, false])
  })

  it('of the Pro plan reach back a year, from where they are asked', () => {
    const pro = coinpaprika({ plan: 'pro', apiKey: 'not-a-key' })
    const since = Date.UTC(2026, 10, 20)
    const days = ['2026-11-19', '2026-11-20', '2026-11-21'].map((day) => ({ ...today[0], time_open: `${day}T00:00:00Z` }))
    const got = ask(pro, 'candles', { symbol: 'BTC/USD', interval: '1d', since, limit: 5 }, ok(days))
    expect(got.map(({ openTime, closed }) => [openTime, closed])).toEqual([
      [since, undefined],
      [Date.UTC(2026, 10, 21), false],
    ])
    const url = new URL(sent(pro, 'candles', { symbol: 'BTC/USD', interval: '1d', since, limit: 5 }))
    expect(url.origin + url.pathname).toBe('https://api-pro.coinpaprika.com/v1/coins/btc-bitcoin/ohlcv/historical')
    expect(url.searchParams.get('start')).toBe(String(since / 1_000))
  })

  it.each([
    ['a low above the close', [{ ...today[0], low: 86_000 }]],
    ['no price', [{ ...today[0], open: null }]],
    ['no time', [{ ...today[0], time_open: 'yesterday' }]],
    ['no list', {}],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'candles', one, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('lists', () => {
  it('of assets come in the order of rank, cut to the limit', () => {
    expect(ask(provider, 'assets', { limit: 2 }, ok([doge, eth, btc]))).toEqual([
      { id: 'btc-bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
      { id: 'eth-ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
    ])
    expect(() => ask(provider, 'assets', {}, ok({}))).toThrow(expect.objectContaining(bad))
  })

  it('of movers have the strongest first, and none that went the other way', () => {
    const gainers = ask(provider, 'movers', { direction: 'gainers' }, ok([btc, eth, doge]))
    expect(gainers.map(({ symbol, change24hPercent }) => [symbol, change24hPercent])).toEqual([
      ['DOGE', 5],
      ['ETH', 3],
    ])
    expect(ask(provider, 'movers', { direction: 'losers', limit: 3 }, ok([doge, eth, btc]))).toEqual([
      {
        id: 'btc-bitcoin',
        symbol: 'BTC',
        name: 'Bitcoin',
        rank: 1,
        priceUsd: 85_000.5,
        change24hPercent: -1.25,
        marketCapUsd: 1_690_000_000_000,
        volume24hUsd: 40_000_000_000,
      },
    ])
    expect(() => ask(provider, 'movers', { direction: 'losers' }, ok([{ ...btc, quotes: {} }]))).toThrow(expect.objectContaining(bad))
  })

  it('of exchanges hold the active ones with the volume that they report', () => {
    const exchange = {
      id: 'kraken',
      name: 'Kraken',
      active: true,
      adjusted_rank: 2,
      links: { website: ['https://www.kraken.com'] },
      quotes: { USD: { reported_volume_24h: 1e9 } },
    }
    const others = [
      { id: 'gone', name: 'Gone', active: false },
      { id: 'bare', name: 'Bare', active: true, adjusted_rank: null },
    ]
    expect(ask(provider, 'exchanges', {}, ok([...others, exchange]))).toEqual([
      { id: 'kraken', name: 'Kraken', url: 'https://www.kraken.com', volume24hUsd: 1e9 },
      { id: 'bare', name: 'Bare' },
    ])
    expect(() => ask(provider, 'exchanges', {}, ok([{ name: 'No id' }]))).toThrow(expect.objectContaining(bad))
  })

  it('are none for the whole market: one object, its time in seconds', () => {
    const global = {
      market_cap_usd: 3e12,
      volume_24h_usd: 1e11,
      bitcoin_dominance_percentage: 57.1,
      cryptocurrencies_number: 0,
      market_cap_change_24h: -0.5,
      last_updated: 1_763_715_600,
    }
    expect(ask(provider, 'globalMarket', {}, ok(global))).toEqual({
      marketCapUsd: 3e12,
      volume24hUsd: 1e11,
      dominancePercent: { BTC: 57.1 },
      change24hPercent: -0.5,
      asOf: 1_763_715_600_000,
    })
    expect(() => ask(provider, 'globalMarket', {}, ok({ ...global, market_cap_usd: null }))).toThrow(expect.objectContaining(bad))
  })
})

describe('failures', () => {
  const reasonOf = (status: number, body: unknown) =>
    provider.failure?.({ status, body, headers: new Headers() }, { capability: 'globalMarket', params: {} })?.reason

  it('402 means the quota, 403 with words the key, other texts what the status says', () => {
    expect(reasonOf(402, { error: 'payment required' })).toBe('quota-exhausted')
    expect(reasonOf(402, '<html>')).toBe('quota-exhausted')
    expect(reasonOf(403, { error: 'invalid key' })).toBe('unauthorized')
    expect(reasonOf(403, '<html>')).toBeUndefined()
    expect(reasonOf(429, { error: 'too many requests' })).toBeUndefined()
    expect(reasonOf(200, { error: 'id not found' })).toBe('not-found')
    expect(reasonOf(200, { error: 'invalid parameters' })).toBe('bad-request')
    expect(reasonOf(200, [btc])).toBeUndefined()
  })
})

describe('plans', () => {
  it('the free one needs no key, Pro sends it bare to another host', () => {
    expect(provider.key).toBeUndefined()
    expect(provider.limits?.[0]).toMatchObject({ requests: 20_000, resets: 'utc-month' })
    const pro = coinpaprika({ plan: 'pro' })
    expect(pro.key).toEqual({ required: true, in: 'header', name: 'Authorization' })
    expect(pro.hosts).toEqual(['https://api-pro.coinpaprika.com'])
  })
})
