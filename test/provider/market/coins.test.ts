import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { pairOf } from '../../../src/model/symbol.js'
import {
  type Coin,
  coinAsked,
  coinAsset,
  coinAssets,
  coinId,
  coinMovers,
  coinsListed,
  coinTickersById,
  coinVolume,
  pageOf,
  wholeMarket,
} from '../../../src/provider/market/coins.js'
import { NOW } from '../../support/ask.js'

const [btc, eth] = [pairOf('BTC/USD'), pairOf('ETH/USD')]
const native = { BTC: '1', ETH: '1027' }
const coin = (id: string, symbol: string, more: Partial<Coin> = {}): Coin => ({ id, symbol, price: '2', changePercent: '1', ...more })

describe('an aggregator', () => {
  it('sends ids as texts or as numbers', () => {
    expect([coinId(1_027), coinId('1027'), coinId('bitcoin')]).toEqual(['1027', '1027', 'bitcoin'])
    for (const drifted of [null, '', 0, {}]) expect(() => coinId(drifted)).toThrow(BadResponseError)
  })

  it('does not know what is not among the coins that came', () => {
    const coins = [coin('1027', 'eth'), coin('1', 'btc')]
    expect(coinAsked(coins, btc, native, 'acme').symbol).toBe('btc')
    for (const ids of [{ BTC: '2' }, {}])
      expect(() => coinAsked(coins, btc, ids, 'acme')).toThrow(expect.objectContaining({ provider: 'acme', reason: 'not-found' }) as Error)
  })

  it('lists assets, their symbols in capitals', () => {
    expect(coinAsset(coin('1', 'btc', { name: 'Bitcoin', rank: '1' }))).toStrictEqual({ id: '1', symbol: 'BTC', name: 'Bitcoin', rank: 1 })
    expect(coinAsset(coin('1', 'btc', { name: '', rank: 0 }))).toStrictEqual({ id: '1', symbol: 'BTC' })
    expect(coinsListed([coin('1', 'btc')])).toEqual([{ symbol: 'btc', id: '1' }])
    expect(() => coinsListed([{ id: '1', symbol: null }])).toThrow(BadResponseError)
  })

  it('leaves out of a list what is odd there, unless everything is', () => {
    const [odd, good] = [coin('1', '', { marketCap: 3 }), coin('2', 'b')]
    expect(coinAssets([odd, good, coin('3', 'c')], 1)).toEqual([{ id: '2', symbol: 'B' }])
    expect(coinsListed([odd, good])).toEqual([{ symbol: 'b', id: '2' }])
    const moved = coinMovers([odd, good, coin('4', 'd', { marketCap: -3 })], { direction: 'gainers' })
    expect(moved.map(({ id }) => id)).toEqual(['2'])
    for (const coins of [[odd], []]) {
      expect(() => coinAssets(coins, 1)).toThrow(BadResponseError)
      expect(() => coinsListed(coins)).toThrow(BadResponseError)
      expect(() => coinMovers(coins, { direction: 'gainers' })).toThrow(BadResponseError)
    }
  })

  it('hides no fault of its own behind an odd row', () => {
    const broken = {
      id: '1',
      get symbol(): string {
        throw new TypeError('broken')
      },
    }
    expect(() => coinAssets([broken, coin('2', 'b')], 2)).toThrow(TypeError)
  })

  it('tells the volume in the quote, and perhaps in the base', () => {
    expect(coinVolume({ price: null, turnover: '5', asOf: NOW }, btc)).toStrictEqual({ ...btc, quoteVolume24h: 5, asOf: NOW })
    expect(coinVolume({ price: null, turnover: 0, volume: '2' }, btc)).toStrictEqual({ ...btc, volume24h: 2, quoteVolume24h: 0 })
    expect(() => coinVolume({ price: 1, volume: 2 }, btc)).toThrow(BadResponseError)
  })

  it('leaves out an asset without a price, unless none has one', () => {
    const dead = coin('1027', 'ETH', { price: null })
    const bases = (coins: readonly Coin[]) => coinTickersById(coins, [eth, btc, pairOf('NOPE/USD')], native).map(({ base }) => base)
    expect(bases([coin('1', 'BTC'), coin('1027', 'ETH')])).toEqual(['ETH', 'BTC'])
    for (const price of [null, '', '0', undefined]) expect(bases([coin('1', 'BTC'), { ...dead, price }])).toEqual(['BTC'])
    expect(bases([])).toEqual([])
    expect(() => bases([dead])).toThrow(BadResponseError)
  })

  it('ranks movers by change, without those of which price or change is unknown', () => {
    const coins = [coin('1', 'a'), coin('2', 'b', { changePercent: '9' }), coin('3', 'c', { changePercent: '-4', marketCap: '7', turnover: 3 })]
    const unknown = [coin('4', 'd', { price: null }), coin('5', 'e', { changePercent: '' })]
    const ids = (direction: 'gainers' | 'losers', limit?: number) => coinMovers([...unknown, ...coins], { direction, limit }).map(({ id }) => id)
    expect([ids('gainers'), ids('gainers', 1), ids('losers')]).toEqual([['2', '1'], ['2'], ['3']])
    expect(coinMovers(coins, { direction: 'losers' })).toStrictEqual([
      { id: '3', symbol: 'C', priceUsd: 2, change24hPercent: -4, marketCapUsd: 7, volume24hUsd: 3 },
    ])
    expect(() => coinMovers(unknown, { direction: 'gainers' })).toThrow(BadResponseError)
  })

  it('tells of the whole market at least value, volume and the share of Bitcoin', () => {
    const market = { marketCap: '3e12', volume: 1e11, btc: '58.5' }
    expect(wholeMarket(market)).toStrictEqual({ marketCapUsd: 3e12, volume24hUsd: 1e11, dominancePercent: { BTC: 58.5 } })
    expect(wholeMarket({ ...market, eth: 12, assets: 100, changePercent: -1, asOf: NOW })).toStrictEqual({
      marketCapUsd: 3e12,
      volume24hUsd: 1e11,
      dominancePercent: { BTC: 58.5, ETH: 12 },
      assets: 100,
      change24hPercent: -1,
      asOf: NOW,
    })
    for (const missing of ['marketCap', 'volume', 'btc']) expect(() => wholeMarket({ ...market, [missing]: null })).toThrow(BadResponseError)
  })

  it('links to pages by http, or not at all', () => {
    expect(['https://acme.example', 'http://acme.example', 'acme.example', 'javascript:alert(1)', '', null].map((url) => pageOf(url, 'url'))).toEqual([
      'https://acme.example',
      'http://acme.example',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(() => pageOf(7, 'url')).toThrow(BadResponseError)
  })
})
