import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { AMBIGUOUS_ASSETS } from '../../src/model/ambiguous-assets.js'
import { ASSETS } from '../../src/model/assets.js'
import { COINGECKO_IDS } from '../../src/providers/coingecko.assets.js'
import { COINPAPRIKA_IDS } from '../../src/providers/coinpaprika.assets.js'

const big =
  'BTC ETH USDT USDC BNB XRP SOL ADA DOGE TRX TON AVAX DOT LINK LTC BCH UNI ATOM XLM ETC FIL APT ARB OP NEAR ICP AAVE MKR YFI SUI SHIB DAI HBAR XMR'.split(' ')

describe('the table of assets', () => {
  it('knows at least 150 assets, the big ones among them, each with a name', () => {
    expect(Object.keys(ASSETS).length).toBeGreaterThanOrEqual(150)
    expect(big.filter((symbol) => !ASSETS[symbol]?.name)).toEqual([])
  })

  it('is what its source says', () => {
    expect(() => execFileSync(process.execPath, ['scripts/assets.mjs', '--check'], { stdio: 'pipe' })).not.toThrow()
  })

  it('gives CAIP-19 ids a chain and a token, each once', () => {
    const ids = Object.values(ASSETS).flatMap(({ caip19 }) => caip19 ?? [])
    expect(ids.filter((id) => !/^[a-z0-9-]{3,8}:[\w-]{1,32}\/[a-z0-9-]{3,8}:[\w.%-]{1,128}$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ASSETS.BTC?.caip19).toBe('bip122:000000000019d6689c085ae165831e93/slip44:0')
    expect(ASSETS.LINK?.caip19).toBe('eip155:1/erc20:0x514910771af9ca656af840dff83e8264ecf986ca')
  })
})

describe.each([
  ['CoinGecko', COINGECKO_IDS as Record<string, string>, 'bitcoin', /^[a-z0-9]+(-[a-z0-9]+)*$/],
  ['CoinPaprika', COINPAPRIKA_IDS as Record<string, string>, 'btc-bitcoin', /^[a-z0-9]+(-[a-z0-9]+)+$/],
])('the ids of %s', (_, ids, bitcoin, form) => {
  it('are at least 150, well-formed, and each means one asset', () => {
    expect(Object.keys(ids).length).toBeGreaterThanOrEqual(150)
    expect(Object.values(ids).filter((id) => !form.test(id))).toEqual([])
    expect(new Set(Object.values(ids)).size).toBe(Object.keys(ids).length)
    expect(ids.BTC).toBe(bitcoin)
  })

  it('include the big ones and name nothing that the table does not', () => {
    expect(big.filter((symbol) => ids[symbol] === undefined)).toEqual([])
    expect(Object.keys(ids).filter((symbol) => ASSETS[symbol] === undefined)).toEqual([])
  })
})

describe('ambiguous symbols', () => {
  it('have at least two candidates with different ids', () => {
    const dull = Object.entries(AMBIGUOUS_ASSETS).filter(([, candidates]) => new Set(candidates.map(({ ids }) => ids.coingecko)).size < 2)
    expect(dull).toEqual([])
    expect(AMBIGUOUS_ASSETS.BEAM?.map(({ ids }) => ids.coingecko)).toEqual(['beam', 'beam-2'])
  })

  it('stand in no table: nobody is meant by default', () => {
    const ambiguous = Object.keys(AMBIGUOUS_ASSETS)
    expect(ambiguous.filter((symbol) => symbol in ASSETS || symbol in COINGECKO_IDS || symbol in COINPAPRIKA_IDS)).toEqual([])
  })
})
