import { writtenSymbol } from '../model/written-symbol.js'
import { UsageError } from './usage-error.js'

/** A symbol as it is written on the command line. Throws a `UsageError` that says what to write. */
export function parseSymbol(text: string, isAsset: (symbol: string) => boolean): string {
  const written = writtenSymbol(text, isAsset)
  if ('symbol' in written) return written.symbol
  if ('asset' in written) throw new UsageError(`'${text}' has no quote: write ${written.asset}/USD`)
  const certain = /[/_-]/.test(text.trim()) ? 'is no symbol' : "can't be told apart into base and quote"
  throw new UsageError(`'${text}' ${certain}: ${written.remedy}`)
}
