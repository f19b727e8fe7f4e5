import { expect, it } from 'vitest'
import { pairOf } from '../../src/model/symbol.js'
import { tokenOf, WRAPPED_ETHER } from '../../src/provider/chain/chains.js'
import { dollarPairs, idOf, idsOf, isInDollars } from '../../src/provider/ids.js'

const native = { BTC: 'bitcoin', ETH: 'ethereum', WBTC: 'bitcoin', ODD: 'a/b' }
const unknown = (what: string) => expect.objectContaining({ provider: 'acme', reason: 'not-found', message: expect.stringContaining(what) as string }) as Error

it('an id goes into the address as it must be written there', () => {
  expect([idOf('acme', 'BTC', native), idOf('acme', 'ODD', native)]).toEqual(['bitcoin', 'a%2Fb'])
  expect(() => idOf('acme', 'NOPE', native)).toThrow(unknown('NOPE'))
})

it('ids of many are those that are known, each once', () => {
  const pairs = ['ETH/USD', 'BTC/USD', 'WBTC/USD', 'NOPE/USD'].map(pairOf)
  expect(idsOf('acme', pairs, native)).toEqual(['ethereum', 'bitcoin'])
  expect(() => idsOf('acme', pairs.slice(3), native)).toThrow(unknown('NOPE'))
  expect(() => idsOf('acme', pairs, {})).toThrow(unknown('any of them'))
  expect(() => idsOf('acme', [], native)).toThrow(unknown('any of them'))
})

it('real dollars are no Tether', () => {
  expect(['BTC/USD', 'BTC/USDT', 'USD/EUR'].map(isInDollars)).toEqual([true, false, false])
  expect(dollarPairs(['BTC/USDT', 'ETH/USD'])).toEqual([pairOf('ETH/USD')])
})

it('a token is its address on a chain that has a name here', () => {
  const chains = new Map([
    ['eip155:1', 'ethereum'],
    ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana'],
  ])
  expect(tokenOf(WRAPPED_ETHER, chains)).toEqual({ chain: 'ethereum', address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2' })
  expect(tokenOf('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:So111', chains)).toEqual({ chain: 'solana', address: 'So111' })
  for (const other of ['eip155:2/erc20:0xc02a', 'eip155:1/slip44:60', 'eip155:1', '']) expect(tokenOf(other, chains).chain).toBeUndefined()
})
