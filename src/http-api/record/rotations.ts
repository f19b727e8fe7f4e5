import type { RouterEvents } from '../../model/events.js'
import type { Rotation } from '../../router/pool-options.js'
import type { Pool } from '../../router/pools.js'
import type { ApiRouter } from '../router.js'
import { ring } from './ring.js'

/** One change of the answering member of a pool. */
export interface NotedRotation extends Rotation {
  /** Its name at that time. */
  readonly poolName: string
  /** Changes in the pool up to this one. */
  readonly total: number
  /** Whether the request with which it came about was answered by `to`; left out where no request did, where it is under way, and where that is not known. */
  readonly success?: boolean
}

/** Changes of the answering members of all pools; those of a pool that was deleted stay. */
export interface Rotations {
  /** Newest first. */
  list(limit: number): NotedRotation[]
  /** What one pool itself keeps of its changes, newest first. */
  of(pool: Pool): NotedRotation[]
  /** How many are kept. */
  readonly size: number
  close(): void
}

/** Changes that are kept. */
export const MOST_ROTATIONS = 1_000

const notedOf = (pool: Pool): NotedRotation[] => pool.history().map((rotation, index) => ({ ...rotation, poolName: pool.name, total: pool.rotations - index }))

const identityOf = ({ pool, total, at, to }: NotedRotation): string => `${at} ${total} ${to} ${pool}`

/** Notes changes from now on; what the pools keep of earlier ones is there from the beginning. */
export function rotations(router: ApiRouter): Rotations {
  const kept = ring<Noting>(MOST_ROTATIONS)
  const earlier = router.pools.list().flatMap((pool) => notedOf(pool).toReversed())
  for (const one of earlier.toSorted((a, b) => a.at - b.at)) kept.add(one)
  const outcomes = noteOutcomes(router)
  const rotated = (rotation: RouterEvents['pool-rotated']): void => {
    const pool = router.pools.list().find(({ id }) => id === rotation.pool)
    // a request that began before its pool was deleted can still rotate it
    const before = pool ? undefined : kept.list().find((one) => one.pool === rotation.pool)
    const one = { ...rotation, poolName: pool?.name ?? before?.poolName ?? rotation.pool, total: pool?.rotations ?? (before?.total ?? 0) + 1 }
    kept.add(one)
    outcomes.wait(one)
  }
  router.on('pool-rotated', rotated)
  return {
    list: (limit) => kept.list().slice(0, limit),
    of(pool) {
      const known = new Map(kept.list().map((one) => [identityOf(one), one]))
      return notedOf(pool).map((one) => known.get(identityOf(one)) ?? one)
    },
    get size() {
      return kept.size
    },
    close() {
      router.off('pool-rotated', rotated)
      outcomes.close()
    },
  }
}

/** A change whose request may still be under way. */
interface Noting extends NotedRotation {
  success?: boolean
}

/** Changes whose requests may still be under way. */
const MOST_WAITING = 100

/** Hears how the new member answered the request that brought a change about; of several tries the last counts. */
function noteOutcomes(router: ApiRouter): { wait(one: Noting): void; close(): void } {
  const waiting: Noting[] = [] // the newest first
  const ended = ({ provider, request, outcome }: RouterEvents['attempt-succeeded']): void => {
    for (const one of waiting) if (one.request === request && one.to === provider) one.success = outcome === 'succeeded'
  }
  router.on('attempt-succeeded', ended).on('attempt-failed', ended)
  return {
    wait(one) {
      if (one.request === undefined) return
      waiting.unshift(one)
      waiting.length = Math.min(waiting.length, MOST_WAITING)
    },
    close: () => void router.off('attempt-succeeded', ended).off('attempt-failed', ended),
  }
}
