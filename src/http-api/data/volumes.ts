import { AllProvidersFailedError, NoProviderError } from '../../errors.js'
import type { Volume } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { failureOf, notFound } from '../failures.js'
import type { Api, Call } from '../route.js'
import { NEVER, planOf, UNKNOWN } from './exclusions.js'
import { providersWith } from './preferring.js'
import { isTold, type Missing, reasonOf } from './together.js'

/** What asking for volumes takes of a call. */
export type VolumeAsker = Pick<Call<never, never, never>, 'ask' | 'peek' | 'api'>

/** What several sources tell of one pair. */
export interface PairVolumes {
  readonly results: readonly RouterResult<Volume>[]
  readonly missing: readonly Missing[]
  /** When the first of them is no longer fresh, Unix ms; nothing where something failed, or nothing is kept. */
  readonly freshUntil?: number | undefined
}

/** Exchanges show their orders; who adds exchanges up has none. */
export const exchangesOf = (call: Pick<VolumeAsker, 'api' | 'ask'>): string[] => providersWith(call, 'orderBook')

/**
 * The volume of a pair at each exchange that can be asked, at most so many; where none tells it, of whoever does: who adds exchanges up must not be
 * counted with them. Those that want credits are last here, too. Throws where nobody tells it.
 */
export async function volumesOf(call: VolumeAsker, symbol: string, most: number): Promise<PairVolumes> {
  const { chosen, missing, isLasting } = sourcesOf(call, symbol, most)
  const outcomes = await Promise.all(chosen.map((provider) => volumeAt(call, symbol, provider)))
  const answers = outcomes.flatMap((one) => ('data' in one ? one : []))
  const failures = outcomes.flatMap((one) => ('data' in one ? [] : one))
  const all = [...missing, ...failures.map(missingOf)]
  if (answers.length === 0) {
    const result = await another(call, symbol, chosen, failures)
    return { results: [result], missing: all.filter(({ part }) => part !== result.provider) }
  }
  const isWhole = isLasting && failures.every(({ error }) => isUnknown(error))
  const now = call.api.now()
  // the first ones waited for the last one
  const results = answers.map((one) => ({ ...one, ageMs: Math.max(one.ageMs, now - one.fetchedAt) }))
  return { results, missing: all, freshUntil: isWhole ? freshUntilOf(call, symbol, results) : undefined }
}

interface Sources {
  readonly chosen: readonly string[]
  readonly missing: readonly Missing[]
  /** Whether those that are missing will be tomorrow, too. */
  readonly isLasting: boolean
}

/** Who is back so soon is worth the wait, in ms: limits of one call in a second. */
const SOON_MS = 1_500

/** Whom to ask, in the order of the router's strategy after those that are remembered; of those that copy one another the first. Of who rests, an answer that is still fresh is one. */
function sourcesOf(call: VolumeAsker, symbol: string, most: number): Sources {
  const families = familiesOf(call)
  const now = call.api.now()
  const { candidates, excluded } = planOf(call, 'volume', { symbol })
  const out = excluded.filter(({ provider, reason }) => families.has(provider) && !NEVER.has(reason))
  const isKept = ({ provider }: { readonly provider: string }): boolean => remembered(call, symbol, provider) !== undefined
  const isSoon = (one: (typeof out)[number]): boolean => isKept(one) || (!UNKNOWN.has(one.reason) && (one.until ?? Infinity) - now <= SOON_MS)
  const sources = [...candidates, ...out.filter(isSoon)]
  const able = independentOf([...sources.filter(isKept), ...sources], families) // of one remembered nobody has to be asked
  const told = new Set(able.map((provider) => families.get(provider)))
  const absent = out.filter((one) => !isSoon(one) && !told.has(families.get(one.provider)))
  const missing = absent.map(({ provider, reason }) => ({ part: provider, reason: wordOf(reason) }))
  const rest = able.length > most ? [{ part: `${able.length - most} more exchanges`, reason: `${most} are asked at once` }] : []
  return { chosen: able.slice(0, most), missing: [...missing, ...rest], isLasting: absent.every(({ reason }) => UNKNOWN.has(reason)) }
}

/** Whose figures each exchange gives that may be asked beside others. */
function familiesOf(call: VolumeAsker): Map<string, string> {
  const exchanges = new Set(exchangesOf(call))
  return new Map(
    call.api.router.providers.flatMap(({ id, family = id, metered, role }) =>
      exchanges.has(id) && metered !== true && role !== 'last-resort' ? [[id, family] as const] : [],
    ),
  )
}

function independentOf(sources: readonly { readonly provider: string }[], families: ReadonlyMap<string, string>): string[] {
  const taken = new Set<string>()
  return sources.flatMap(({ provider }) => {
    const family = families.get(provider)
    if (family === undefined || taken.has(family)) return []
    taken.add(family)
    return [provider]
  })
}

interface Failed {
  readonly provider: string
  readonly error: unknown
}

async function volumeAt(call: VolumeAsker, symbol: string, provider: string): Promise<RouterResult<Volume> | Failed> {
  const kept = remembered(call, symbol, provider)
  if (kept !== undefined) return kept
  try {
    const result = await call.ask('volume', { symbol }, { only: [provider], maxAttempts: 2 })
    keep(call, symbol, result) // now: the client may go while others are waited for, and come back
    return result
  } catch (error) {
    if (!isTold(error)) throw error
    return { provider, error }
  }
}

/** Whoever else has volumes. */
async function another(call: VolumeAsker, symbol: string, asked: readonly string[], failures: readonly Failed[]): Promise<RouterResult<Volume>> {
  const errors = failures.flatMap(({ error }) => (isUnknown(error) ? [] : [error]))
  let isLacking = errors.length < failures.length
  if (asked.length === 0 || providersWith(call, 'volume').some((id) => !asked.includes(id))) {
    try {
      return await call.ask('volume', { symbol }, asked.length > 0 ? { except: asked } : {})
    } catch (error) {
      if (!isTold(error)) throw error
      if (asked.length > 0 && failureOf(error).status === 404) isLacking = true
      else errors.push(error)
    }
  }
  // one that does not understand the question says less than one that failed, or that lacks the pair
  const gravest = errors.find((error) => failureOf(error).status >= 500) ?? (isLacking ? undefined : errors[0])
  throw gravest ?? notFound(`${symbol}: no exchange that was asked has this pair`)
}

const missingOf = ({ provider, error }: Failed): Missing => {
  if (isUnknown(error)) return { part: provider, reason: wordOf('unknown-asset') }
  const failure = AllProvidersFailedError.is(error) ? error.failures.at(-1) : undefined
  const excluded = NoProviderError.is(error) ? error.excluded.find((one) => one.provider === provider) : undefined
  return { part: provider, reason: failure?.message ?? (excluded ? wordOf(excluded.reason) : reasonOf(error)) }
}

/** Of one who was asked alone: who had to queue at first and then lacked it does lack it. */
const isUnknown = (error: unknown): boolean =>
  AllProvidersFailedError.is(error) ? error.failures.every(({ reason }) => reason === 'not-found') : failureOf(error).status === 404

const wordOf = (reason: string): string => (UNKNOWN.has(reason) ? 'does not have this pair' : `can't be asked now: ${reason}`)

interface Kept {
  readonly result: RouterResult<Volume>
  /** Unix ms. */
  readonly until: number
}

/** Answers that are kept. */
const MOST_KEPT = 1_000
// the router remembers one answer to a question, whoever gave it: once the next exchange is asked, that of the one before is gone
const memories = new WeakMap<Api, Map<string, Kept>>()

const keyOf = (symbol: string, provider: string): string => `${symbol} ${provider}`

/** An answer that is still fresh; none where the router itself remembers none any more: its cache was cleared, or is off. */
function remembered(call: VolumeAsker, symbol: string, provider: string): RouterResult<Volume> | undefined {
  const kept = memories.get(call.api)?.get(keyOf(symbol, provider))
  const now = call.api.now()
  if (kept === undefined || now >= kept.until || call.peek('volume', { symbol }) === undefined) return undefined
  return { ...kept.result, source: 'cache', ageMs: now - kept.result.fetchedAt, latencyMs: 0, attempts: [] }
}

/** Keeps an answer as long as the router keeps its own to this question; not at all where it keeps none. */
function keep(call: VolumeAsker, symbol: string, result: RouterResult<Volume>): void {
  const held = call.peek('volume', { symbol })
  if (held === undefined || result.source === 'stale') return
  const memory = memories.get(call.api) ?? new Map<string, Kept>()
  memories.set(call.api, memory)
  const key = keyOf(symbol, result.provider)
  memory.delete(key) // the oldest stand first
  memory.set(key, { result, until: result.fetchedAt + held.freshUntil - held.fetchedAt })
  for (const oldest of memory.keys()) {
    if (memory.size <= MOST_KEPT) break
    memory.delete(oldest)
  }
}

/** When the first of them is no longer fresh, Unix ms; nothing where one is not kept. */
function freshUntilOf({ api }: VolumeAsker, symbol: string, results: readonly RouterResult<Volume>[]): number | undefined {
  const ends = results.map(({ provider }) => memories.get(api)?.get(keyOf(symbol, provider))?.until ?? -Infinity)
  const end = Math.min(...ends)
  return end > api.now() ? end : undefined
}
