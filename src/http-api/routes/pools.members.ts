import * as z from 'zod'
import { idField } from '../fields.js'
import { route } from '../route.js'
import { poolField, poolIdField, poolView } from '../views/pool-rows.js'
import { memberOf, poolOf, seen, seenOne } from '../views/seen.js'

const tag = 'Pools'
const params = z.object({ pool_id: poolIdField, provider_id: idField })
const priority = z.int().min(1).max(100).describe('1 is tried first')
const weight = z.number().min(0).max(100).describe('share of the traffic, relative')
const changed = z.object({ message: z.string(), pool_id: z.string(), provider_id: z.string() })

const add = route({
  method: 'POST',
  path: '/api/pools/{pool_id}/members',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Lets a provider join a pool, with its own priority and weight there',
  errors: [404],
  params: z.object({ pool_id: poolIdField }),
  body: z.strictObject({ provider_id: idField, priority: priority.default(5), weight: weight.default(50) }),
  answer: changed,
  run({ api, params: { pool_id }, body: { provider_id, ...own } }) {
    const pool = poolOf(api, pool_id)
    const { id } = seenOne(api, provider_id).status
    pool.add({ id, ...own })
    return { message: `'${id}' joined pool '${pool_id}'`, pool_id, provider_id: id }
  },
})

const update = route({
  method: 'PUT',
  path: '/api/pools/{pool_id}/members/{provider_id}',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Changes the priority, weight or switch of a member in this pool alone',
  errors: [404],
  params,
  body: z
    .strictObject({ priority: priority.optional(), weight: weight.optional(), enabled: z.boolean().optional() })
    .refine((change) => Object.keys(change).length > 0, 'give at least one of priority, weight, enabled'),
  answer: changed.extend({ pool: poolField }),
  run({ api, params: { pool_id, provider_id }, body }) {
    const pool = poolOf(api, pool_id)
    const id = memberOf(pool, provider_id)
    pool.update(id, body)
    return { message: `'${id}' changed in pool '${pool_id}'`, pool_id, provider_id: id, pool: poolView(pool.status(), seen(api)) }
  },
})

const remove = route({
  method: 'DELETE',
  path: '/api/pools/{pool_id}/members/{provider_id}',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Takes a provider out of a pool',
  errors: [404],
  params,
  answer: changed,
  run({ api, params: { pool_id, provider_id } }) {
    const pool = poolOf(api, pool_id)
    const id = memberOf(pool, provider_id)
    pool.remove(id)
    return { message: `'${id}' left pool '${pool_id}'`, pool_id, provider_id: id }
  },
})

/** Members of pools. */
export const memberRoutes = [add, update, remove]
