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
    expect(at(withPools.report.decisions, 'providers.curve.base_url')?.message).toContain(
      "api.curve.fi is not taken over: 'curve' has addresses of its own, api.curve.finance",
    )
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

describe('whatever else a legacy file may hold', () => {
  const entry = (name: string, more: object = {}) => ({ name, category: 'exchange', base_url: 'https://api.acme.test', ...more })
  const load = (providers: unknown, more: object = {}) => loadConfig({ providers, ...more })

  it('says which providers are off or last by themselves', async () => {
    const { report } = await load({
      coincodex: entry('CoinCodex'),
      glassnode: entry('Glassnode', { requires_auth: true }),
      coingecko: entry('CoinGecko', { priority: 10 }),
    })
    const said = report.decisions.map(({ path, message }) => `${path}: ${message}`)
    expect(said).toContain("providers.coincodex: 'coincodex' is off by itself: enabled: true brings it in")
    expect(said).toContain("providers.glassnode: 'glassnode' is off until it has a key: it is paid for, or wants to be set up")
    expect(said).toContain("providers.coingecko: 'coingecko' is the last resort here, whatever its priority")
  })

  it('takes no endpoint for a key because of its name', async () => {
    const { report } = await load({
      kraken: entry('Kraken', { endpoints: { tokens: '/tokens', ctoken: '/ctoken', balance: '?address={address}&apikey={key}' } }),
    })
    expect(report.warnings).toEqual([])
  })

  it('reads numbers that stand there as texts', async () => {
    const { config, routerOptions, report } = await load(
      { kraken: entry('Kraken', { priority: '9', weight: ' 70 ' }), okx: entry('OKX', { priority: 'high', weight: '-1' }) },
      { fallback_strategy: { max_retries: '2', circuit_breaker_threshold: 'five' } },
    )
    expect(config.providers).toMatchObject([
      { id: 'kraken', priority: 2, weight: 70 },
      { id: 'okx', priority: 6, weight: 50 },
    ])
    expect(routerOptions).toEqual({ retries: 2 })
    expect(report.errors.map(({ path }) => path)).toEqual(['providers.okx.priority', 'providers.okx.weight', 'fallback_strategy.circuit_breaker_threshold'])
  })

  it('knows entries of a list by their names where they have no id, in any case and with spaces', async () => {
    const { providers } = await load([entry('Gate.io'), entry('Alternative.me'), entry('Coinbase', { id: ' COINBASE ' }), entry('Blockchain Info')])
    expect(providers.map(({ id }) => id)).toEqual(['gate-io', 'alternative-me', 'coinbase', 'blockchain-info'])
  })

  it('gives merged entries the better of both: neither off nor last because one is', async () => {
    const { config } = await load({
      etherscan: entry('Etherscan', { priority: 60, enabled: false }),
      etherscan_primary: entry('Etherscan', { priority: 90, enabled: true }),
      blockscout: entry('Blockscout', { priority: 60, enabled: false }),
      blockscout_eth: entry('Blockscout', { priority: 60, enabled: false }),
    })
    expect(config.providers).toEqual([
      { id: 'etherscan', priority: 1, weight: 50, enabled: true },
      { id: 'blockscout', priority: 9, role: 'last-resort', weight: 50, enabled: false },
    ])
  })

  it('takes pools by name, and members with numbers of their own', async () => {
    const { pools, report } = await load(
      { binance: entry('Binance'), okx: entry('OKX'), huobi: entry('Huobi') },
      {
        pool_configurations: {
          'Spot Pool': {
            category: 'exchange',
            rotation_strategy: 'priority',
            providers: [{ id: 'binance', priority: 9, weight: 80 }, { provider_id: 'huobi', enabled: false, wieght: 3 }, 'okx', 5, { name: 'okxx' }, 'okx'],
          },
        },
      },
    )
    expect(pools['spot_pool']?.members).toEqual([{ id: 'binance', priority: 2, weight: 80 }, { id: 'htx', enabled: false }, 'okx'])
    expect(report.errors.map(({ path, suggestion }) => [path.replace('pool_configurations.Spot Pool.', ''), suggestion])).toEqual([
      ['providers[1].wieght', "did you mean 'weight'?"],
      ['providers[3]', undefined],
      ['providers[4]', "did you mean 'okx'?"],
    ])
  })

  it('says what is misspelt or of another kind beside the providers', async () => {
    const { report, providers } = await load(
      { binance: entry('Binance') },
      { pool_configuration: [], pool_configurations: 'none', fallback_strategy: [3], huggingface_models: { sentiment: {} } },
    )
    expect(providers).toHaveLength(1)
    expect(report.errors.map(({ path, suggestion }) => [path, suggestion])).toEqual([
      ['pool_configuration', "did you mean 'pool_configurations'?"],
      ['pool_configurations', undefined],
      ['fallback_strategy', undefined],
      ['huggingface_models.sentiment', undefined],
    ])
  })

  it('is not what one entry of ours with a misspelt key makes of the others', async () => {
    const { report, providers } = await load([{ id: 'binance' }, { id: 'kraken' }, { id: 'acme', name: 'Acme', base_url: 'https://a.test', endpoints: {} }])
    expect([report.format, providers.length]).toEqual(['feedmux', 2])
    expect(at(report.errors, 'providers[2].base_url')?.suggestion).toBe("did you mean 'baseUrl'?")
  })
})
