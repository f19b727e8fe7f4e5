import pThrottle from 'p-throttle'
import { ProviderError } from '../errors.js'
import type { Departure } from '../quota/gate.js'
import type { Ledger } from '../quota/ledger.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import { type Env, sleep } from './env.js'
import type { Job } from './job.js'
import type { ProviderState } from './provider-state.js'

type Next = () => Promise<Outcome | 'full'>

/** Share of a window that is told as a forecast. */
const NEARLY = 0.9

/**
 * Consumption, innermost: every try costs quota, a retry too, and stays counted when it fails. The place in the queue is
 * taken before anything is awaited. Selection lets only those through whose wait fits; where a key had to be fetched
 * meanwhile, others may have come first: `full` then, and nothing is sent. A place that was waited for stays counted. What routers share of a quota
 * is taken last: it is used at once.
 */
export function limited(env: Env, budget: Budget, job: Job, asks: () => Promise<Outcome>, key: string | undefined): Promise<Outcome | 'full'> {
  const { state } = job.candidate
  const { ledger } = state
  if (ledger === undefined) return asks()
  const shared = env.sharing?.shared
  const next: Next = shared ? () => shared.admits(budget, job, key, asks) : asks
  const { now } = budget.ask
  const { cost, requests = [] } = job
  const at = ledger.reserve(cost, now, Math.max(now, budget.latestStart(state.health.latencyMs)), requests.length || 1)
  if (at === Infinity) return Promise.resolve('full')
  if (env.events.listens('quota-forecast')) forecast(env, state, now)
  const room = roomOf(env, state)
  if (room === undefined && at <= now) return leave(env, ledger, ledger.depart(cost, now, requests.length || 1), next)
  return afterWait(env, budget, job, ledger, at, room, next)
}

/** Waits for the planned moment, and on while calls before this one left late; `full` where that passes the deadline. */
async function afterWait(
  env: Env,
  budget: Budget,
  job: Job,
  ledger: Ledger,
  planned: number,
  room: (() => Promise<void>) | undefined,
  next: Next,
): Promise<Outcome | 'full'> {
  let { now } = budget.ask
  const calls = job.requests?.length ?? 1
  for (let at = planned; at > now; at = ledger.opensAt(job.cost, now, calls)) {
    if (at > budget.latestStart(job.candidate.state.health.latencyMs)) return 'full'
    await sleep(env, at - now, job.signal)
    now = env.clock.now()
  }
  if (isOutNow(job.candidate.state, now)) return 'full'
  const call = ledger.depart(job.cost, now, calls) // at once: the next one that wakes must see it
  if (room) {
    await room()
    now = env.clock.now()
  }
  budget.ask.now = now
  return leave(env, ledger, call, next)
}

/** It began to rest, opened or was taken out while this call stood in line. */
const isOutNow = ({ isolated, rest, breaker }: ProviderState, now: number): boolean => isolated || rest.until > now || breaker.state(now) === 'open'

/** Tells the ledger when the call must have arrived. One that was given up may still be on its way. */
function leave(env: Env, ledger: Ledger, call: Departure | undefined, next: Next): Promise<Outcome | 'full'> {
  if (call === undefined) return next()
  return next().then((outcome) => {
    if (!(outcome instanceof ProviderError && GIVEN_UP.has(outcome.reason))) ledger.arrived(call, env.clock.now())
    return outcome
  })
}

const GIVEN_UP: ReadonlySet<string> = new Set(['timeout', 'aborted'])

const rooms = new WeakMap<ProviderState, { enter: () => Promise<void>; lastAt: number }>()

/**
 * The last door before a call that needs spacing: p-throttle, one call at a time. The ledger's moment is waited for first,
 * which knows all windows and what was called before a restart; the door holds apart what a late timer brought together.
 * It reads the runtime's clock, so there is none under an injected one; a clock set back gets a new door, the old one would
 * hold everybody until the old time.
 */
function roomOf(env: Env, state: ProviderState): (() => Promise<void>) | undefined {
  const { minSpacingMs } = state.provider
  if (!env.realTime || !minSpacingMs) return undefined
  const now = env.clock.now()
  let room = rooms.get(state)
  if (room === undefined || now < room.lastAt) {
    room = { enter: pThrottle({ limit: 1, interval: minSpacingMs, strict: true })(async () => undefined), lastAt: now }
    rooms.set(state, room)
  }
  room.lastAt = now
  return room.enter
}

function forecast(env: Env, { ledger, id }: ProviderState, now: number): void {
  for (const { kind, perMs, limit, used, resetsAt } of ledger?.usage(now) ?? []) {
    if (kind !== 'spacing' && used >= limit * NEARLY) env.events.emit('quota-forecast', { provider: id, at: now, kind, perMs, used, limit, resetsAt })
  }
}
