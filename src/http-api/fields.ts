import * as z from 'zod'
import { ASSETS } from '../model/assets.js'
import type { Category } from '../model/capabilities.js'
import { writtenSymbol } from '../model/written-symbol.js'
import { symbolNamed } from '../provider/news/news-names.js'

const isAsset = (symbol: string): boolean => Object.hasOwn(ASSETS, symbol)
// symbols that nobody's table has are symbols too: the providers say whether there is such a market
const PLAIN = /^[\p{L}\p{N}.$]{1,30}$/u

/** A pair as people write it: `BTC`, `BTCUSDT`, `BTC-USD`, `BTC/USD`; gives `BTC/USD`. */
export const symbolField = z
  .string()
  .min(1)
  .max(61)
  .transform((text, context): string => {
    const plain = text.trim().toUpperCase()
    const written = writtenSymbol(text, isAsset)
    if ('symbol' in written) return written.symbol
    if ('asset' in written) return `${written.asset}/USD`
    if (PLAIN.test(plain) && written.remedy.includes('BASE/QUOTE')) return `${plain}/USD`
    context.addIssue({ code: 'custom', message: written.remedy, input: text })
    return z.NEVER
  })
  .describe('BTC, BTCUSDT, BTC-USD or BTC/USD')

// some have two symbols (BTC, XBT): the first one of the table counts, but for those of which it is not today's
const BY_NAME = new Map([
  ...Object.entries(ASSETS)
    .map(([symbol, { name }]) => [name.toLowerCase(), symbol] as const)
    .toReversed(),
  ['bitcoin sv', 'BSV'] as const,
])

/** The asset that a symbol or a name stands for (`btc`, `Bitcoin`, `bitcoin-cash`): the press's names before the table's, since those are today's. */
export function coinNamed(text: string): string | undefined {
  const symbol = text.toUpperCase()
  if (isAsset(symbol)) return symbol
  const names = [text, text.replaceAll(/[-_]/g, ' ')].map((name) => name.toLowerCase())
  return names.map((name) => symbolNamed(name) ?? BY_NAME.get(name)).find((found) => found !== undefined)
}

/** An asset by its symbol or its name (`btc`, `Bitcoin`); gives the symbol in upper case. */
export const coinField = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}.$ '()-]{1,60}$/u, 'a symbol or a name like BTC or bitcoin expected')
  .transform((text) => coinNamed(text) ?? text.toUpperCase())
  .describe('symbol or name: BTC, bitcoin')

/** How many, at most. */
export const limitField = (initial: number, most: number, least = 1) => z.int().min(least).max(most).default(initial)

/** Id of a provider or a pool. */
export const idField = z.string().regex(/^[\w.-]{1,64}$/, 'an id of letters, digits, _ and - expected')

const CATEGORIES = [
  'market_price',
  'market_ohlcv',
  'market_volume',
  'market_orderbook',
  'market_metadata',
  'news',
  'sentiment',
  'social',
  'technical',
  'ai_prediction',
  'onchain',
  'defi',
  'nft',
  'analytics',
] as const satisfies readonly Category[]

/** One of the groups that monitoring pages show. */
export const categoryField = z
  .string()
  .regex(/^[a-z_]{1,40}$/)
  .describe(CATEGORIES.join(', '))

/** ISO 8601, UTC. */
export const isoField = z.iso.datetime()
/** Unknown is null, never 0. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullable()
/** A number, or null where it is not known. */
export const figure = maybe(z.number())
/** A text, or null where there is none. */
export const words = maybe(z.string())
/** ISO 8601, or null. */
export const maybeIso = maybe(isoField)

/** What `fromRouter` adds to an answer. */
export const provenanceFields = {
  provider: z.string().optional(),
  cached: z.boolean().optional(),
  stale: z.boolean().optional(),
  age_ms: z.number().optional(),
  latency_ms: z.number().optional(),
  degraded: z.boolean().optional(),
}

/** ISO text of Unix ms, or null. */
export const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
/** Seconds since the epoch. */
export const seconds = (at: number): number => Math.floor(at / 1_000)
/** Null for what is unknown. */
export const known = <T>(value: T | undefined): T | null => value ?? null
/** Rounded to so many decimals; null for what is unknown. */
export const rounded = (value: number | undefined, decimals = 2): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Math.round(value * 10 ** decimals) / 10 ** decimals
/** With twelve digits, so that a price of 0.0000000123 keeps its figures; null for what is unknown. */
export const exact = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(12)))
