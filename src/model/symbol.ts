/** Both sides of a symbol. */
export interface Pair {
  readonly symbol: string
  readonly base: string
  readonly quote: string
}

/** Currencies that stand for the dollar on exchanges. A USDT price is no USD price: the data says which it is. */
const DOLLARS = ['USD', 'USDT', 'USDC', 'FDUSD'] as const

/** Splits `'BTC/USD'` at its first slash. */
export function pairOf(symbol: string): Pair {
  const slash = symbol.indexOf('/')
  return { symbol, base: symbol.slice(0, slash), quote: symbol.slice(slash + 1) }
}

/** Whether `got` answers a question for `asked`: the same pair, or the same base in another kind of dollar. */
export function answers(got: Pair, asked: Pair): boolean {
  if (got.base !== asked.base) return false
  return got.quote === asked.quote || (asked.quote === 'USD' && (DOLLARS as readonly string[]).includes(got.quote))
}

/** Finds what answers a symbol: the very pair, else the same base in another kind of dollar, unless those are no answer. */
export function finderOf<T extends { readonly symbol: string }>(rows: readonly T[], strict = false): (symbol: string) => T | undefined {
  const bySymbol = new Map(rows.map((row) => [row.symbol, row]))
  return (symbol) => {
    const same = bySymbol.get(symbol)
    if (same !== undefined || strict || !symbol.endsWith('/USD')) return same
    for (const quote of DOLLARS) {
      const other = bySymbol.get(`${baseOf(symbol)}/${quote}`)
      if (other !== undefined) return other
    }
    return undefined
  }
}

/** What stands before the slash. */
export const baseOf = (symbol: string): string => symbol.slice(0, symbol.indexOf('/'))
