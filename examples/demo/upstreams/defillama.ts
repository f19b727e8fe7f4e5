import type { Market } from '../market.ts'
import type { Reply, UpstreamDefinition } from '../server.ts'
import { NAMES } from './shared.ts'

const CHAINS = [
  { name: 'Ethereum', tokenSymbol: 'ETH', chainId: 1, tvl: 62e9 },
  { name: 'Solana', tokenSymbol: 'SOL', chainId: null, tvl: 9e9 },
  { name: 'Arbitrum', tokenSymbol: 'ARB', chainId: 42_161, tvl: 3e9 },
] as const
const PROTOCOLS = [
  { id: '1', slug: 'lending-one', name: 'Lending One', category: 'Lending', chains: ['Ethereum', 'Arbitrum'], tvl: 21e9 },
  { id: '2', slug: 'liquid-stake', name: 'Liquid Stake', category: 'Liquid Staking', chains: ['Ethereum'], tvl: 28e9 },
  { id: '3', slug: 'swap-three', name: 'Swap Three', category: 'Dexs', chains: ['Ethereum', 'Solana'], tvl: 5e9 },
  { id: '4', slug: 'sun-swap', name: 'Sun Swap', category: 'Dexs', chains: ['Solana'], tvl: 2e9 },
] as const

const DAY_MS = 86_400_000
/** Of what is locked, slowly up and down. */
const wave = (now: number, index: number): number => 1 + 0.05 * Math.sin(now / DAY_MS + index)

const protocols = (now: number): Reply => ({
  body: PROTOCOLS.map((one, index) => ({
    ...one,
    symbol: '-',
    tvl: one.tvl * wave(now, index),
    change_1d: (wave(now, index) / wave(now - DAY_MS, index) - 1) * 100,
  })),
})
const chains = (now: number): Reply => ({ body: CHAINS.map((one, index) => ({ ...one, tvl: one.tvl * wave(now, index) })) })
const pools = (now: number): Reply => ({
  body: {
    status: 'success',
    data: PROTOCOLS.map(({ slug, chains: [chain], tvl }, index) => {
      return { pool: `pool-${index}`, project: slug, chain, symbol: 'USDC', tvlUsd: tvl / 10, apy: 3 + index * wave(now, index), stablecoin: true }
    }),
  },
})

/** DefiLlama: prices by CoinGecko's ids, protocols, chains and yields, all at one host (https://api-docs.defillama.com). Protocols are made up. */
export function defillama(market: Market): UpstreamDefinition {
  const assetOf = (coin: string): string | undefined => {
    const id = coin.replace(/^coingecko:/, '')
    return market.assets.find((asset) => ids(asset).includes(id))
  }

  function prices(list: string, now: number): Reply {
    const coins = list.split(',').flatMap((coin) => {
      const asset = assetOf(coin)
      const row = { symbol: asset, price: market.price(asset ?? '', 'defillama', now), timestamp: Math.floor(now / 1_000), confidence: 0.99 }
      return asset === undefined ? [] : [[coin, row] as const]
    })
    return { body: { coins: Object.fromEntries(coins) } }
  }

  return {
    id: 'defillama',
    limits: [{ units: 300, perMs: 60_000 }],
    answer({ path, now }) {
      const list = /^\/prices\/current\/(.+)$/.exec(path)?.[1]
      if (list !== undefined) return prices(decodeURIComponent(list), now)
      if (path === '/protocols') return protocols(now)
      if (path === '/v2/chains') return chains(now)
      return path === '/pools' ? pools(now) : undefined
    },
    tooMany: (retryAfterS) => ({ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: 'Too many requests' }),
    lies: [() => ({ body: { coins: null } })],
  }
}

/** CoinGecko's ids, which are mostly the name. */
const ids = (asset: string): string[] => {
  const others: Readonly<Record<string, string>> = { XRP: 'ripple', AVAX: 'avalanche-2', BNB: 'binancecoin', NEAR: 'near', ATOM: 'cosmos' }
  return [others[asset] ?? (NAMES[asset] ?? asset).toLowerCase().replaceAll(' ', '-')]
}
