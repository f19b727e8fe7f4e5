import { expect, test } from 'vitest'
import { providersOf, STRATEGY_NAMES, strategyOf } from '../../src/cli/choose.js'
import { registry } from '../../src/cli/registry.js'

test('every provider of the library is in the registry under its own id', () => {
  expect(Object.keys(registry)).toEqual(expect.arrayContaining(['alternative-me', 'binance', 'coinbase', 'coingecko', 'coinpaprika', 'kraken', 'okx']))
  for (const [id, make] of Object.entries(registry)) expect(make().id).toBe(id)
})

test('a key chooses the plan where only one plan takes a key', () => {
  const env = { FEEDMUX_COINPAPRIKA_API_KEY: 'a-key-of-coinpaprika', FEEDMUX_COINGECKO_API_KEY: 'a-key-of-coingecko' }
  const [coinpaprika, coingecko] = providersOf(['coinpaprika', 'coingecko'], { registry, env })
  expect(coinpaprika).toMatchObject({ plan: 'pro', hosts: ['https://api-pro.coinpaprika.com'] })
  expect(coinpaprika?.apiKey?.size).toBe(1)
  expect(coingecko?.plan).toBeUndefined()
  expect(coingecko?.apiKey?.size).toBe(1)
})

test('the environment names the plan where a key fits several', () => {
  const env = { FEEDMUX_COINGECKO_API_KEY: 'a-key-of-coingecko', FEEDMUX_COINGECKO_PLAN: 'pro' }
  expect(providersOf(['coingecko'], { registry, env })[0]).toMatchObject({ plan: 'pro', hosts: ['https://pro-api.coingecko.com'] })
})

test('without a key no plan is chosen', () => {
  expect(providersOf(['coinpaprika'], { registry, env: {} })[0]?.plan).toBeUndefined()
})

test.each(STRATEGY_NAMES)('the strategy %s can be made', (name) => {
  expect(typeof strategyOf(name)).toBe('function')
})
