import { describe, expect, it } from 'vitest'
import { catalogue, defaultPools, poolPreset } from '../../src/config/index.js'
import { CAPABILITIES } from '../../src/model/capabilities.js'
import * as registry from '../../src/providers/index.js'
import { ABSENT_PROVIDERS } from '../../src/provider/retired.js'
import { ProviderRouter } from '../../src/router/provider-router.js'

/** The providers that older lists name, by the ids that they have there. */
const OLD = [
  'coingecko coinmarketcap coinpaprika coincap cryptocompare nomics messari livecoinwatch cryptorank coinlore coincodex bitquery etherscan',
  'etherscan_primary etherscan_secondary bscscan bscscan_primary polygonscan arbiscan optimistic_etherscan blockchair blockchain_info',
  'blockscout blockscout_eth blockscout_ethereum ethplorer tronscan covalent moralis alchemy alchemy_eth infura infura_eth quicknode ankr_eth',
  'publicnode_eth llamanodes_eth cloudflare_eth defillama debank zerion yearn aave compound uniswap_v3 pancakeswap sushiswap curve 1inch',
  'opensea rarible nftport reservoir simplehash cryptopanic newsapi coindesk_rss cointelegraph_rss bitcoinist_rss reddit_crypto twitter_trends',
  'lunarcrush santiment alternative_me glassnode intotheblock coinmetrics kaiko kraken binance coinbase bitfinex huobi kucoin okx gate_io bybit',
  'whale_alert huggingface_cryptobert crypto_dt_source crypto_api_clean beaconchain helius dune dia freecryptoapi',
].flatMap((line) => line.split(' '))

describe('the catalogue', () => {
  it('has at least a hundred entries, and every service of older lists under its old id', () => {
    expect(catalogue.list().length).toBeGreaterThanOrEqual(100)
    expect(OLD.filter((id) => catalogue.get(id) === undefined)).toEqual([])
    expect(catalogue.get('huobi')?.id).toBe('htx')
    expect(catalogue.get('alternative_me')).toMatchObject({ id: 'alternative-me', aliases: ['alternative_me'] })
    expect(catalogue.get('nobody')).toBeUndefined()
  })

  it('has each provider of the registry with what the provider says of itself', () => {
    const providers = Object.values(registry).map((factory) => factory())
    for (const { id, name, docs, endpoints } of providers)
      expect(catalogue.get(id)).toMatchObject({ id, name, docs, source: 'provider', capabilities: Object.keys(endpoints) })
    expect(catalogue.get('binance')).toMatchObject({ status: 'alive', key: 'none', category: 'market_price' })
    expect(catalogue.get('coincap')).toMatchObject({ status: 'key-needed', key: 'required' })
    expect(catalogue.get('cryptocompare')).toMatchObject({ status: 'paid', free: false })
    expect(catalogue.get('coingecko')).toMatchObject({ role: 'last-resort' })
  })

  it('has every absent service with why, and what can stand in exists', () => {
    const absent = catalogue.list({ source: 'none' })
    expect(absent.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(ABSENT_PROVIDERS)))
    expect(absent.filter(({ why = '' }) => why === '')).toEqual([])
    expect(absent.flatMap(({ instead = [] }) => instead).filter((id) => catalogue.get(id)?.source !== 'provider')).toEqual([])
    expect(catalogue.get('nomics')).toMatchObject({ status: 'retired', retired: { since: '2023-03-31' } })
  })

  it('filters by category, capability, status and need of a key', () => {
    expect(catalogue.byCategory('onchain').map(({ id }) => id)).toContain('publicnode')
    expect(catalogue.byCapability('fearGreed').map(({ id }) => id)).toEqual(expect.arrayContaining(['alternative-me', 'coinmarketcap']))
    expect(catalogue.list({ status: 'retired' }).every(({ retired }) => retired !== undefined)).toBe(true)
    expect(catalogue.list({ keyless: true, capability: 'ticker' }).map(({ id }) => id)).toContain('kraken')
    expect(catalogue.list({ keyless: true }).map(({ id }) => id)).not.toContain('coincap')
    expect(catalogue.list({ key: 'optional' }).map(({ id }) => id)).toEqual(expect.arrayContaining(['coingecko', 'blockchair']))
  })

  it('says where a key goes', () => {
    expect(catalogue.get('opensea')?.keyPlacement).toEqual({ required: true, in: 'header', name: 'x-api-key' })
    expect(catalogue.get('kraken')).not.toHaveProperty('keyPlacement')
  })

  it('counts so that each table adds up', () => {
    const { total, byStatus, byCategory, bySource, byAuth, byFree, keyless } = catalogue.summary()
    const sum = (counts: object): number => Object.values(counts).reduce((all: number, one: number) => all + one, 0)
    expect([sum(byStatus), sum(byCategory), sum(bySource), sum(byAuth), sum(byFree)]).toEqual([total, total, total, total, total])
    expect(total).toBe(catalogue.list().length)
    expect(keyless).toBeGreaterThanOrEqual(40)
    expect(Object.keys(byCategory).filter((name) => !Object.values(CAPABILITIES).some(({ category }) => category === name))).toEqual([])
  })
})

describe('the eight pools', () => {
  it('have only members that exist, and say what was replaced', () => {
    expect(defaultPools).toHaveLength(8)
    expect(defaultPools.flatMap(({ members }) => members.map(({ id }) => id)).filter((id) => catalogue.get(id)?.source !== 'provider')).toEqual([])
    expect(defaultPools.filter(({ members, notes }) => members.some(({ replaces }) => replaces) && notes.length === 0)).toEqual([])
    expect(defaultPools.flatMap(({ members }) => members.flatMap(({ replaces = [] }) => replaces))).toEqual(
      expect.arrayContaining(['reservoir', 'bscscan', 'coincap']),
    )
  })

  it.each([
    ['primary_market_data_pool', 'market_data priority', 'binance 1, coinbase 2, coinpaprika 2, coincap 2 key, coinlore 3, cryptocompare 3 key, coingecko 9'],
    ['blockchain_explorer_pool', 'blockchain_explorers round-robin', 'publicnode, routescan, blockchair, ethplorer, etherscan key, blockscout key'],
    ['defi_protocol_pool', 'defi weighted', 'defillama 100, uniswap-v3 90 key, aave 80, curve 80, balancer 80'],
    ['nft_market_pool', 'nft priority', 'opensea 2 key, magic-eden 3, rarible 3 key, coingecko 9'],
    ['news_aggregation_pool', 'news round-robin', 'coindesk-rss, cointelegraph-rss, bitcoinist-rss, decrypt-rss, theblock-rss, cryptopanic key'],
    ['sentiment_analysis_pool', 'sentiment priority', 'alternative-me 1, coinmarketcap 2, lunarcrush 4 key, reddit 4 key, coingecko 9'],
    ['exchange_data_pool', 'exchange weighted', 'binance 100, coinbase 95, kraken 90, bitfinex 85, okx 85'],
    ['analytics_pool', 'analytics priority', 'glassnode 2 key, coinmetrics 3, messari 3 key, mempool-space 4, blockchain-info 4'],
  ])('%s is %s: %s', (id, kind, members) => {
    const pool = defaultPools.find((one) => one.id === id)
    expect(`${pool?.category} ${pool?.strategy}`).toBe(kind)
    expect(pool?.members.map((one) => [one.id, one.priority ?? one.weight, one.keyed && 'key'].filter((part) => part !== undefined).join(' ')).join(', ')).toBe(
      members,
    )
    // whoever is a member only with a key is one that has none without
    for (const member of pool?.members ?? []) expect([member.id, catalogue.get(member.id)?.key === 'required']).toEqual([member.id, member.keyed === true])
  })

  it('can each be asked without a key', () => {
    for (const { id, members } of defaultPools)
      expect([id, members.filter((member) => catalogue.get(member.id)?.key !== 'required').length]).not.toEqual([id, 0])
  })

  it('take the members that there are', () => {
    const { binance, coinbase, coingecko } = registry
    const providers = [binance(), coinbase(), coingecko()]
    const pools = poolPreset(providers)
    expect(Object.keys(pools)).toEqual(['primary_market_data_pool', 'nft_market_pool', 'sentiment_analysis_pool', 'exchange_data_pool'])
    expect(poolPreset(['alternative_me'])).toMatchObject({ sentiment_analysis_pool: { members: [{ id: 'alternative-me', priority: 1 }] } })
    const router = new ProviderRouter({ providers, pools })
    expect(router.plan('ticker', { symbol: 'BTC/USD' }, { pool: 'primary_market_data_pool' }).candidates.map(({ provider }) => provider)).toEqual([
      'binance',
      'coinbase',
      'coingecko',
    ])
  })
})
