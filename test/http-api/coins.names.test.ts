import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { coinField, exact, symbolField } from '../../src/http-api/fields.js'
import { openApiOf } from '../../src/http-api/openapi.js'
import { allRoutes } from '../../src/http-api/routes.js'
import { marketField } from '../../src/http-api/insight/fields.js'
import { ASSETS } from '../../src/model/assets.js'

const routes = await allRoutes()

describe('a coin by symbol or name', () => {
  it.each([
    ['bitcoin', 'BTC'],
    ['Dogecoin', 'DOGE'],
    ['Bitcoin SV', 'BSV'],
    ['mantle', 'MANTLE'],
    ['nano', 'NANO'],
    ['render', 'RENDER'],
    ['polygon', 'POL'],
    ['toncoin', 'TON'],
    ['ripple', 'XRP'],
    ['binance-coin', 'BNB'],
    ['bitcoin-cash', 'BCH'],
    ['wrapped-bitcoin', 'WBTC'],
    ['weth', 'WETH'],
    ['xbt', 'XBT'],
    ['no-such-coin', 'NO-SUCH-COIN'],
  ])('%s is %s', (text, symbol) => {
    expect(coinField.parse(text)).toBe(symbol)
  })

  it('every asset of the table is itself by its symbol, in any case, for every kind of field', () => {
    const wrong = Object.keys(ASSETS).filter((symbol) =>
      [symbol, symbol.toLowerCase()].some(
        (text) => coinField.parse(text) !== symbol || symbolField.parse(text) !== `${symbol}/USD` || marketField.parse(text) !== `${symbol}/USD`,
      ),
    )
    expect(wrong).toEqual([])
  })

  it('every name of the table leads to an asset of that name, but where the press means its successor', () => {
    const names = Object.values(ASSETS).map(({ name }) => name)
    expect(names.filter((name) => ASSETS[coinField.parse(name)]?.name !== name)).toEqual(['Polygon'])
  })
})

describe('a market by symbol, name or pair', () => {
  it.each([
    ['BTC', 'BTC/USD'],
    ['bitcoin', 'BTC/USD'],
    ['BTCUSDT', 'BTC/USDT'],
    ['btc-usd', 'BTC/USD'],
    ['BTC/USD', 'BTC/USD'],
    ['eth/btc', 'ETH/BTC'],
    ['ETH_USDC', 'ETH/USDC'],
    ['binance-coin', 'BNB/USD'],
    ['WBTC', 'WBTC/USD'],
    ['WBTCUSDT', 'WBTC/USDT'],
    ['TUSD', 'TUSD/USD'],
  ])('%s is %s', (text, symbol) => {
    expect(marketField.parse(text)).toBe(symbol)
  })

  it.each(['', ' ', '/', 'BTC/', 'A/B/C', '__proto__', '<b>', 'x'.repeat(62)])('refuses %j', (text) => {
    expect(marketField.safeParse(text).success).toBe(false)
  })

  it('tells its defaults in the document', () => {
    const { paths } = openApiOf(routes, { basePath: '', service: undefined })
    const defaultOf = (path: string, name: string) => paths[path]?.get?.parameters?.find((one) => one.name === name)?.schema['default']
    expect(defaultOf('/api/indicators/rsi', 'symbol')).toBe('BTC')
    expect(defaultOf('/api/social/sentiment', 'coin')).toBe('BTC')
    for (const path of ['/api/correlations', '/api/alerts/prices']) expect(defaultOf(path, 'symbols')).toEqual(['BTC', 'ETH', 'BNB', 'SOL', 'ADA'])
  })

  it('tells its default in the schema of the input', () => {
    expect(z.toJSONSchema(z.object({ symbol: marketField.prefault('BTC') }), { io: 'input' })).toMatchObject({
      properties: { symbol: { type: 'string', default: 'BTC', maxLength: 61 } },
    })
  })
})

describe('an exact figure', () => {
  it('keeps twelve digits of small and of large ones, and is null for what is unknown', () => {
    expect([1.23456789012345e-9, 123_456.789_012_345_6, 0, undefined, Number.NaN, Infinity].map(exact)).toEqual([
      1.23456789012e-9,
      123_456.789_012,
      0,
      null,
      null,
      null,
    ])
  })
})
