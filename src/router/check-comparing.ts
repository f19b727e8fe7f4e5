import { ConfigError } from '../errors.js'
import type { CapabilityInfo } from '../model/capabilities.js'
import type { RequestOptions } from './options.js'
import { checkPositive } from './resolve.js'

const MOST = 10
const MOST_GATHERED = 50

/** Throws `ConfigError` where sources are to be compared that can't be, or so many as there are not. */
export function checkComparing({ agree, race, gather }: RequestOptions, { value }: CapabilityInfo, capability: string): void {
  if (race !== undefined) checkCount('race', race)
  if (gather !== undefined && gather !== 1) checkCount('gather', gather, MOST_GATHERED)
  if (race !== undefined && capability === 'tickers') throw new ConfigError('race: a batch is put together out of several providers anyway, leave race out')
  if (agree === undefined) return
  if (race !== undefined) throw new ConfigError('agree and race exclude each other: compare several, or take the first')
  if (value === undefined)
    throw new ConfigError(`agree: ${capability} has no one figure to compare; yours gives it by options.capabilities.${capability}.value`)
  checkCount('agree.of', agree.of)
  const { within, timeoutMs, maxAgeMs } = agree
  for (const [name, given] of Object.entries({ within, timeoutMs, maxAgeMs })) if (given !== undefined) checkPositive(`agree.${name}`, given)
}

function checkCount(name: string, count: number, most = MOST): void {
  if (!(Number.isInteger(count) && count >= 2 && count <= most)) throw new ConfigError(`${name} must be a whole number in 2…${most}, got ${count}`)
}
