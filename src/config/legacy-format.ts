import { isObject, type Json, listOf } from './clean.js'

/** Categories of other systems; the singular and long forms that stand for one of them. */
const CATEGORIES: Readonly<Record<string, string>> = {
  analytics: 'analytics',
  blockchain_data: 'blockchain_data',
  blockchain_explorer: 'blockchain_explorers',
  blockchain_explorers: 'blockchain_explorers',
  defi: 'defi',
  defi_protocols: 'defi',
  exchange: 'exchange',
  exchanges: 'exchange',
  hugging_face_models: 'ml_model',
  huggingface_models: 'ml_model',
  market_data: 'market_data',
  ml_model: 'ml_model',
  news: 'news',
  news_social: 'news',
  nft: 'nft',
  nft_markets: 'nft',
  rpc: 'rpc',
  sentiment: 'sentiment',
  sentiment_analysis: 'sentiment',
  social: 'social',
  whale_tracking: 'whale_tracking',
}

/** All of them, for suggestions. */
export const LEGACY_CATEGORIES = Object.keys(CATEGORIES)

/** The category that a name stands for; nothing where it is none. */
export function legacyCategory(name: string): string | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  return Object.hasOwn(CATEGORIES, plain) ? CATEGORIES[plain] : undefined
}

/** Keys of a provider in either shape. */
export const LEGACY_KEYS: readonly string[] = [
  'id',
  'name',
  'category',
  'base_url',
  'endpoints',
  'rate_limit',
  'requires_auth',
  'api_keys',
  'auth_type',
  'auth_param',
  'auth_header',
  'priority',
  'weight',
  'docs_url',
  'free',
  'note',
  'notes',
  'chain',
  'query_type',
  'description',
  'enabled',
]

/** Keys of a limit block. */
export const LEGACY_LIMITS: readonly string[] = [
  'requests_per_second',
  'requests_per_minute',
  'requests_per_hour',
  'requests_per_day',
  'requests_per_week',
  'requests_per_month',
  'weight_per_minute',
]

/** Keys of a file. */
export const LEGACY_FILE_KEYS: readonly string[] = [
  'providers',
  'pool_configurations',
  'huggingface_models',
  'fallback_strategy',
  'schema_version',
  'version',
  'updated_at',
  'total_providers',
  'description',
]

/** No entry of ours has one of these. */
const SIGNS = ['base_url', 'category', 'requires_auth', 'rate_limit']

/** Whether this is a file of another system: providers by id, or a list most of which looks like theirs. One misspelt entry of ours is none. */
export function isLegacy(file: { readonly [name: string]: Json }): boolean {
  const { providers } = file
  if ('pool_configurations' in file || 'fallback_strategy' in file || isObject(providers)) return true
  const entries = (listOf(providers) ?? []).filter(isObject)
  return entries.filter((entry) => SIGNS.some((sign) => sign in entry)).length * 2 > entries.length
}

/** A number, also as a text. */
export const figureOf = (told: Json | undefined): number | undefined => {
  if (typeof told === 'number') return told
  return typeof told === 'string' && /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(told) ? Number(told) : undefined
}

/** A priority of other systems, in ours: 1 is tried first. `undefined` where it is none. */
export function legacyPriority(told: Json | undefined): { readonly priority: number; readonly role?: 'last-resort'; readonly scale: string } | undefined {
  const figure = figureOf(told)
  if (figure === undefined || !(figure > 0 && figure <= 100)) return undefined
  if (figure <= 10) return { priority: 11 - figure, scale: '1–10, high first' }
  const tier = figure >= 90 ? 1 : figure >= 80 ? 2 : figure >= 70 ? 3 : undefined
  return tier === undefined ? { priority: 9, role: 'last-resort', scale: 'bands' } : { priority: tier, scale: 'bands' }
}

/** What an entry without a priority and a weight of its own had. */
export const LEGACY_DEFAULTS = { priority: 5, weight: 50 } as const
