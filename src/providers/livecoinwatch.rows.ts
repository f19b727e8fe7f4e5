import { BadResponseError, type FailureReason } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { GlobalMarket } from '../model/market.js'
import { type Coin, wholeMarket } from '../provider/market/coins.js'
import { percentOf } from '../provider/market/market.js'
import type { ProviderFailure } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** Coins of a list, in the currency that was asked for. */
export const coinsOf = (body: unknown): Coin[] => rowsOf(body, 'coins').map((row) => coinOf(row, read.string(row.code, 'code')))

/** The asked coin; the oldest form of a single one has no code. */
export function oneOf(body: unknown, asked: string): Coin {
  const row = read.object(body, 'coin')
  const code = read.optional(read.string, row.code, 'code') ?? asked
  if (code !== asked) throw new BadResponseError('code: the asked one expected, got another')
  return coinOf(row, code)
}

/** The change of a day is a ratio: 1.02 is + 2 %. */
function coinOf(row: Row, id: string): Coin {
  const ratio = read.positiveOrNone(read.optional(read.object, row.delta, 'delta')?.day, 'delta.day')
  return {
    id,
    symbol: id.replace(/^_+/, ''),
    name: row.name,
    rank: row.rank,
    price: row.rate,
    changePercent: ratio === undefined ? undefined : percentOf(ratio - 1, 'delta.day'),
    turnover: row.volume,
    marketCap: row.cap,
  }
}

/** The whole market. Bitcoin's share is called a percentage, and is a fraction. */
export function globalOf(body: unknown): GlobalMarket {
  const { cap, volume, btcDominance } = read.object(body, 'overview')
  const share = read.positive(btcDominance, 'btcDominance')
  if (share > 1) throw new BadResponseError(`btcDominance: 0…1 expected, got ${share}`)
  return wholeMarket({ marketCap: cap, volume, btc: percentOf(share, 'btcDominance') })
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
