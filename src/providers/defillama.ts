import { baseOf, pairOf } from '../model/symbol.js'
import { tokenOf, tokenPair } from '../provider/chain/chains.js'
import { coinTickers } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idOf, idsOf, isInDollars, unknown } from '../provider/ids.js'
import { asTicker, type Prices } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'
import { DEFILLAMA_IDS } from './defillama.assets.js'
import { chainsOf, poolsOf, protocolsOf } from './defillama.rows.js'

const ID = 'defillama'
const DOCS = 'https://api-docs.defillama.com'
const VERIFIED = '2026-11-21'
// No limit is published: unverified.
const LIMITS = [{ requests: 300, perMs: 60_000, scope: 'ip' }] as const
// Lists of 6 to 15 MB.
const SLOW_MS = 15_000
// Its confidence in a price, 0…1: below that a price is no better than none.
const SURE = 0.9

// Its names of chains, by CAIP-2.
const CHAINS = new Map([
  ['eip155:1', 'ethereum'],
  ['eip155:10', 'optimism'],
  ['eip155:56', 'bsc'],
  ['eip155:100', 'xdai'],
  ['eip155:137', 'polygon'],
  ['eip155:146', 'sonic'],
  ['eip155:250', 'fantom'],
  ['eip155:324', 'era'],
  ['eip155:5000', 'mantle'],
  ['eip155:8453', 'base'],
  ['eip155:42161', 'arbitrum'],
  ['eip155:42220', 'celo'],
  ['eip155:43114', 'avax'],
  ['eip155:59144', 'linea'],
  ['eip155:81457', 'blast'],
  ['eip155:534352', 'scroll'],
  ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana'],
])

type DefiLlamaCapability = 'ticker' | 'tickers' | 'tokenTicker' | 'defiProtocols' | 'chainTvl' | 'yields'

/**
 * DefiLlama: prices in real dollars of assets and of tokens by address, without the day around them. Those of assets come from CoinGecko; those
 * that it is not sure of are left out. Of DeFi: protocols, chains and yields by what is locked, out of lists of 6 to 15 MB. No key needed;
 * `plan: 'pro'` needs one.
 */
export function defillama(options: ProviderOptions = {}): Provider<DefiLlamaCapability> {
  const pro = options.plan === 'pro'
  const prices = `${pro ? '{key}/coins/' : ''}prices/current/`
  // One host has all with a key, and so must hosts of the user's own; else each part has its own.
  const at = (part: 'api' | 'yields', path: string): HttpRequest =>
    pro ? { path: `{key}/${part}/${path}` } : { path, host: options.hosts ? undefined : `https://${part}.llama.fi` }
  return defineProvider<DefiLlamaCapability>(
    {
      id: ID,
      name: 'DefiLlama',
      homepage: 'https://defillama.com',
      docs: DOCS,
      hosts: ['https://coins.llama.fi'],
      limits: LIMITS,
      plans: {
        free: { limits: LIMITS, verifiedOn: VERIFIED, source: DOCS },
        pro: {
          host: 'https://pro-api.llama.fi',
          // Unverified: give `limits` for others.
          limits: [{ requests: 1_000, perMs: 60_000, scope: 'key' }],
          key: { required: true, in: 'path', name: 'key' },
          verifiedOn: VERIFIED,
          source: DOCS,
        },
      },
      family: 'coingecko',
      assets: DEFILLAMA_IDS,
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => ({ path: `${prices}coingecko:${idOf(ID, baseOf(symbol), native)}` }),
          parse: (body, { symbol }, { native }) => {
            const row = coinsOf(body).get(coinOf(symbol, native))
            if (!row) throw unknown(ID, symbol)
            return asTicker(pricesOf(row), pairOf(symbol))
          },
        },
        tickers: {
          maxBatch: 100, // by the length of the address: unverified
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: ({ symbols }, { native }) => ({
            path: `${prices}${idsOf(ID, dollarPairs(symbols), native)
              .map((id) => `coingecko:${encodeURIComponent(id)}`)
              .join()}`,
          }),
          parse: (body, { symbols }, { native }) => {
            const coins = coinsOf(body)
            return coinTickers(dollarPairs(symbols), ({ symbol }) => {
              const row = coins.get(coinOf(symbol, native))
              return row && pricesOf(row)
            })
          },
        },
        tokenTicker: {
          supports: ({ asset }) => tokenOf(asset, CHAINS).chain !== undefined,
          request: ({ asset }) => {
            const { chain, address } = tokenOf(asset, CHAINS)
            return { path: `${prices}${chain}:${encodeURIComponent(address)}` }
          },
          // One coin is asked, one comes; whether its address comes back in the same case is not said.
          parse: (body, { asset }) => {
            const [row] = coinsOf(body).values()
            if (!row) throw unknown(ID, asset)
            return asTicker(pricesOf(row), tokenPair(row.symbol, tokenOf(asset, CHAINS).address))
          },
        },
        defiProtocols: { timeoutMs: SLOW_MS, request: () => at('api', 'protocols'), parse: protocolsOf },
        chainTvl: { request: () => at('api', 'v2/chains'), parse: (body, params) => chainsOf(body, params, ID) },
        yields: { timeoutMs: SLOW_MS, request: () => at('yields', 'pools'), parse: (body, params) => poolsOf(body, params, ID) },
      },
    },
    options,
  )
}

function coinOf(symbol: string, native: NativeIds): string | undefined {
  const id = native[baseOf(symbol)]
  return id === undefined ? undefined : `coingecko:${id}`
}

/** The coins whose price is sure; unknown ones are not there. */
function coinsOf(body: unknown): ReadonlyMap<string | undefined, Row> {
  const rows = Object.entries(read.object(read.object(body, 'prices').coins, 'coins')).map(([coin, row]) => [coin, read.object(row, 'coin')] as const)
  return new Map(rows.filter(([, { confidence }]) => (read.optional(read.number, confidence, 'confidence') ?? 1) >= SURE))
}

const pricesOf = ({ price, timestamp }: Row): Prices => ({ price, asOf: read.optional(read.seconds, timestamp, 'timestamp') })
