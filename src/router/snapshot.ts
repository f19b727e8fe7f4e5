import { ConfigError } from '../errors.js'
import type { BreakerSnapshot } from '../pipeline/breaker.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { RestState } from '../pipeline/rest.js'
import type { LedgerState } from '../quota/ledger.js'
import type { Pool } from './pools.js'

/** State of a router as plain JSON: what a serverless function hands to its next start. Holds no key and no answer. */
export interface Snapshot {
  readonly version: 1
  /** When it was taken, Unix ms. */
  readonly at: number
  readonly providers: Readonly<Record<string, ProviderSnapshot>>
  /** pool → capability → provider → [picks, last pick]. */
  readonly picks: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>>>
}

/** State of one provider; what is at rest is left out. */
export interface ProviderSnapshot {
  readonly rest?: RestState
  readonly breaker?: BreakerSnapshot
  readonly quota?: LedgerState
  readonly latencyMs?: number
  readonly isolated?: true
}

/** The state of a router as plain JSON. */
export function takeSnapshot(states: Iterable<ProviderState>, pools: Iterable<Pool>, now: number): Snapshot {
  return {
    version: 1,
    at: now,
    providers: Object.fromEntries([...states].map((state) => [state.id, ofProvider(state, now)])),
    picks: Object.fromEntries([...pools].map((pool) => [pool.id, ofPool(pool)])),
  }
}

function ofProvider({ rest, breaker, ledger, health, isolated }: ProviderState, now: number): ProviderSnapshot {
  const quota = ledger?.snapshot(now)
  return {
    ...((rest.until > now || rest.hits > 0) && { rest: { ...rest.snapshot(), until: Math.max(rest.until, 0) } }),
    ...((breaker.state(now) !== 'closed' || breaker.snapshot().consecutiveFailures > 0) && { breaker: breaker.snapshot() }),
    ...(quota && quota.windows.length > 0 && { quota }),
    ...(health.latencyMs !== undefined && { latencyMs: health.latencyMs }),
    ...(isolated && { isolated: true as const }),
  }
}

function ofPool({ groups }: Pool): Snapshot['picks'][string] {
  const rows = [...groups]
    .filter(([, { sequence }]) => sequence > 0)
    .map(
      ([capability, { candidates }]) =>
        [
          capability,
          Object.fromEntries(candidates.filter(({ present }) => present).map(({ id, picks, lastPick }) => [id, [picks, lastPick] as const])),
        ] as const,
    )
  return Object.fromEntries(rows)
}

/** Puts a snapshot's state into a new router. Providers that it no longer has are passed over. */
export function restoreSnapshot(
  { version, at = 0, providers = {}, picks = {} }: Partial<Snapshot>,
  states: ReadonlyMap<string, ProviderState>,
  pools: Iterable<Pool>,
): void {
  if (version !== 1) throw new ConfigError(`snapshot: version 1 expected, got ${JSON.stringify(version)}: take a new one with this release`)
  for (const [id, { rest, breaker, quota, latencyMs, isolated }] of Object.entries(providers)) {
    const state = states.get(id)
    if (!state) continue
    if (rest) state.rest.restore(rest)
    if (breaker) state.breaker.restore(breaker)
    if (quota) state.ledger?.restore(quota)
    if (latencyMs !== undefined) Object.assign(state.health, { latencyMs, sampleAt: at }) // it grows old like any other
    if (isolated) state.isolated = true
  }
  for (const pool of pools) restorePicks(pool, picks[pool.id] ?? {})
}

function restorePicks(pool: Pool, picks: Snapshot['picks'][string]): void {
  for (const [capability, counts] of Object.entries(picks)) {
    const group = pool.group(capability as Parameters<Pool['group']>[0])
    for (const candidate of group.candidates) {
      const [count, last] = counts[candidate.id] ?? [0, -1]
      candidate.picks = count
      candidate.lastPick = last
      candidate.present = candidate.id in counts
      group.sequence = Math.max(group.sequence, last + 1)
    }
  }
}
