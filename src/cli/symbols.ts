import { UsageError } from './usage-error.js'

// The currencies that exchanges quote in. Longer ones hide shorter ones (FDUSD ends in USD): all that fit are tried.
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'TUSD', 'USD', 'EUR', 'GBP', 'JPY', 'TRY', 'BTC', 'ETH', 'BNB', 'DAI']

/**
 * `BTC/USD` out of `btc/usd`, `BTC-USD`, `BTC_USD` and, where only one way to cut it is certain, `BTCUSDT`.
 * Throws a `UsageError` that says what to write.
 */
export function parseSymbol(text: string, isAsset: (symbol: string) => boolean): string {
  const upper = text.trim().toUpperCase()
  const parts = upper.split(/[/_-]/)
  if (parts.length === 2 && parts.every((part) => /^[\p{L}\p{N}.$]{1,30}$/u.test(part))) return parts.join('/')
  if (parts.length > 1) throw new UsageError(`'${text}' is no symbol: write BASE/QUOTE, for example BTC/USD`)
  const cuts = QUOTES.filter((quote) => upper.length > quote.length && upper.endsWith(quote)).map((quote) => ({ base: upper.slice(0, -quote.length), quote }))
  const certain = cuts.filter(({ base }) => isAsset(base))
  const [cut] = certain
  if (cut !== undefined && certain.length === 1) return `${cut.base}/${cut.quote}`
  if (isAsset(upper)) throw new UsageError(`'${text}' has no quote: write ${upper}/USD`)
  const meant = (certain.length > 0 ? certain : cuts).map(({ base, quote }) => `${base}/${quote}`)
  throw new UsageError(`'${text}' can't be told apart into base and quote: write ${meant.join(' or ') || 'BASE/QUOTE, for example BTC/USD'}`)
}
