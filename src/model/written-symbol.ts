// The currencies that exchanges quote in. Longer ones hide shorter ones (FDUSD ends in USD): all that fit are tried.
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'TUSD', 'USD', 'EUR', 'GBP', 'JPY', 'TRY', 'BTC', 'ETH', 'BNB', 'DAI']

/** What somebody wrote for a symbol: the symbol, an asset without a quote, or what to write instead. */
export type WrittenSymbol = { readonly symbol: string } | { readonly asset: string } | { readonly remedy: string }

/**
 * `BTC/USD` out of `btc/usd`, `BTC-USD`, `BTC_USD` and, where only one way to cut it is certain, `BTCUSDT`; the asset `BTC` out of `btc`.
 */
export function writtenSymbol(text: string, isAsset: (symbol: string) => boolean): WrittenSymbol {
  const upper = text.trim().toUpperCase()
  const parts = upper.split(/[/_-]/)
  if (parts.length === 2 && parts.every((part) => /^[\p{L}\p{N}.$]{1,30}$/u.test(part))) return { symbol: parts.join('/') }
  if (parts.length > 1) return { remedy: 'write BASE/QUOTE, for example BTC/USD' }
  if (isAsset(upper)) return { asset: upper } // WBTC is no W against BTC
  const cuts = QUOTES.filter((quote) => upper.length > quote.length && upper.endsWith(quote)).map((quote) => ({ base: upper.slice(0, -quote.length), quote }))
  const certain = cuts.filter(({ base }) => isAsset(base))
  const [cut] = certain
  if (cut !== undefined && certain.length === 1) return { symbol: `${cut.base}/${cut.quote}` }
  const meant = (certain.length > 0 ? certain : cuts).map(({ base, quote }) => `${base}/${quote}`)
  return { remedy: `write ${meant.join(' or ') || 'BASE/QUOTE, for example BTC/USD'}` }
}
