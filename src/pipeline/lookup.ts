import { BadResponseError, ProviderError } from '../errors.js'
import { baseOf } from '../model/symbol.js'
import type { HttpEndpoint } from '../provider/provider.js'
import { Ask, NO_PREFERENCES } from './ask.js'
import type { Budget } from './budget.js'
import { call } from './call.js'
import { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { Group } from './group.js'
import type { Job } from './job.js'
import { limited } from './limit.js'
import { timed } from './timed.js'
import type { Signal } from './stop.js'

/** How long a provider's own list of assets is used. */
const LISTED_MS = 24 * 3_600_000
/** How long a list that could not be had is not asked for again. */
const UNLISTED_MS = 600_000
/** How long the list may take: whoever is less patient does not decide for the others. */
const LIST_MS = 10_000

/** Whether the question has an asset that only the provider's own list can tell. */
export function needsLookup({ state }: Candidate, share: readonly string[] | undefined, { asset, now }: Ask): boolean {
  if (state.provider.lookup === undefined || state.listedUntil > now) return false
  const isUnknown = (name: string): boolean => !Object.hasOwn(state.native, name)
  return share === undefined ? asset !== undefined && isUnknown(asset) : share.some((symbol) => isUnknown(baseOf(symbol)))
}

/** How a look at the list went, for one of those who wanted it. */
export interface Looked {
  readonly failure?: ProviderError
  /** Whether it was this one's question that made the list be asked for: a failure is booked once. */
  readonly isOwn: boolean
}

/** Has the provider's list asked for, once for all who need it now; nobody who leaves takes it from the others, and each waits for so long as it may. */
export async function looksUp(
  env: Env,
  budget: Budget,
  candidate: Candidate,
  signal: Signal | undefined,
  key: string | undefined,
  ms: number,
): Promise<Looked> {
  const { state, id } = candidate
  const isOwn = state.listing === undefined
  state.listing ??= listed(env, budget, candidate, key).finally(() => {
    state.listing = undefined
  })
  const { listing } = state
  const failure = await timed(env, ms, signal, () => listing)
  budget.ask.now = env.clock.now()
  budget.ask.forgetShare(candidate)
  if (typeof failure === 'string') return { failure: new ProviderError({ provider: id, reason: failure }), isOwn: isOwn || failure === 'aborted' }
  return failure === undefined ? { isOwn } : { failure, isOwn }
}

async function listed(env: Env, budget: Budget, candidate: Candidate, key: string | undefined): Promise<ProviderError | undefined> {
  const { state } = candidate
  const job = jobOf(candidate, budget.ask)
  if (job === undefined) return undefined
  const outcome = await limited(env, budget, job, () => call(env, job, key), key)
  const now = env.clock.now()
  if (outcome === 'full') return new ProviderError({ provider: state.id, reason: 'rate-limited', message: 'no room to ask for its list of assets' })
  const failure = outcome instanceof ProviderError ? outcome : taken(state, outcome.data, now)
  if (failure !== undefined) state.listedUntil = now + UNLISTED_MS
  return failure
}

/** Takes the list in, whatever a provider of the user's own made of it. */
function taken(state: Candidate['state'], data: unknown, now: number): ProviderError | undefined {
  try {
    state.lists(data as Parameters<typeof state.lists>[0], now + LISTED_MS)
    return undefined
  } catch {
    return new BadResponseError('its list of assets is not understood', { provider: state.id })
  }
}

/** The list as an endpoint of its own, beside those that are routed to. */
function jobOf({ state, member }: Candidate, { now }: Ask): Job | undefined {
  const { lookup } = state.provider
  if (lookup === undefined) return undefined
  const { request, cost = 1 } = lookup
  const endpoint = { request: () => request, parse: (body) => lookup.parse(body) as never, cost } satisfies HttpEndpoint<'assets'>
  const group = new Group('assets', () => 0)
  const candidate = new Candidate(state, member, endpoint, group)
  const ask = new Ask(group, {}, 'assets:', { strategy: () => 0 }, NO_PREFERENCES, now)
  return { candidate, ask, params: {}, requests: [request], cost, sliceMs: LIST_MS, signal: undefined }
}
