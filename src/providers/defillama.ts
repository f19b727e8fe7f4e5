import { ProviderError } from '../errors.js'
import type { Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { DEFILLAMA_IDS } from './defillama.assets.js'

const ID = 'defillama'
const DOCS = 'https://api-docs.defillama.com'
const VERIFIED = '2026-11-21'
// No limit is published: unverified.
const LIMITS = [{ requests: 300, perMs: 60_000, scope: 'ip' }] as const
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
// CAIP-19 of a token. Coins without an address have a symbol.
const TOKEN = /^(.+)\/(?:erc20|token):(.+)$/

/**
 * DefiLlama: prices in real dollars of assets and of tokens by address, without the day around them. Those of assets come from CoinGecko; those
 * that it is not sure of are left out. No key needed; `plan: 'pro'` needs one.
 */
export function defillama(options: ProviderOptions = {}): Provider<'ticker' | 'tickers' | 'tokenTicker'> {
  const prices = `${options.plan === 'pro' ? '{key}/coins/' : ''}prices/current/`
  return defineProvider<'ticker' | 'tickers' | 'tokenTicker'>(
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
          request: ({ symbol }, { native }) => ({ path: `${prices}${coinOf(symbol, native) ?? unknown(symbol)}` }),
          parse: (body, { symbol }, { native }) => {
            const row = coinsOf(body).get(coinOf(symbol, native))
            return row ? tickerOf(row, symbol) : unknown(symbol)
          },
        },
        tickers: {
          maxBatch: 100, // by the length of the address: unverified
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: ({ symbols }, { native }) => {
            const coins = symbols.filter(isInDollars).flatMap((symbol) => coinOf(symbol, native) ?? [])
            return { path: `${prices}${[...new Set(coins)].join() || unknown('any of them')}` }
          },
          parse: (body, { symbols }, { native }) => {
            const coins = coinsOf(body)
            return symbols.filter(isInDollars).flatMap((symbol) => {
              const row = coins.get(coinOf(symbol, native))
              return row ? [tickerOf(row, symbol)] : []
            })
          },
        },
        tokenTicker: {
          supports: ({ asset }) => CHAINS.has(TOKEN.exec(asset)?.[1] ?? ''),
          request: ({ asset }) => ({ path: `${prices}${tokenOf(asset).coin}` }),
          // One coin is asked, one comes; whether its address comes back in the same case is not said.
          parse: (body, { asset }) => {
            const [row] = coinsOf(body).values()
            if (!row) return unknown(asset)
            const symbol = read.optional(read.string, row.symbol, 'symbol')?.toUpperCase() ?? tokenOf(asset).address
            return tickerOf(row, `${symbol}/USD`)
          },
        },
      },
    },
    options,
  )
}

const isInDollars = (symbol: string) => pairOf(symbol).quote === 'USD'

function unknown(what: string): never {
  throw new ProviderError({ provider: ID, reason: 'not-found', message: `does not know ${what}` })
}

function coinOf(symbol: string, native: NativeIds): string | undefined {
  const id = native[pairOf(symbol).base]
  return id === undefined ? undefined : `coingecko:${encodeURIComponent(id)}`
}

function tokenOf(asset: string): { readonly coin: string; readonly address: string } {
  const [, chain = '', address = ''] = TOKEN.exec(asset) ?? []
  return { coin: `${CHAINS.get(chain)}:${encodeURIComponent(address)}`, address }
}

type Row = Record<string, unknown>

/** The coins whose price is sure; unknown ones are not there. */
function coinsOf(body: unknown): ReadonlyMap<string | undefined, Row> {
  const rows = Object.entries(read.object(read.object(body, 'prices').coins, 'coins')).map(([coin, row]) => [coin, read.object(row, 'coin')] as const)
  return new Map(rows.filter(([, { confidence }]) => (read.optional(read.number, confidence, 'confidence') ?? 1) >= SURE))
}

const tickerOf = ({ price, timestamp }: Row, symbol: string): Ticker =>
  known<Ticker>({ ...pairOf(symbol), last: read.positive(price, 'price'), asOf: read.optional(read.seconds, timestamp, 'timestamp') })
