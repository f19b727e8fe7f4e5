import pThrottle from 'p-throttle'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import { type Env, sleep } from './env.js'
import type { Job } from './job.js'
import type { ProviderState } from './provider-state.js'

/** Share of a window that is told as a forecast. */
const NEARLY = 0.9

/**
 * Consumption, innermost: every try costs quota, a retry too, and stays counted when it fails. The place in the queue is
 * taken before anything is awaited; selection let only those through whose wait fits.
 */
export function limited(env: Env, budget: Budget, job: Job, next: () => Promise<Outcome>): Promise<Outcome> {
  const { state } = job.candidate
  const { ledger } = state
  if (ledger === undefined) return next()
  const { now } = budget.ask
  const at = ledger.reserve(job.cost, now)
  if (env.events.listens('quota-forecast')) forecast(env, state, now)
  const room = roomOf(env, state)
  if (room === undefined && at <= now) return next()
  return wait(env, budget, job, at - now, room).then(() => next())
}

async function wait(env: Env, budget: Budget, job: Job, ms: number, room: (() => Promise<void>) | undefined): Promise<void> {
  if (room) await room()
  else await sleep(env, ms, job.signal)
  budget.ask.now = env.clock.now()
}

const rooms = new WeakMap<ProviderState, { enter: () => Promise<void>; lastAt: number }>()

/**
 * Where calls wait for the minimum spacing: p-throttle, one call at a time. It reads the runtime's clock, so under an
 * injected one the ledger's own moment is slept for instead; a clock set back gets a new room, the old one would hold
 * everybody until the old time.
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
