import * as z from 'zod'
import type { Asset } from '../../model/market.js'
import type { Status } from '../../router/status.js'
import { searched } from '../data/find-coin.js'
import { inOrder, listed, SEARCHED } from '../data/listed.js'
import { homeOf, isAt } from '../data/platforms.js'
import { asOfIso } from '../data/together.js'
import { figure, iso, isoField, known, limitField, maybe, maybeIso, provenanceFields, rounded, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const coinField = z.object({
  id: z.string(),
  symbol: z.string(),
  name: words,
  platforms: z.record(z.string(), z.string()).describe('chain → address of the contract'),
  contract_addresses: z.array(z.string()),
  is_token: maybe(z.boolean()).describe('null where it is not known where it lives'),
  native_platform: words,
})

const metadata = route({
  method: 'GET',
  path: '/api/metadata/coins',
  tag: 'Coins',
  kind: 'data',
  summary: 'Assets as one source lists them, and where they live as far as that is certain; largest first',
  query: z.object({
    search: z.string().trim().min(1).max(100).optional(),
    platform: z.string().trim().min(1).max(80).optional().describe('name or CAIP-2 id of a chain: ethereum, eip155:1'),
    limit: limitField(100, 5_000),
  }),
  errors: [400, 502, 503, 504],
  answer: z.object({
    success: z.literal(true),
    count: z.int(),
    filters: z.object({ search: words, platform: words, limit: z.int() }),
    coins: z.array(coinField),
    statistics: z.object({ total_coins: z.int(), tokens: z.int(), native_coins: z.int(), unknown: z.int() }).describe('of all that the source lists'),
    source: z.string(),
    timestamp: maybeIso,
    ...provenanceFields,
  }),
  async run(call) {
    const { search, platform, limit } = call.query
    const isFiltered = search !== undefined || platform !== undefined
    const result = await listed(call, isFiltered ? Math.max(SEARCHED, limit) : limit)
    const named = search === undefined ? inOrder(result.data) : searched(result.data, search)
    const rows = named
      .filter((asset) => platform === undefined || isAt(homeOf(asset), platform))
      .slice(0, limit)
      .map(rowOf)
    return fromRouter(result, {
      success: true,
      count: rows.length,
      filters: { search: known(search), platform: known(platform), limit },
      coins: rows,
      statistics: statisticsOf(result.data),
      source: result.provider,
      timestamp: asOfIso(result),
    })
  },
})

function rowOf(asset: Asset): z.input<typeof coinField> {
  const home = homeOf(asset)
  const contracts = home?.contract === undefined ? {} : { [home.chain]: home.contract }
  return {
    id: asset.id,
    symbol: asset.symbol,
    name: known(asset.name),
    platforms: contracts,
    contract_addresses: Object.values(contracts),
    is_token: home === undefined ? null : home.contract !== undefined,
    native_platform: known(home?.chain),
  }
}

function statisticsOf(assets: readonly Asset[]) {
  const homes = assets.map(homeOf)
  const tokens = homes.filter((home) => home?.contract !== undefined).length
  const unknown = homes.filter((home) => home === undefined).length
  return { total_coins: assets.length, tokens, native_coins: assets.length - tokens - unknown, unknown }
}

const countsField = z.object({ hits: z.int(), misses: z.int(), stale: z.int() })

const cacheStats = route({
  method: 'GET',
  path: '/api/cache/stats',
  tag: 'Coins',
  kind: 'state',
  summary: 'What was answered out of memory since the start',
  answer: z.object({
    success: z.literal(true),
    cache_enabled: maybe(z.boolean()).describe('null before the first request'),
    overall_statistics: z.object({
      total_requests: z.int(),
      cache_hits: z.int(),
      cache_misses: z.int(),
      hit_rate_percent: figure,
      miss_rate_percent: figure,
      total_entries: z.int(),
    }),
    cache_breakdown: z.record(z.string(), countsField).describe('by capability'),
    cache_config: maybe(z.object({})).describe('null: the router keeps its options to itself'),
    timestamps: z.object({ measured_at: isoField }),
  }),
  run({ api }) {
    const status = api.router.status()
    const { entries, hits, misses, hitRate, byCapability } = status.cache
    return {
      success: true,
      cache_enabled: isCached(status),
      overall_statistics: {
        total_requests: hits + misses,
        cache_hits: hits,
        cache_misses: misses,
        hit_rate_percent: hitRate === undefined ? null : rounded(100 * hitRate),
        miss_rate_percent: hitRate === undefined ? null : rounded(100 * (1 - hitRate)),
        total_entries: entries,
      },
      cache_breakdown: byCapability,
      cache_config: null,
      timestamps: { measured_at: iso(status.at) },
    }
  },
})

/** Every question to a router with a cache is a hit or a miss: who was asked without either has none. */
function isCached({ cache, providers }: Status): boolean | null {
  if (cache.hits + cache.misses > 0) return true
  return providers.some(({ requests }) => requests > 0) ? false : null
}

/** What is known of assets, and what of answers. */
export const metadataRoutes = [metadata, cacheStats]
