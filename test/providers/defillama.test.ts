import { describe, expect, it } from 'vitest'
import { defillama } from '../../src/providers/defillama.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW, requestOf, sent } from '../support/ask.js'

const HOST = 'https://coins.llama.fi/prices/current'
const seconds = NOW / 1_000 - 30
const coin = (price: unknown, more: object = {}) => ({ price, symbol: 'BTC', timestamp: seconds, confidence: 0.99, ...more })
const of = (coins: object) => ({ coins })
const asOf = NOW - 30_000
const btc = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 85_000.5, asOf }
const eth = { symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_800, asOf }
const ADDRESS = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01'
const token = { asset: `eip155:42161/erc20:${ADDRESS}` }

const PROTOCOLS = 'https://api.llama.fi/protocols'
const CHAINS = 'https://api.llama.fi/v2/chains'
const POOLS = 'https://yields.llama.fi/pools'
const protocol = (slug: string, tvl: unknown, more: object = {}) => ({
  id: '77',
  name: slug.toUpperCase(),
  symbol: '-',
  slug,
  category: 'Dexs',
  chains: ['Ethereum'],
  tvl,
  chainTvls: { Ethereum: tvl, borrowed: 9e12, staking: 9e12 },
  change_1h: 0.1,
  change_1d: null,
  change_7d: null,
  mcap: null,
  ...more,
})
const swap = protocol('a-swap', 2_500_000.75, {
  symbol: 'aSwp',
  category: 'Lending',
  chains: ['Ethereum', 'Binance', 'xDai', 'Optimism', 'OP Mainnet', 'Nowhere Net'],
  change_1d: 1.5,
  change_7d: -0.25,
})
const swapData = {
  id: 'a-swap',
  name: 'A-SWAP',
  tvlUsd: 2_500_000.75,
  chains: ['eip155:1', 'eip155:56', 'eip155:100', 'eip155:10', 'Nowhere Net'],
  category: 'Lending',
  symbol: 'ASWP',
  change1dPercent: 1.5,
  change7dPercent: -0.25,
}
const chain = (name: string, tvl: unknown, more: object = {}) => ({ gecko_id: null, tvl, tokenSymbol: null, cmcId: null, name, chainId: null, ...more })
const chains = [
  chain('Solana', 8e9, { tokenSymbol: 'SOL' }),
  chain('Ethereum', 6e10, { gecko_id: 'ethereum', tokenSymbol: 'ETH', cmcId: '1027', chainId: 1 }),
  chain('New EVM', 5e6, { tokenSymbol: '-', chainId: 424_242 }),
  chain('Nowhere Net', 1_000.5),
  chain('Gone', null),
]
const pool = (id: string, tvlUsd: unknown, apy: unknown, more: object = {}) => ({
  chain: 'BSC',
  project: 'a-swap',
  symbol: 'USDT-WBNB',
  tvlUsd,
  apyBase: apy,
  apyReward: null,
  apy,
  pool: id,
  stablecoin: false,
  outlier: false,
  poolMeta: null,
  ...more,
})
const poolsOf = (...data: readonly object[]) => ({ status: 'success', data })
const usdt = { id: 'p1', project: 'a-swap', chain: 'eip155:56', symbol: 'USDT-WBNB', tvlUsd: 900_000, apyPercent: 5.25, stablecoin: false }

describeProvider(
  defillama,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${HOST}/coingecko:bitcoin`,
        body: of({ 'coingecko:bitcoin': coin(85_000.5) }),
        data: btc,
        drifted: of({ 'coingecko:bitcoin': coin(null) }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/USD'] },
        url: `${HOST}/coingecko:ethereum,coingecko:bitcoin`,
        body: of({ 'coingecko:bitcoin': coin(85_000.5), 'coingecko:ethereum': coin(2_800, { symbol: 'ETH' }) }),
        data: [eth, btc],
        drifted: { prices: {} },
      },
      {
        capability: 'tokenTicker',
        params: token,
        url: `${HOST}/arbitrum:${ADDRESS}`,
        body: of({ [`arbitrum:${ADDRESS}`]: { decimals: 18, ...coin(1.25, { symbol: 'wAbc' }) } }),
        data: { symbol: 'WABC/USD', base: 'WABC', quote: 'USD', last: 1.25, asOf },
        drifted: of({ [`arbitrum:${ADDRESS}`]: { usd: 1.25, symbol: 'wAbc' } }),
      },
      {
        capability: 'defiProtocols',
        params: { limit: 2 },
        url: PROTOCOLS,
        body: [protocol('small', 10), protocol('none', null), protocol('exchange', 9e9, { category: 'CEX' }), protocol('large', 3e6, { chains: [] }), swap],
        data: [{ id: 'large', name: 'LARGE', tvlUsd: 3e6, chains: [], category: 'Dexs' }, swapData],
        drifted: [{ ...swap, tvl: undefined, tvlUsd: swap.tvl }],
      },
      {
        capability: 'chainTvl',
        params: {},
        url: CHAINS,
        body: chains,
        data: [
          { chain: 'eip155:1', name: 'Ethereum', tvlUsd: 6e10, symbol: 'ETH' },
          { chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', name: 'Solana', tvlUsd: 8e9, symbol: 'SOL' },
          { chain: 'eip155:424242', name: 'New EVM', tvlUsd: 5e6 },
          { chain: 'Nowhere Net', name: 'Nowhere Net', tvlUsd: 1_000.5 },
        ],
        drifted: { chains },
      },
      {
        capability: 'yields',
        params: { limit: 2 },
        url: POOLS,
        body: poolsOf(
          pool('p3', 5, 2_624),
          pool('p1', 900_000, 5.25),
          pool('p2', 1e6, null),
          pool('p4', 2e6, -1.5, { chain: 'Nowhere Net', symbol: 'USDt', stablecoin: true }),
        ),
        data: [{ id: 'p4', project: 'a-swap', chain: 'Nowhere Net', symbol: 'USDT', tvlUsd: 2e6, apyPercent: -1.5, stablecoin: true }, usdt],
        drifted: poolsOf({ ...pool('p1', 900_000, undefined), apr: 5.25 }),
      },
    ],
    unknown: [
      { capability: 'ticker', body: of({}) },
      { capability: 'tickers', body: of({}) },
      { capability: 'tokenTicker', body: of({}) },
      { capability: 'chainTvl', params: { chain: 'eip155:2' }, body: chains },
      { capability: 'yields', params: { chain: 'eip155:2' }, body: poolsOf(pool('p1', 1, 1)) },
    ],
    errors: [
      { says: 'a gateway that fails', status: 502, body: 'Bad Gateway', reason: 'unavailable' },
      { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('defillama', () => {
  const provider = defillama()
  const ofDefi = ['defiProtocols', 'chainTvl', 'yields'] as const
  const hostOf = (asked: typeof provider, capability: (typeof ofDefi)[number]) => requestOf(asked, capability, {}).host

  it('does not know what it is not sure of, and leaves that out of a batch', () => {
    const body = of({ 'coingecko:bitcoin': coin(85_000.5), 'coingecko:ethereum': coin(2_800, { confidence: 0.89 }) })
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USD' }, { body })).toThrow(expect.objectContaining({ reason: 'not-found' }))
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, { body })).toEqual([btc])
  })

  it('names a token without a symbol by its address, and reads an address in another case', () => {
    const body = of({ [`arbitrum:${ADDRESS.toLowerCase()}`]: coin(2, { symbol: undefined }) })
    expect(ask(provider, 'tokenTicker', token, { body })).toMatchObject({ base: ADDRESS, quote: 'USD', last: 2 })
  })

  it('asks for tokens on chains that it has, for Solana with the address as it stands, and not for coins without an address', () => {
    const solana = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'
    expect(sent(provider, 'tokenTicker', { asset: solana })).toBe(`${HOST}/solana:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v`)
    const supported = [solana, token.asset, 'eip155:1/slip44:60', `eip155:424242/erc20:${ADDRESS}`, 'BTC'].map((asset) =>
      provider.endpoints.tokenTicker.supports?.({ asset }),
    )
    expect(supported).toEqual([true, true, false, false, false])
  })

  it('has real dollars only, and asks a batch for those', () => {
    const { ticker, tickers } = provider.endpoints
    expect(['BTC/USD', 'BTC/USDT', 'BTC/EUR'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, false, false])
    expect(tickers.supports?.({ symbols: ['BTC/EUR'] })).toBe(false)
    expect(sent(provider, 'tickers', { symbols: ['BTC/EUR', 'NOPE/USD', 'BTC/USD'] })).toBe(`${HOST}/coingecko:bitcoin`)
  })

  it('puts a Pro key into the path of the Pro host', () => {
    const pro = defillama({ plan: 'pro', apiKey: 'k' })
    expect(pro.key).toMatchObject({ required: true, in: 'path' })
    expect(decodeURI(sent(pro, 'ticker', { symbol: 'BTC/USD' }))).toBe('https://pro-api.llama.fi/{key}/coins/prices/current/coingecko:bitcoin')
    expect(ofDefi.map((capability) => [hostOf(pro, capability), decodeURI(sent(pro, capability, {}))])).toEqual(
      ['api/protocols', 'api/v2/chains', 'yields/pools'].map((path) => [undefined, `https://pro-api.llama.fi/{key}/${path}`]),
    )
  })

  it('leaves a coin without a price out of a batch', () => {
    const body = of({ 'coingecko:bitcoin': coin(85_000.5), 'coingecko:ethereum': coin(0) })
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, { body })).toEqual([btc])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, { body })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('takes a slash in the symbol of a token for a part of it', () => {
    const body = of({ [`arbitrum:${ADDRESS}`]: coin(2, { symbol: 'btc/eur' }) })
    expect(ask(provider, 'tokenTicker', token, { body })).toMatchObject({ symbol: 'BTC/EUR/USD', base: 'BTC/EUR', quote: 'USD' })
  })

  it('names a chain whose id is no number of an EVM chain', () => {
    const body = [{ name: 'CosmosHub', tvl: 5, chainId: 'cosmoshub-4', tokenSymbol: 'ATOM' }]
    expect(ask(provider, 'chainTvl', {}, { body })).toEqual([{ chain: 'CosmosHub', name: 'CosmosHub', tvlUsd: 5, symbol: 'ATOM' }])
  })

  it('asks hosts of the user for everything', () => {
    const own = defillama({ hosts: ['https://proxy.example/llama'] })
    expect(ofDefi.map((capability) => [hostOf(own, capability), sent(own, capability, {})])).toEqual(
      ['protocols', 'v2/chains', 'pools'].map((path) => [undefined, `https://proxy.example/llama/${path}`]),
    )
  })

  it('gives the hundred largest where no limit is asked', () => {
    const sizes = Array.from({ length: 130 }, (_, i) => (i * 37) % 130)
    const protocols = ask(provider, 'defiProtocols', {}, { body: sizes.map((tvl) => protocol(`p${tvl}`, tvl)) })
    const yields = ask(provider, 'yields', {}, { body: poolsOf(...sizes.map((tvl) => pool(`p${tvl}`, tvl, 1))) })
    const largest = Array.from({ length: 100 }, (_, i) => `p${129 - i}`)
    expect(protocols.map(({ id }) => id)).toEqual(largest)
    expect(yields.map(({ id }) => id)).toEqual(largest)
  })

  it('knows a protocol that is on no chain yet', () => {
    const body = [protocol('young', 5, { chains: undefined }), protocol('other', 4, { chains: null })]
    expect(ask(provider, 'defiProtocols', {}, { body }).map((one) => [one.id, one.chains])).toEqual([
      ['young', []],
      ['other', []],
    ])
  })

  it('counts neither exchanges nor what chains lock themselves as protocols, and names one without a slug by its number', () => {
    const body = [protocol('a', 5, { category: 'CEX' }), protocol('b', 4, { category: 'Chain' }), protocol('c', 3, { slug: undefined }), protocol('d', -2)]
    expect(ask(provider, 'defiProtocols', {}, { body }).map(({ id }) => id)).toEqual(['77'])
    expect(ask(provider, 'defiProtocols', {}, { body: body.slice(0, 2) })).toEqual([])
  })

  it('finds a chain by CAIP-2 and by each of its names, in any case', () => {
    const asked = (name: string) => ask(provider, 'chainTvl', { chain: name }, { body: chains }).map((found) => found.name)
    expect(['eip155:1', 'ethereum', 'eip155:424242', 'new evm', 'Nowhere Net'].map(asked)).toEqual([
      ['Ethereum'],
      ['Ethereum'],
      ['New EVM'],
      ['New EVM'],
      ['Nowhere Net'],
    ])
    const body = poolsOf(pool('p0', 1e9, 3, { chain: 'Ethereum' }), pool('p1', 900_000, 5.25))
    for (const name of ['eip155:56', 'BSC', 'Binance']) expect(ask(provider, 'yields', { chain: name, limit: 1 }, { body })).toEqual([usdt])
  })
})
