import { ConfigError } from '../errors.js'
import type { Member } from '../pipeline/candidate.js'
import type { Strategy } from '../strategies/strategy.js'

/** One member of a pool: an id, or an id with its own priority, weight and switch in this pool. */
export type MemberOptions =
  | string
  | { readonly id: string; readonly priority?: number | undefined; readonly weight?: number | undefined; readonly enabled?: boolean | undefined }

/** A pool to be made. */
export interface PoolOptions {
  /** @default the router's strategy */
  readonly strategy?: Strategy | undefined
  readonly members: readonly MemberOptions[]
  /** @default true */
  readonly enabled?: boolean | undefined
  /** The group that monitoring pages show it in. */
  readonly category?: string | undefined
  /** @default the pool's id */
  readonly name?: string | undefined
  readonly description?: string | undefined
}

/** Why the answering member changed. */
export type RotationReason = 'strategy' | 'manual' | 'failover' | 'rate-limit' | 'breaker' | 'recovery' | (string & {})

/** One change of the answering member. */
export interface Rotation {
  readonly pool: string
  readonly from?: string
  readonly to: string
  readonly reason: RotationReason
  /** Unix ms. */
  readonly at: number
  /** Number of the request with which it came about, as events have it. */
  readonly request?: number
}

/** Throws `ConfigError` for a priority or weight that is none. */
export function checkMember(pool: string, { id, priority, weight }: Member): void {
  if (!Number.isFinite(priority)) throw new ConfigError(`pool '${pool}': priority of '${id}' must be a finite number, got ${priority}`)
  if (!(weight >= 0 && Number.isFinite(weight))) throw new ConfigError(`pool '${pool}': weight of '${id}' must be a number ≥ 0, got ${weight}`)
}

/** Id out of a name: `Primary Market Data Pool` → `primary_market_data_pool`. */
export const poolId = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
