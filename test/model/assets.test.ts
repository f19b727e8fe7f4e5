import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { AMBIGUOUS_ASSETS } from '../../src/model/ambiguous-assets.js'
import { ASSETS } from '../../src/model/assets.js'
import { COINCAP_IDS } from '../../src/providers/coincap.assets.js'
import { COINGECKO_IDS } from '../../src/providers/coingecko.assets.js'
import { COINLORE_IDS } from '../../src/providers/coinlore.assets.js'
import { COINMARKETCAP_IDS } from '../../src/providers/coinmarketcap.assets.js'
import { COINPAPRIKA_IDS } from '../../src/providers/coinpaprika.assets.js'
import { COINSTATS_IDS } from '../../src/providers/coinstats.assets.js'
import { CRYPTORANK_IDS } from '../../src/providers/cryptorank.assets.js'
import { DEFILLAMA_IDS } from '../../src/providers/defillama.assets.js'
import { MESSARI_IDS } from '../../src/providers/messari.assets.js'
import { PYTH_IDS } from '../../src/providers/pyth.assets.js'

const big =
  'BTC ETH USDT USDC BNB XRP SOL ADA DOGE TRX TON AVAX DOT LINK LTC BCH UNI ATOM XLM ETC FIL APT ARB OP NEAR ICP AAVE MKR YFI SUI SHIB DAI HBAR XMR'.split(' ')

/** Further symbols of an asset, and the one it is listed under. */
const same = { XBT: 'BTC', XDG: 'DOGE', TON: 'GRAM', MIOTA: 'IOTA', NANO: 'XNO', RNDR: 'RENDER' }

const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/
const number = /^[1-9]\d{0,7}$/
/** Title, ids, form of an id, fewest ids, some that are known. */
const tables: [string, Record<string, string>, RegExp, number, Record<string, string>][] = [
  ['CoinCap', COINCAP_IDS, slug, 200, { BTC: 'bitcoin', ETH: 'ethereum', AVAX: 'avalanche' }],
  ['CoinGecko', COINGECKO_IDS, slug, 300, { BTC: 'bitcoin', POL: 'polygon-ecosystem-token', FTM: 'fantom', S: 'sonic-3', SKY: 'sky' }],
  ['CoinLore', COINLORE_IDS, number, 80, { BTC: '90', ETH: '80', USDT: '518' }],
  ['CoinMarketCap', COINMARKETCAP_IDS, number, 300, { BTC: '1', ETH: '1027', USDT: '825', SOL: '5426' }],
  ['CoinPaprika', COINPAPRIKA_IDS, /^[a-z0-9]+(-[a-z0-9]+)+$/, 300, { BTC: 'btc-bitcoin', JUP: 'jup-jupiter-exchange-token', STX: 'stx-stacks' }],
  ['CoinStats', COINSTATS_IDS, /^[\w.-]+$/, 25, { BTC: 'bitcoin', ETH: 'ethereum' }],
  ['CryptoRank', CRYPTORANK_IDS, number, 60, { BTC: '1', ETH: '3' }],
  ['DefiLlama', DEFILLAMA_IDS, slug, 300, { BTC: 'bitcoin', ETH: 'ethereum' }],
  ['Messari', MESSARI_IDS, slug, 10, { BTC: 'bitcoin', ETH: 'ethereum' }],
  ['Pyth', PYTH_IDS, /^[0-9a-f]{64}$/, 60, { BTC: 'e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43' }],
]

/** All such symbols: each shares the ids of an asset that is listed under another one. */
const aliases = ['XBT', 'XDG', 'TON', 'MIOTA', 'NANO', 'RNDR', 'BTTC', 'BCHSV', 'MANTLE', 'WAX']

const withoutAliases = <T>(table: Readonly<Record<string, T>>) => Object.entries(table).filter(([symbol]) => !aliases.includes(symbol))

describe('the table of assets', () => {
  it('knows at least 300 assets, the big ones among them, each with a name', () => {
    expect(withoutAliases(ASSETS).length).toBeGreaterThanOrEqual(300)
    expect(big.filter((symbol) => !ASSETS[symbol]?.name)).toEqual([])
  })

  it('is what its source says', () => {
    expect(() => execFileSync(process.execPath, ['scripts/assets.mjs', '--check'], { stdio: 'pipe' })).not.toThrow()
  })

  it('names each asset once, and knows further symbols of it', () => {
    const names = withoutAliases(ASSETS).map(([, { name }]) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(Object.entries(same).filter(([alias, symbol]) => ASSETS[alias]?.name !== ASSETS[symbol]?.name)).toEqual([])
  })

  it('gives CAIP-19 ids a chain and a token, each once', () => {
    const ids = withoutAliases(ASSETS).flatMap(([, { caip19 }]) => caip19 ?? [])
    expect(ids.filter((id) => !/^[a-z0-9-]{3,8}:[\w-]{1,32}\/[a-z0-9-]{3,8}:[\w.%-]{1,128}$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ASSETS.BTC?.caip19).toBe('bip122:000000000019d6689c085ae165831e93/slip44:0')
    expect(ASSETS.LINK?.caip19).toBe('eip155:1/erc20:0x514910771af9ca656af840dff83e8264ecf986ca')
  })
})

describe.each(tables)('the ids of %s', (_, ids, form, fewest, known) => {
  it(`are at least ${fewest}, well-formed, and each means one asset that the table knows`, () => {
    const own = withoutAliases(ids)
    expect(own.length).toBeGreaterThanOrEqual(fewest)
    expect(own.filter(([symbol, id]) => !form.test(id) || ASSETS[symbol] === undefined)).toEqual([])
    expect(new Set(own.map(([, id]) => id)).size).toBe(own.length)
  })

  it('are the known ones, the same for every symbol of an asset', () => {
    expect(ids).toMatchObject(known)
    expect(Object.entries(same).filter(([alias, symbol]) => ids[alias] !== ids[symbol])).toEqual([])
  })
})

it.each(tables.filter(([title]) => ['CoinGecko', 'CoinMarketCap', 'CoinPaprika'].includes(title)))('%s has the big ones', (_, ids) => {
  expect(big.filter((symbol) => ids[symbol] === undefined)).toEqual([])
})

it.each(tables.filter(([title]) => ['CoinCap', 'CoinLore'].includes(title)))('%s has nearly all of the big ones', (_, ids) => {
  expect(big.filter((symbol) => ids[symbol] === undefined).length).toBeLessThanOrEqual(3)
})

describe('ambiguous symbols', () => {
  it('have at least two candidates with different ids', () => {
    const dull = Object.entries(AMBIGUOUS_ASSETS).filter(([, candidates]) => new Set(candidates.map(({ ids }) => ids.coingecko)).size < 2)
    expect(dull).toEqual([])
    expect(AMBIGUOUS_ASSETS.BEAM?.map(({ ids }) => ids.coingecko)).toEqual(['beam', 'beam-2'])
  })

  it('stand in no table: nobody is meant by default', () => {
    const ambiguous = Object.keys(AMBIGUOUS_ASSETS)
    expect(ambiguous.filter((symbol) => symbol in ASSETS || tables.some(([, ids]) => symbol in ids))).toEqual([])
  })
})
