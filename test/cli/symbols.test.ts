import { expect, test } from 'vitest'
import { parseSymbol } from '../../src/cli/symbols.js'

const isAsset = (symbol: string): boolean => ['BTC', 'ETH', 'USDT', 'XF', 'X', 'DOGE', 'W', 'WBTC'].includes(symbol)

test.each([
  ['btc/usd', 'BTC/USD'],
  [' BTC/USD ', 'BTC/USD'],
  ['BTC-USD', 'BTC/USD'],
  ['eth_usdt', 'ETH/USDT'],
  ['BTCUSDT', 'BTC/USDT'],
  ['ethbtc', 'ETH/BTC'],
  ['DOGEEUR', 'DOGE/EUR'],
  ['UNKNOWN/COIN', 'UNKNOWN/COIN'],
])('%s is understood as %s', (text, symbol) => {
  expect(parseSymbol(text, isAsset)).toBe(symbol)
})

test.each([
  ['BTC', 'write BTC/USD'],
  ['WBTC', 'write WBTC/USD'],
  ['FOOUSDT', 'write FOO/USDT'],
  // Either 1 X in FDUSD or 1 XFD in USD: both could be meant once both are assets.
  ['XFDUSD', 'write'],
  ['BTC/USD/EUR', 'write BASE/QUOTE'],
  ['/USD', 'write BASE/QUOTE'],
  ['B TC/USD', 'write BASE/QUOTE'],
  ['', 'write BASE/QUOTE'],
])('%j is refused, and the message says what to write', (text, remedy) => {
  expect(() => parseSymbol(text, (symbol) => isAsset(symbol) || symbol === 'XFD')).toThrow(remedy)
})
