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
}

/** Changes of the answering members of all pools; those of a pool that was deleted stay. */
export interface Rotations {
  /** Newest first. */
  list(limit: number): NotedRotation[]
  /** How many are kept. */
  readonly size: number
  close(): void
}

/** Changes that are kept. */
export const MOST_ROTATIONS = 1_000

/** What a pool itself keeps of its changes, newest first. */
export const notedOf = (pool: Pool): NotedRotation[] =>
  pool.history().map((rotation, index) => ({ ...rotation, poolName: pool.name, total: pool.rotations - index }))

/** Notes changes from now on; what the pools keep of earlier ones is there from the beginning. */
export function rotations(router: ApiRouter): Rotations {
  const kept = ring<NotedRotation>(MOST_ROTATIONS)
  const earlier = router.pools.list().flatMap((pool) => notedOf(pool).toReversed())
  for (const one of earlier.toSorted((a, b) => a.at - b.at)) kept.add(one)
  const rotated = (rotation: RouterEvents['pool-rotated']): void => {
    const pool = router.pools.list().find(({ id }) => id === rotation.pool)
    // a request that began before its pool was deleted can still rotate it
    const before = pool ? undefined : kept.list().find((one) => one.pool === rotation.pool)
    kept.add({ ...rotation, poolName: pool?.name ?? before?.poolName ?? rotation.pool, total: pool?.rotations ?? (before?.total ?? 0) + 1 })
  }
  router.on('pool-rotated', rotated)
  return {
    list: (limit) => kept.list().slice(0, limit),
    get size() {
      return kept.size
    },
    close: () => void router.off('pool-rotated', rotated),
  }
}
