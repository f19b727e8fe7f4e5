import { describe, expect, it } from 'vitest'
import { namesOf, speaksOf, symbolNamed, symbolsAmong } from '../../../src/provider/news/news-names.js'

describe('speaksOf', () => {
  it.each([
    ['BTC', 'BTC pressures $120K', true],
    ['BTC', 'Why $BTC fell', true],
    ['BTC', 'bitcoin, again', true],
    ['BTC', 'BITCOIN', true],
    ['BTC', 'WBTC and BTCB', false],
    ['BTC', 'Bitcoin Cash and bitcoin-sv only', false],
    ['BTC', 'Bitcoin cashes in', true],
    ['BCH', 'Bitcoin Cash and bitcoin-sv only', true],
    ['ETH', 'Ether rises', true],
    ['ETH', 'stETH, together, whether', false],
    ['ETH', 'Ethereum Classic only', false],
    ['XRP', 'Ripple wins', true],
    ['XRP', 'ripple effects', false],
    ['AVAX', 'an avalanche of sales', false],
    ['AVAX', 'Avalanche upgrades', true],
    ['LINK', 'the missing link', false],
    ['LINK', 'LINK and Chainlink', true],
    ['NEAR', 'BITCOIN NEAR ALL-TIME HIGH', false],
    ['NEAR', 'NEAR rallies', true],
    ['NEAR', '$NEAR TO THE MOON', true],
    ['NEAR', 'NEAR PROTOCOL UPGRADES', true],
    ['ONE', 'ONE MORE THING', false],
    ['BTC', 'BTC BREAKS OUT', true],
    ['A', 'A day in crypto', false],
    ['A', 'Vaulta (A) rises, $A again', true],
    ['NOPE', 'NOPE, says the SEC', true],
    ['NOPE', 'nope', false],
    ['A.B*', 'A.B* is a symbol', true],
    ['A.B*', 'AxBBB', false],
  ])('%s: %j is %s', (symbol, text, isMeant) => {
    expect(speaksOf([symbol])(text)).toBe(isMeant)
  })

  it('takes any of several', () => {
    expect(['Solana', 'Dogecoin', 'Litecoin'].map(speaksOf(['SOL', 'DOGE']))).toEqual([true, true, false])
  })
})

describe('names', () => {
  it('are found by symbol and by name', () => {
    expect([namesOf('ETH'), namesOf('NOPE'), namesOf('constructor')]).toEqual([['ethereum', 'ether'], [], []])
    expect(['BTC', 'Bitcoin', 'shiba inu', 'nope', 'op', 'constructor'].map(symbolNamed)).toEqual(['BTC', 'BTC', 'SHIB', undefined, undefined, undefined])
  })

  it('are picked out of tags, most of which are something else', () => {
    expect(symbolsAmong(['Markets', ' Ethereum ', 'BTC', 'News', null, 7, 'near'])).toEqual(['ETH', 'BTC'])
  })
})
