import { ProviderError } from '../errors.js'
import type { Ticker } from '../model/market.js'
import { tokenOf, tokenPair, WRAPPED_ETHER } from '../provider/chain/chains.js'
import { defineProvider } from '../provider/define-provider.js'
import { asTicker } from '../provider/market/market.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const ID = 'dexscreener'

// Its names of chains, by CAIP-2.
const CHAINS = new Map([
  ['eip155:1', 'ethereum'],
  ['eip155:10', 'optimism'],
  ['eip155:56', 'bsc'],
  ['eip155:100', 'gnosischain'],
  ['eip155:130', 'unichain'],
  ['eip155:137', 'polygon'],
  ['eip155:146', 'sonic'],
  ['eip155:250', 'fantom'],
  ['eip155:324', 'zksync'],
  ['eip155:999', 'hyperevm'],
  ['eip155:5000', 'mantle'],
  ['eip155:8453', 'base'],
  ['eip155:42161', 'arbitrum'],
  ['eip155:42220', 'celo'],
  ['eip155:43114', 'avalanche'],
  ['eip155:59144', 'linea'],
  ['eip155:80094', 'berachain'],
  ['eip155:81457', 'blast'],
  ['eip155:534352', 'scroll'],
  ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana'],
])

/**
 * DEX Screener: tokens by address, in dollars, as the pool with the most liquidity trades them; the volume is that pool's alone. No key needed.
 * Its boosted tokens are paid for and come without symbol and name, so they are no `trending`.
 */
export function dexscreener(options: ProviderOptions = {}): Provider<'tokenTicker'> {
  return defineProvider<'tokenTicker'>(
    {
      id: ID,
      name: 'DEX Screener',
      homepage: 'https://dexscreener.com',
      docs: 'https://docs.dexscreener.com/api/reference',
      hosts: ['https://api.dexscreener.com'],
      limits: [{ requests: 300, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'tokenTicker', params: { asset: WRAPPED_ETHER } },
      endpoints: {
        tokenTicker: {
          supports: ({ asset }) => tokenOf(asset, CHAINS).chain !== undefined,
          request: ({ asset }) => {
            const { chain, address } = tokenOf(asset, CHAINS)
            return { path: `tokens/v1/${chain}/${encodeURIComponent(address)}` }
          },
          parse: (body, { asset }) => {
            const { address } = tokenOf(asset, CHAINS)
            const [pair] = pairsOf(body, address).toSorted((a, b) => liquidityOf(b) - liquidityOf(a))
            if (!pair) throw new ProviderError({ provider: ID, reason: 'not-found', message: `has no pool of ${asset}` })
            return tickerOf(pair, address)
          },
        },
      },
    },
    options,
  )
}

const part = (row: Row, name: string): Row => read.optional(read.object, row[name], name) ?? {}
const baseOf = (pair: Row): Row => read.object(pair.baseToken, 'baseToken')
/** Not every pool says it: such a one comes last. */
const liquidityOf = (pair: Row): number => read.optional(read.amount, part(pair, 'liquidity').usd, 'liquidity.usd') ?? 0

/** The pools whose price is that of the token: it is their base, not their quote. Those without a price count only where none has one. */
function pairsOf(body: unknown, address: string): Row[] {
  const { pairs } = Array.isArray(body) ? { pairs: body } : read.object(body, 'body')
  const rows = pairs === null ? [] : rowsOf(pairs, 'pairs')
  const own = rows.filter((pair) => read.string(baseOf(pair).address, 'address').toLowerCase() === address.toLowerCase())
  const priced = own.filter(({ priceUsd }) => priceUsd !== undefined && priceUsd !== null)
  return priced.length > 0 ? priced : own
}

function tickerOf(pair: Row, address: string): Ticker {
  const price = { price: pair.priceUsd, changePercent: part(pair, 'priceChange').h24, turnover: part(pair, 'volume').h24, marketCap: pair.marketCap }
  return asTicker(price, tokenPair(baseOf(pair).symbol, address))
}
