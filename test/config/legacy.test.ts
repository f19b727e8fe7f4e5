import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ConfigProblem, loadConfig } from '../../src/config/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'

const file = (name: string): string => readFileSync(`test/fixtures/config/${name}.json`, 'utf8')
const withPools = await loadConfig(file('legacy-pools'))
const flat = await loadConfig(file('legacy-flat'))

const at = (problems: readonly ConfigProblem[], path: string): ConfigProblem | undefined => problems.find((one) => one.path === path)
const saying = (problems: readonly ConfigProblem[], words: string): string[] =>
  problems.filter(({ message }) => message.includes(words)).map(({ path }) => path)
const entryOf = ({ config }: typeof flat, id: string) => config.providers.find((entry) => entry.id === id)

describe('a legacy file with pools', () => {
  it('comes in under the ids that the providers have here', () => {
    const ids = withPools.providers.map(({ id }) => id)
    expect(withPools.report.format).toBe('legacy')
    expect(ids).toEqual(expect.arrayContaining(['alternative-me', 'htx', 'gate-io', 'blockchain-info', 'blockscout', 'reddit', 'uniswap-v3', 'coindesk-rss']))
    expect(at(withPools.report.decisions, 'providers.huobi')?.message).toBe("'huobi' is 'htx'")
  })

  it('turns priorities round: a lower number is tried first', () => {
    expect(entryOf(withPools, 'binance')).toMatchObject({ priority: 1, weight: 100 })
    expect(entryOf(withPools, 'gate-io')).toMatchObject({ priority: 4, weight: 75 })
    expect(at(withPools.report.decisions, 'providers.binance.priority')?.message).toContain('10 (1–10, high first) is 1 here')
  })

  it('gives an entry without priority and weight those that it had: 5 of 10, and 50', () => {
    expect(entryOf(withPools, 'coinlore')).toMatchObject({ priority: 6, weight: 50 })
  })

  it('says of each retired service since when it is gone and what replaces it', () => {
    const { decisions } = withPools.report
    expect(at(decisions, 'providers.nomics')?.message).toBe('Nomics is left out (retired on 2023-03-31, use coinpaprika or coinlore)')
    expect(at(decisions, 'providers.reservoir')?.message).toContain('retired on 2025-10-15')
    expect(saying(decisions, 'retired on')).toEqual(expect.arrayContaining(['providers.bscscan', 'providers.polygonscan', 'providers.bscscan_primary']))
    expect(withPools.providers.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['nomics']))
  })

  it('merges entries that mean the same service, and keeps the best place among them', () => {
    expect(withPools.providers.filter(({ id }) => id === 'etherscan')).toHaveLength(1)
    expect(entryOf(withPools, 'etherscan')).toMatchObject({ priority: 1, weight: 100 })
    expect(saying(withPools.report.decisions, 'once more: merged')).toEqual(['providers.etherscan_primary', 'providers.etherscan_secondary'])
  })

  it('refuses the keys in the file and never repeats one', () => {
    expect(at(withPools.report.warnings, 'providers.etherscan_primary.api_keys')).toMatchObject({ message: 'keys are not taken from a file' })
    expect(JSON.stringify([withPools.report, withPools.config])).not.toContain('MADE-UP')
    expect(withPools.providers.find(({ id }) => id === 'etherscan')?.apiKey).toBeUndefined()
  })

  it('reports bad entries one by one, and goes on with the others', () => {
    const { errors } = withPools.report
    expect(at(errors, 'providers.broken')).toEqual({ path: 'providers.broken', message: 'base_url expected', skipped: true })
    expect(at(errors, 'providers.file_source.base_url')).toMatchObject({ skipped: true })
    expect(at(errors, 'providers.my_node')).toMatchObject({ skipped: true })
    expect(at(errors, 'providers.bybit.wieght')).toMatchObject({ suggestion: "did you mean 'weight'?" })
    expect(at(errors, 'providers.bybit.category')).toMatchObject({ suggestion: "did you mean 'exchange'?" })
    expect(at(errors, 'providers.okx.rate_limit.requests_per_seconds')).toMatchObject({ suggestion: "did you mean 'requests_per_second'?" })
    expect(at(errors, 'providers.messari.priority')?.message).toContain('taken for 5')
    expect(errors.filter(({ path }) => path.startsWith('providers.coinmetrics'))).toEqual([])
    expect(withPools.providers.map(({ id }) => id)).toEqual(expect.arrayContaining(['bybit', 'okx', 'messari']))
  })

  it('says where a service has moved, and which wants a key now', () => {
    expect(at(withPools.report.decisions, 'providers.curve.base_url')?.message).toContain("api.curve.fi is not used: 'curve' asks api.curve.finance")
    expect(at(withPools.report.decisions, 'providers.coincap.requires_auth')?.message).toContain("keys: { 'coincap': … }")
  })

  it('loads the eight pools in their own strategies, with somebody in the place of each member that is gone', () => {
    expect(Object.keys(withPools.pools)).toEqual([
      'primary_market_data_pool',
      'blockchain_explorer_pool',
      'defi_protocol_pool',
      'nft_market_pool',
      'news_aggregation_pool',
      'sentiment_analysis_pool',
      'exchange_data_pool',
      'analytics_pool',
    ])
    expect(withPools.pools['blockchain_explorer_pool']).toMatchObject({
      category: 'blockchain_explorers',
      members: ['etherscan', 'publicnode', 'blockchair', 'ethplorer'],
    })
    expect(withPools.pools['nft_market_pool']?.members).toEqual(['opensea', 'magic-eden', 'rarible'])
    expect(withPools.pools['defi_protocol_pool']?.members).toEqual(['defillama', 'uniswap-v3', 'aave', 'balancer', 'curve'])
    expect(saying(withPools.report.decisions, "'magic-eden' takes its place")).toEqual(['pool_configurations[3].providers[1]'])
    expect(at(withPools.report.errors, 'pool_configurations[0].providers[5]')?.message).toContain("no provider 'broken'")
    expect(at(withPools.report.errors, 'pool_configurations[8].rotation_strategy')).toMatchObject({ skipped: true, suggestion: "did you mean 'round-robin'?" })
  })

  it('honours the fallback strategy as options of the router', () => {
    expect(withPools.routerOptions).toEqual({ retries: 3, breaker: { failures: 5, cooldownMs: 60_000 } })
    expect(withPools.probes).toEqual({ everyMs: 30_000 })
    expect(at(withPools.report.decisions, 'fallback_strategy.retry_delay_seconds')?.message).toContain('not used')
  })

  it('hands the text models on, a classifier as such', () => {
    expect(withPools.models).toContainEqual({ model: 'ElKulako/cryptobert', task: 'text-classification' })
    expect(at(withPools.report.decisions, 'huggingface_models.sentiment_analysis[1].task')?.message).toContain('is a classifier')
  })

  it('makes a router', () => {
    const router = new ProviderRouter({ ...withPools.routerOptions, providers: withPools.providers, pools: withPools.pools })
    expect(router.status().pools.map(({ id }) => id)).toContain('analytics_pool')
    expect(router.plan('ticker', { symbol: 'BTC/USD' }, { pool: 'exchange_data_pool' }).candidates.map(({ provider }) => provider)).toContain('kraken')
  })
})

describe('a legacy file without pools', () => {
  it('comes in with its own ids and categories', () => {
    expect(flat.providers.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['infura', 'alchemy', 'ankr', 'publicnode', 'blockscout', 'alternative-me', 'reddit', 'newsapi', 'coinmarketcap']),
    )
    expect(at(flat.report.decisions, 'providers.etherscan.category')?.message).toBe("'blockchain_explorer' is 'blockchain_explorers'")
    expect(flat.report.errors).toEqual([])
  })

  it('takes priorities above ten for bands', () => {
    expect(entryOf(flat, 'glassnode')).toMatchObject({ priority: 1 })
    expect(entryOf(flat, 'coindesk-rss')).toMatchObject({ priority: 2 })
    expect(entryOf(flat, 'reddit')).toMatchObject({ role: 'last-resort' })
  })

  it('says which services have no provider, and that the number of providers is wrong', () => {
    expect(at(flat.report.decisions, 'total_providers')?.message).toBe('the file says 200 providers and holds 22')
    expect(at(flat.report.decisions, 'providers.whale_alert')?.message).toContain('Whale Alert is left out (paid)')
    expect(at(flat.report.decisions, 'providers.tronscan')?.message).toContain('use trongrid')
    expect(at(flat.report.decisions, 'providers.huggingface_cryptobert')?.message).toContain('feedmux/sentiment')
    expect(JSON.stringify(flat.report)).not.toContain('MADE-UP')
  })

  it('switches on what is off because it is paid for, once a key is given', async () => {
    const { providers } = await loadConfig(file('legacy-flat'), { keys: { glassnode: 'made-up' } })
    const enabled = (list: typeof providers): boolean | undefined => list.find(({ id }) => id === 'glassnode')?.enabled
    expect([enabled(flat.providers), enabled(providers)]).toEqual([false, true])
  })
})
