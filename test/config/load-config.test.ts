import { describe, expect, it } from 'vitest'
import { configSchema, loadConfig, resources } from '../../src/config/index.js'
import { parseJson } from '../../src/config/json-text.js'

const acme = {
  id: 'acme',
  name: 'Acme',
  baseUrl: 'https://api.acme.test',
  endpoints: { ticker: { path: 'price/{base}', map: { last: 'price' } } },
}

describe('loadConfig', () => {
  it('makes providers of the registry with what the file says of them', async () => {
    const { providers, report } = await loadConfig({
      providers: [
        { id: 'binance-us', priority: 2, weight: 30 },
        { id: 'okx', limits: [{ requests: 5, perMs: 1_000 }], role: 'last-resort', enabled: false, hosts: ['https://okx.proxy.test'] },
      ],
    })
    expect(report).toEqual({ format: 'feedmux', errors: [], warnings: [], decisions: [] })
    expect(providers[0]).toMatchObject({ id: 'binance-us', priority: 2, weight: 30, hosts: [expect.stringContaining('binance.us')] })
    expect(providers[1]).toMatchObject({
      limits: [{ requests: 5, perMs: 1_000, scope: 'ip' }],
      role: 'last-resort',
      enabled: false,
      hosts: ['https://okx.proxy.test'],
    })
  })

  it('says the path of each fault with a suggestion, and loads the others', async () => {
    const { providers, report } = await loadConfig({
      providrs: [],
      providers: [
        { id: 'kraken' },
        { id: 'krakn' },
        { id: 'nomics' },
        { id: 'coinbase', priorty: 1 },
        { id: 'okx', priority: 'first' },
        { id: 'bybit', limits: [{ requests: 5, perMs: 1_000, perMss: 5 }] },
        'gemini',
        { id: 'kraken', weight: 2 },
        { id: 'bitfinex', plan: 'gold' },
        { id: 'htx', role: 'last_resort' },
        { ...acme, endpoints: { tiker: {} } },
      ],
    })
    expect(providers.map(({ id }) => id)).toEqual(['kraken', 'coinbase', 'bybit'])
    expect(report.errors).toEqual([
      { path: 'providrs', message: "unknown key 'providrs', it has no effect", suggestion: "did you mean 'providers'?" },
      { path: 'providers[1].id', message: "no provider 'krakn'", suggestion: "did you mean 'kraken'?", skipped: true },
      { path: 'providers[2].id', message: "no provider 'nomics' (retired on 2023-03-31, use coinpaprika or coinlore)", skipped: true },
      { path: 'providers[3].priorty', message: "unknown key 'priorty', it has no effect", suggestion: "did you mean 'priority'?" },
      { path: 'providers[4].priority', message: 'expected number, received string', skipped: true },
      { path: 'providers[5].limits[0].perMss', message: "unknown key 'perMss', it has no effect", suggestion: "did you mean 'perMs'?" },
      { path: 'providers[6]', message: 'an object expected', skipped: true },
      { path: 'providers[7].id', message: "'kraken' stands there twice: the first one holds", skipped: true },
      { path: 'providers[9].role', message: expect.stringContaining('expected one of'), suggestion: "did you mean 'last-resort'?", skipped: true },
      { path: 'providers[10].endpoints.tiker', message: "unknown key 'tiker', it has no effect", suggestion: "did you mean 'ticker'?" },
      { path: 'providers[8]', message: "bitfinex: no plan 'gold', this provider has none", skipped: true },
      { path: 'providers[10].endpoints', message: 'at least one endpoint expected', skipped: true },
    ])
  })

  it('makes several providers of one factory, each under its own id', async () => {
    const { providers, report } = await loadConfig({
      providers: [
        { id: 'my-feed', factory: 'rss', options: { url: 'https://feeds.acme.test/a.xml' } },
        { id: 'other-feed', factory: 'rss', options: { url: 'https://feeds.acme.test/b.xml', id: 'ignored' } },
        { id: 'crypto_dt_source', hosts: ['https://dt.acme.test'] },
        { id: 'third-feed', factory: 'rsss' },
        { id: 'binance', options: { region: 'us' } },
        { id: 'my-exchange', factory: 'kraken' },
      ],
    })
    expect(providers.map(({ id }) => id)).toEqual(['my-feed', 'other-feed', 'crypto-dt-source'])
    expect(providers[2]).toMatchObject({ role: 'last-resort', hosts: ['https://dt.acme.test'] })
    expect(report.errors.map(({ path, suggestion }) => [path, suggestion])).toEqual([
      ['providers[3].factory', "did you mean 'rss'?"],
      ['providers[1].options.id', undefined],
      ['providers[4].id', "use the id 'binance-us'"],
      ['providers[5].id', "use the id 'kraken'"],
    ])
  })

  it('refuses keys wherever they stand, warns, and never repeats one', async () => {
    const { report, config, providers } = await loadConfig({
      providers: [
        { id: 'etherscan', apiKey: 'SECRETSECRET' },
        { id: 'coincap', options: { api_keys: ['SECRETSECRET'] } },
        { id: 'okx', hosts: ['https://user:SECRETSECRET@www.okx.com'] },
        { ...acme, endpoints: { ticker: { path: 'p?apikey=SECRETSECRET', headers: { 'X-Api-Key': 'SECRETSECRET' }, map: { last: 'price' } } } },
      ],
    })
    expect(report.warnings.map(({ path }) => path)).toEqual([
      'providers[0].apiKey',
      'providers[1].options.api_keys',
      'providers[2].hosts[0]',
      'providers[3].endpoints.ticker.path',
      'providers[3].endpoints.ticker.headers.X-Api-Key',
    ])
    expect(providers.map(({ id }) => id)).toEqual(['etherscan', 'coincap'])
    expect(JSON.stringify([report, config, providers])).not.toContain('SECRET')
  })

  it('takes keys from what it is handed, by id or by the name of a variable', async () => {
    const file = { providers: [{ id: 'coincap' }, { id: 'etherscan', apiKeyFrom: 'ETHERSCAN_KEY' }, { id: 'opensea', apiKeyFrom: 'OPENSEA_KEY' }] }
    const { providers, report } = await loadConfig(file, { keys: { coincap: 'one', nobody: 'x' }, env: { ETHERSCAN_KEY: 'two' } })
    expect(providers.map(({ apiKey }) => apiKey?.reveal())).toEqual(['one', 'two', undefined])
    expect(report.warnings.map(({ path }) => path)).toEqual(['keys', 'providers[2].apiKeyFrom'])
    expect(JSON.stringify(report)).not.toMatch(/"(one|two)"/)
  })

  it('reads no variable by itself', async () => {
    process.env['FEEDMUX_TEST_KEY'] = 'from the environment'
    const { providers } = await loadConfig({ providers: [{ id: 'coincap', apiKeyFrom: 'FEEDMUX_TEST_KEY' }] })
    delete process.env['FEEDMUX_TEST_KEY']
    expect(providers[0]?.apiKey).toBeUndefined()
  })

  it('refuses them however they are wrapped, and keeps what only looks like one', async () => {
    const endpoint = {
      path: 'p',
      headers: { Cookie: 'SECRET1', 'Ocp-Apim-Subscription-Key': 'SECRET2', 'X-Auth': 'SECRET3', 'x-page': '{base}' },
      body: { apiKey: { value: 'SECRET4' }, max_tokens: 100 },
      query: { appid: 1_234_567_890, token: '{base}' },
      map: { last: 'price' },
    }
    const { report, config } = await loadConfig({
      api_keys: { etherscan: 'SECRET5' },
      keys: { etherscan: ['SECRET6'] },
      providers: [
        { id: 'etherscan', secretKey: 'SECRET7' },
        { ...acme, key: { in: 'header', name: 'x-key' }, endpoints: { ticker: endpoint } },
      ],
    })
    expect(report.warnings).toHaveLength(8)
    expect(JSON.stringify([report, config])).not.toMatch(/SECRET|1234567890/)
    expect(config.providers[1]).toMatchObject({
      key: { in: 'header', name: 'x-key' },
      endpoints: { ticker: { headers: { 'x-page': '{base}' }, body: { max_tokens: 100 }, query: { token: '{base}' } } },
    })
  })

  it('takes a key from a variable that is there, not from what every object has', async () => {
    const { providers, report } = await loadConfig({ providers: [{ id: 'etherscan', apiKeyFrom: 'constructor' }] }, { env: {} })
    expect(providers[0]?.apiKey).toBeUndefined()
    expect(report.warnings.map(({ path }) => path)).toEqual(['providers[0].apiKeyFrom'])
  })

  it('makes pools with their strategies, and says which members are not there', async () => {
    const { pools, report, routerOptions } = await loadConfig({
      providers: [{ id: 'binance' }, { id: 'alternative_me' }, { id: 'kraken' }],
      pools: [
        { name: 'Primary Market Data Pool', strategy: 'weighted', members: [{ id: 'binance', weight: 3 }, 'kraken', 'kraken', 'krakn', 'nomics'] },
        { id: 'moods', members: ['alternative_me'], enabled: false },
        { name: 'Nobody', members: ['okx'] },
        { name: 'Odd', strategy: 'wieghted', members: [] },
        { id: 'default', members: ['binance'] },
      ],
      router: { strategy: 'fastest', retries: 0, breaker: { failures: 3 } },
    })
    expect(pools).toEqual({
      primary_market_data_pool: { name: 'Primary Market Data Pool', strategy: expect.any(Function), members: [{ id: 'binance', weight: 3 }, 'kraken'] },
      moods: { members: ['alternative-me'], enabled: false },
    })
    expect(report.errors.map(({ path, suggestion }) => [path, suggestion])).toEqual([
      ['pools[3].strategy', "did you mean 'weighted'?"],
      ['pools[0].members[2]', undefined],
      ['pools[0].members[3]', "did you mean 'kraken'?"],
      ['pools[0].members[4]', undefined],
      ['pools[2].members[0]', undefined],
      ['pools[2].members', undefined],
      ['pools[4]', undefined],
    ])
    expect(routerOptions).toEqual({ strategy: expect.any(Function), retries: 0, breaker: { failures: 3 } })
  })

  it("takes 'default' for the preset pools", async () => {
    const { pools } = await loadConfig({ providers: [{ id: 'binance' }, { id: 'kraken' }], pools: 'default' })
    expect(Object.keys(pools)).toEqual(['primary_market_data_pool', 'exchange_data_pool'])
  })

  it('puts a file on top of another one, or in its place', async () => {
    const { config: base } = await loadConfig({ providers: [{ id: 'binance', weight: 5 }, { id: 'kraken' }], pools: [{ id: 'a', members: ['kraken'] }] })
    const file = { providers: [{ id: 'binance', priority: 3 }, { id: 'okx' }], pools: [{ id: 'b', members: ['okx'] }] }
    const { config, pools } = await loadConfig(file, { base })
    expect(config.providers).toEqual([{ id: 'binance', weight: 5, priority: 3 }, { id: 'kraken' }, { id: 'okx' }])
    expect(Object.keys(pools)).toEqual(['a', 'b'])
    expect((await loadConfig(file, { base, merge: false })).config.providers).toEqual([{ id: 'binance', priority: 3 }, { id: 'okx' }])
  })

  it('needs no more of what stands below than what changes', async () => {
    const feed = { id: 'my-feed', factory: 'rss', options: { url: 'https://feeds.acme.test/a.xml' } }
    const { config: base } = await loadConfig({
      providers: [acme, feed, { id: 'kraken' }],
      router: { retries: 2, breaker: { failures: 3 }, cache: { maxEntries: 5 } },
    })
    const file = {
      providers: [
        { id: 'acme', weight: 2 },
        { id: 'my-feed', priority: 4 },
        { id: 'kraken', plan: 'gold' },
        { id: 'nobody', weight: 1 },
      ],
      router: { breaker: { cooldownMs: 5_000 }, cache: { ttlMs: 1 } },
    }
    const { config, providers, report } = await loadConfig(file, { base })
    expect(config.providers).toEqual([
      { ...acme, weight: 2 },
      { ...feed, priority: 4 },
    ])
    expect(providers.map(({ id, weight, priority }) => [id, weight, priority])).toEqual([
      ['acme', 2, undefined],
      ['my-feed', undefined, 4],
    ])
    expect(config.router).toEqual({ retries: 2, breaker: { failures: 3, cooldownMs: 5_000 }, cache: { maxEntries: 5, ttlMs: 1 } })
    expect(report.errors.map(({ path }) => path)).toEqual(['providers[3].id', 'providers[2]'])
    const { report: mixed, config: kept } = await loadConfig({ providers: [{ id: 'acme', plan: 'gold', endpoints: { tickr: {} } }] }, { base })
    expect(mixed.errors.map(({ path }) => path)).toEqual(['providers[0].endpoints.tickr', 'providers[0].plan'])
    expect(kept.providers).toHaveLength(3)
  })

  it('gives the same provider objects again for what did not change', async () => {
    const keys = { coincap: 'key' }
    const file = { providers: [{ id: 'binance' }, { id: 'kraken' }, { id: 'coincap' }, acme] }
    const previous = await loadConfig(file, { keys })
    const changed = { providers: [{ id: 'binance' }, { id: 'kraken', weight: 2 }, { id: 'coincap' }, acme] }
    const next = await loadConfig(changed, { keys, previous })
    expect(next.providers.map((provider, i) => provider === previous.providers[i])).toEqual([true, false, true, true])
    const other = await loadConfig(changed, { keys: { coincap: 'another key' }, previous: next })
    expect(other.providers.map((provider, i) => provider === next.providers[i])).toEqual([true, true, false, true])
  })

  it('gives a config that loads to the same again', async () => {
    const { config } = await loadConfig({
      providers: [{ id: 'huobi' }, acme],
      pools: [{ name: 'My Pool', members: ['huobi', 'acme'] }],
      router: { retries: 2 },
    })
    const again = await loadConfig(JSON.stringify(config))
    expect(again.config).toEqual(config)
    expect(again.report.errors).toEqual([])
  })
})

describe('what cannot be a configuration', () => {
  it('is refused with line and column, and nothing of the text', async () => {
    await expect(loadConfig('{\n  "providers": [\n    { "id": "binance", "apiKey": SECRETSECRET }\n  ]\n}')).rejects.toThrow(
      'not valid JSON at line 3, column 34',
    )
    await expect(loadConfig('{ "apiKey": "SECRETSECRET" ')).rejects.not.toThrow('SECRET')
    await expect(loadConfig('[1, 2]')).rejects.toThrow('an object like')
  })

  it.each([
    ['{"a":1,}', 1, 8],
    ['{"a":1}}', 1, 8],
    ['[1 2]', 1, 4],
    ['', 1, 1],
    ['{"a"\n:\n01}', 3, 2],
    ['["a\nb"]', 1, 2],
    ['[1', 1, 3],
    ['nul', 1, 1],
  ])('%j is wrong at line %i, column %i', (text, line, column) => {
    expect(() => parseJson(text)).toThrow(`line ${line}, column ${column}`)
  })

  it('is refused above 10 MB and 500 000 values, and cut below 32 levels', async () => {
    await expect(loadConfig(`{"a":"${'x'.repeat(10_000_001)}"}`)).rejects.toThrow('at most 10 MB')
    await expect(loadConfig({ a: Array.from({ length: 600_000 }, () => 1) })).rejects.toThrow('at most 500000 values')
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const { report } = await loadConfig(`{"providers":[{"id":"binance"}],"router":${deep}}`)
    expect(report.errors.some(({ message }) => message.includes('at most 32 levels'))).toBe(true)
  })

  it('is said where it is wrong, also in a text of millions of escapes', () => {
    expect(() => parseJson(`{"a":"${'\\n'.repeat(2_000_000)}"`)).toThrow('not valid JSON at line 1, column 4000008')
  })

  it('costs seconds at most with a hundred thousand faults, which are counted and not all listed', async () => {
    const startedAt = performance.now()
    const { report } = await loadConfig({
      providers: Array.from({ length: 60_000 }, (_, i) => ({ id: `some-provider-that-nobody-has-ever-known-${i}`, wieght: 1 })),
    })
    expect(report.errors).toHaveLength(5_001)
    expect(report.errors.at(-1)?.message).toBe('115000 more, which are not listed')
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })

  it('is not repeated at length: names out of it are cut, and stand on one line', async () => {
    const { report } = await loadConfig({ providers: [{ id: 'binance', [`a\n${'k'.repeat(100_000)}`]: 1 }] })
    expect(report.errors[0]?.path).toMatch(/^providers\[0\]\.a k+…$/)
    expect(JSON.stringify(report).length).toBeLessThan(1_000)
  })

  it('reaches no prototype', async () => {
    const { report, providers } = await loadConfig(
      '{"__proto__":{"polluted":1},"providers":[{"id":"binance","__proto__":{"weight":7},"options":{"constructor":{"prototype":{"polluted":1}}}}]}',
    )
    expect(report.warnings.map(({ path }) => path)).toEqual(['__proto__', 'providers[0].__proto__', 'providers[0].options.constructor'])
    expect(providers[0]?.weight).toBeUndefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('configSchema', () => {
  it('is a JSON Schema of the format', () => {
    expect(configSchema).toMatchObject({
      $schema: expect.stringContaining('json-schema.org'),
      type: 'object',
      required: ['providers'],
      additionalProperties: false,
    })
    expect(JSON.stringify(configSchema)).toContain('apiKeyFrom')
  })
})

describe('resources', () => {
  it('adds, changes and removes providers of a configuration, each time in a new one', () => {
    const empty = resources({ version: 1, providers: [] })
    const three = empty.add({ id: 'binance' }).add({ id: 'alternative_me' }).add({ id: 'coincap' })
    expect(three.list().map(({ id }) => id)).toEqual(['binance', 'alternative-me', 'coincap'])
    expect(three.list('sentiment').map(({ id }) => id)).toEqual(['alternative-me'])
    expect(three.update('binance', { weight: 3 }).config.providers[0]).toEqual({ id: 'binance', weight: 3 })
    expect(three.remove('alternative_me').list()).toHaveLength(2)
    expect(empty.list()).toEqual([])
    expect(() => three.add({ id: 'binance' })).toThrow('already')
    expect(() => three.remove('okx')).toThrow("no provider 'okx'")
  })

  it('counts what a factory makes under another id as what it is', () => {
    const { byCategory } = resources({ providers: [{ id: 'my-feed', factory: 'rss', options: { url: 'https://a.test/x' } }] }).statistics()
    expect(byCategory).toEqual({ news: 1 })
  })

  it('counts so that each table adds up', () => {
    const { total, byCategory, byAuth, byFree } = resources({ providers: [{ id: 'binance' }, { id: 'coincap' }, { id: 'cryptocompare' }, acme] }).statistics()
    expect({ total, byCategory, byAuth, byFree }).toEqual({
      total: 4,
      byCategory: { market_price: 3, own: 1 },
      byAuth: { requiresAuth: 2, noAuth: 2 },
      byFree: { free: 3, paid: 1 },
    })
  })
})
