import * as z from 'zod'
import { categoryField, isoField, limitField } from '../fields.js'
import { badRequest } from '../failures.js'
import { poolId } from '../../router/pool-options.js'
import { MOST_ROTATIONS, type NotedRotation } from '../record/rotations.js'
import { type Api, route } from '../route.js'
import { CATEGORIES } from '../views/categories.js'
import { poolField, poolIdField, poolRow, poolRowField, poolView, rotationField, rotationRow, STRATEGIES, strategyField } from '../views/pool-rows.js'
import { poolOf, seen } from '../views/seen.js'
import { memberRoutes } from './pools.members.js'

const tag = 'Pools'
const params = z.object({ pool_id: poolIdField })
const description = z.string().max(500)
/** What a change of a pool gives. */
const changed = z.object({ message: z.string(), pool_id: z.string(), pool: poolField })

// how lists of providers are grouped elsewhere: pools out of them keep their group
const LIST_CATEGORIES = ['market_data', 'blockchain_explorers', 'blockchain_data', 'exchange', 'rpc', 'whale_tracking', 'ml_model']
const POOL_CATEGORIES: readonly string[] = [...CATEGORIES, ...LIST_CATEGORIES]

// a path of its own, which a pool of that id would stand behind
const RESERVED = 'history'

const list = route({
  method: 'GET',
  path: '/api/pools',
  tag,
  kind: 'state',
  summary: 'All pools with their members; reading rotates nothing',
  answer: z.object({ pools: z.array(poolRowField), total: z.int() }),
  run({ api }) {
    const status = api.router.status()
    const all = seen(api, status)
    return { pools: status.pools.map((pool) => poolRow(pool, all)), total: status.pools.length }
  },
})

const one = route({
  method: 'GET',
  path: '/api/pools/{pool_id}',
  tag,
  kind: 'state',
  summary: 'One pool',
  errors: [404],
  params,
  answer: poolField,
  run: ({ api, params: { pool_id } }) => viewOf(api, pool_id),
})

const viewOf = (api: Api, id: string) => poolView(poolOf(api, id).status(), seen(api))

const create = route({
  method: 'POST',
  path: '/api/pools',
  tag,
  kind: 'state',
  guarded: true,
  status: 201,
  summary: 'Makes a pool, without members at first; its id is made from its name',
  body: z.strictObject({
    name: z.string().trim().min(1).max(64),
    category: categoryField.describe(POOL_CATEGORIES.join(', ')),
    rotation_strategy: strategyField,
    description: description.optional(),
  }),
  answer: changed,
  run({ api, body: { name, category, rotation_strategy, description: text } }) {
    if (!POOL_CATEGORIES.includes(category)) throw badRequest(`category must be one of ${POOL_CATEGORIES.join(', ')}, got ${JSON.stringify(category)}`)
    if (poolId(name) === RESERVED) throw badRequest(`name: a pool can't be called ${JSON.stringify(name)}, /api/pools/${RESERVED} is something else`)
    const { id } = api.router.pools.create(name, { members: [], category, strategy: STRATEGIES[rotation_strategy](), description: text })
    return { message: `pool '${id}' made: it answers once it has members`, pool_id: id, pool: viewOf(api, id) }
  },
})

const remove = route({
  method: 'DELETE',
  path: '/api/pools/{pool_id}',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Deletes a pool; its providers and what is known of its rotations stay',
  errors: [404],
  params,
  answer: z.object({ message: z.string(), pool_id: z.string() }),
  run({ api, params: { pool_id } }) {
    api.router.pools.delete(poolOf(api, pool_id).id)
    return { message: `pool '${pool_id}' deleted; its providers stay`, pool_id }
  },
})

const update = route({
  method: 'PUT',
  path: '/api/pools/{pool_id}',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Switches a pool on or off, changes its strategy or description',
  errors: [404],
  params,
  body: z
    .strictObject({ enabled: z.boolean().optional(), rotation_strategy: strategyField.optional(), description: description.optional() })
    .refine((change) => Object.keys(change).length > 0, 'give at least one of enabled, rotation_strategy, description'),
  answer: changed,
  run({ api, params: { pool_id }, body: { enabled, rotation_strategy, description: text } }) {
    const strategy = rotation_strategy && STRATEGIES[rotation_strategy]()
    poolOf(api, pool_id).update({ enabled, strategy, description: text })
    return { message: `pool '${pool_id}' changed`, pool_id, pool: viewOf(api, pool_id) }
  },
})

const rotate = route({
  method: 'POST',
  path: '/api/pools/{pool_id}/rotate',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Moves on to another member that can be asked now',
  errors: [404, 503],
  params,
  body: z.strictObject({ reason: z.string().trim().min(1).max(64).default('manual') }),
  answer: z.object({
    message: z.string(),
    pool_id: z.string(),
    provider_id: z.string(),
    provider_name: z.string(),
    reason: z.string(),
    timestamp: isoField,
  }),
  run({ api, params: { pool_id }, body }) {
    const { to, reason, at } = poolOf(api, pool_id).rotate(body.reason)
    const provider_name = namesOf(api).get(to) ?? to
    return {
      message: `'${to}' answers in pool '${pool_id}' from now on`,
      pool_id,
      provider_id: to,
      provider_name,
      reason,
      timestamp: new Date(at).toISOString(),
    }
  },
})

const namesOf = ({ router }: Api): Map<string, string> => new Map(router.providers.map(({ id, name }) => [id, name]))

const historyField = z.object({ history: z.array(rotationField), total: z.int().describe('of those that are kept') })
const historyQuery = z.object({ limit: limitField(20, MOST_ROTATIONS) })

function historyOf(api: Api, noted: readonly NotedRotation[], total: number): z.output<typeof historyField> {
  const names = namesOf(api)
  return { history: noted.map((rotation) => rotationRow(rotation, names)), total }
}

const history = route({
  method: 'GET',
  path: '/api/pools/history',
  tag,
  kind: 'state',
  summary: 'Rotations of all pools, also of those deleted since, newest first; the last 1000 are kept',
  query: historyQuery,
  answer: historyField,
  run: ({ api, query: { limit } }) => historyOf(api, api.record.rotations.list(limit), api.record.rotations.size),
})

const historyOfOne = route({
  method: 'GET',
  path: '/api/pools/{pool_id}/history',
  tag,
  kind: 'state',
  summary: 'Rotations of one pool, newest first; the last 200 are kept',
  errors: [404],
  params,
  query: historyQuery,
  answer: historyField,
  run({ api, params: { pool_id }, query: { limit } }) {
    const all = api.record.rotations.of(poolOf(api, pool_id))
    return historyOf(api, all.slice(0, limit), all.length)
  },
})

/** Groups of providers. */
export const poolsRoutes = [list, create, history, one, update, remove, rotate, historyOfOne, ...memberRoutes]
