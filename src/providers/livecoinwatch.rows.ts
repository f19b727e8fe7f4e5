import { BadResponseError, type FailureReason } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { Asset, AssetMarket, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { strongest } from '../provider/market.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** Rows of a list. */
export const rowsOf = (body: unknown): Row[] => read.array(body, 'coins').map((row) => read.object(row, 'coin'))

/** What changed in 24 h, out of a ratio: 1.02 is + 2 %. */
function changeOf(row: Row): number | undefined {
  const ratio = read.positiveOrNone(read.optional(read.object, row.delta, 'delta')?.day, 'delta.day')
  return ratio === undefined ? undefined : (ratio - 1) * 100
}

/** A coin in the currency that was asked for. */
export function tickerOf(row: Row, pair: Pair, native: NativeIds): Ticker {
  const code = read.optional(read.string, row.code, 'code') // the oldest form of a single one has none
  if (code !== undefined && code !== (native[pair.base] ?? pair.base)) throw new BadResponseError('code: the asked one expected, got another')
  return known<Ticker>({
    ...pair,
    last: read.positive(row.rate, 'rate'),
    change24hPercent: changeOf(row),
    quoteVolume24h: read.optional(read.amount, row.volume, 'volume'),
    marketCap: read.positiveOrNone(row.cap, 'cap'),
  })
}

/** A row without a price (nobody trades it) leaves out that one only, unless no row has any. */
export function batchOf(rows: readonly Row[], pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const byCode = new Map(rows.map((row) => [read.string(row.code, 'code'), row]))
  const found = pairs.flatMap((pair) => {
    const row = byCode.get(native[pair.base] ?? pair.base)
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => read.positiveOrNone(row.rate, 'rate') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair, native))
}

/** A coin of a list with everything about it. */
export function assetOf(row: Row): Asset {
  const id = read.string(row.code, 'code')
  return known<Asset>({
    id,
    symbol: id.replace(/^_+/, '').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })
}

/** The strongest first, in dollars. */
export function listMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const change = changeOf(row)
    const priceUsd = read.positiveOrNone(row.rate, 'rate')
    return change === undefined || priceUsd === undefined ? [] : [{ row, change, priceUsd }]
  })
  if (moves.length === 0) throw new BadResponseError('coins: some with rate and delta expected, got none')
  return strongest(moves, direction).map(({ row, change, priceUsd }) =>
    known<AssetMarket>({
      ...assetOf(row),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(row.cap, 'cap'),
      volume24hUsd: read.optional(read.amount, row.volume, 'volume'),
    }),
  )
}

/** The whole market. Bitcoin's share is called a percentage, and is a fraction. */
export function globalOf(body: unknown): GlobalMarket {
  const { cap, volume, btcDominance } = read.object(body, 'overview')
  const share = read.positive(btcDominance, 'btcDominance')
  if (share > 1) throw new BadResponseError(`btcDominance: 0…1 expected, got ${share}`)
  return { marketCapUsd: read.positive(cap, 'cap'), volume24hUsd: read.positive(volume, 'volume'), dominancePercent: { BTC: share * 100 } }
}

const BY_SYMBOL: readonly Capability[] = ['ticker', 'tickers', 'volume']
const REASONS = new Map<number, FailureReason>([
  [400, 'bad-request'],
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [429, 'rate-limited'],
])

/** Errors come as {error:{code,status,description}}; the vendor advises to trust that code, not the HTTP status. */
export function failureOf(body: unknown, capability: Capability): ProviderFailure | undefined {
  const error = (body as { error?: { code?: unknown; description?: unknown } | null } | null)?.error
  const code = Number(error?.code ?? Number.NaN)
  if (Number.isNaN(code)) return undefined
  const isUnknown = (code === 404 || code === 400) && BY_SYMBOL.includes(capability)
  const reason = isUnknown ? 'not-found' : (REASONS.get(code) ?? (code >= 500 ? 'unavailable' : 'bad-response'))
  return { reason, message: typeof error?.description === 'string' ? error.description : undefined }
}
