import * as z from 'zod'
import type { ResourceCounts, ResourceDesk, ResourceRow } from '../desk.js'
import { ApiError, notFound, unavailable } from '../failures.js'
import { categoryField, figure, idField, iso, isoField, known, words } from '../fields.js'
import { attachment } from '../reply.js'
import { type Api, route } from '../route.js'

const tag = 'Resources'
/** A catalogue of some thousand entries. */
const CATALOGUE_BYTES = 1_048_576

const providerAnswer = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  capabilities: z.array(z.string()),
  hosts: z.array(z.string()),
  requires_auth: z.boolean(),
  free: z.boolean(),
  enabled: z.boolean(),
  priority: figure,
  weight: figure,
  homepage: words,
  docs: words,
})

const rowOf = ({ id, name, category, capabilities, hosts, requiresAuth, free, enabled, priority, weight, homepage, docs }: ResourceRow) => ({
  id,
  name,
  category,
  capabilities,
  hosts,
  requires_auth: requiresAuth,
  free,
  enabled,
  priority: known(priority),
  weight: known(weight),
  homepage: known(homepage),
  docs: known(docs),
})

const statisticsAnswer = z.object({
  total_providers: z.int(),
  by_category: z.record(z.string(), z.int()),
  by_auth: z.object({ requires_auth: z.int(), no_auth: z.int() }),
  by_free: z.object({ free: z.int(), paid: z.int() }),
})

const statisticsOf = ({ total, byCategory, byAuth, byFree }: ResourceCounts) => ({
  total_providers: total,
  by_category: byCategory,
  by_auth: { requires_auth: byAuth.requiresAuth, no_auth: byAuth.noAuth },
  by_free: byFree,
})

function desk({ options: { resources } }: Api): ResourceDesk {
  if (resources === undefined) throw unavailable('no resources are configured: give the handler resources, for example resourceDesk(loaded) of feedmux/config')
  return resources
}

const list = route({
  method: 'GET',
  path: '/api/resources',
  tag,
  kind: 'state',
  summary: 'The configured providers, and how many of which kind there are',
  errors: [503],
  answer: z.object({ providers: z.array(providerAnswer), statistics: statisticsAnswer }),
  run: ({ api }) => ({ providers: desk(api).list().map(rowOf), statistics: statisticsOf(desk(api).statistics()) }),
})

const byCategory = route({
  method: 'GET',
  path: '/api/resources/category/{category}',
  tag,
  kind: 'state',
  summary: 'The configured providers of one group',
  params: z.object({ category: categoryField }),
  errors: [404, 503],
  answer: z.object({ category: z.string(), providers: z.array(providerAnswer), count: z.int() }),
  run({ api, params: { category } }) {
    const all = desk(api).categories()
    if (!all.includes(category)) throw notFound(`no category '${category}', there are ${all.join(', ')}`)
    const providers = desk(api).list(category).map(rowOf)
    return { category, providers, count: providers.length }
  },
})

const exportJson = route({
  method: 'GET',
  path: '/api/resources/export/json',
  tag,
  kind: 'state',
  summary: 'The configuration, to be saved as JSON; parts of addresses that may be keys are left out',
  errors: [503],
  answer: z.looseObject({ version: z.int(), providers: z.array(z.looseObject({ id: z.string() })) }),
  run: ({ api }) => attachment('resources.json', 'application/json', JSON.stringify(desk(api).export(true), undefined, 2)),
})

const exportCsv = route({
  method: 'GET',
  path: '/api/resources/export/csv',
  tag,
  kind: 'state',
  summary: 'The configured providers, to be saved as CSV; parts of addresses that may be keys are left out',
  errors: [503],
  produces: 'text/csv',
  run: async ({ api }) => attachment('resources.csv', 'text/csv', await desk(api).csv()),
})

const backup = route({
  method: 'POST',
  path: '/api/resources/backup',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'The whole configuration as a value, to be kept elsewhere and imported again',
  errors: [503],
  answer: z.object({ message: z.string(), timestamp: isoField, backup: z.looseObject({ providers: z.array(z.looseObject({ id: z.string() })) }) }),
  run({ api }) {
    const whole = desk(api).export(false)
    return { message: 'this is the backup: nothing was written on the server', timestamp: iso(api.now()), backup: whole }
  },
})

const rejectedAnswer = z.array(z.object({ id: z.string(), error: z.string() }))

const importJson = route({
  method: 'POST',
  path: '/api/resources/import/json',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Takes a catalogue: entries of this configuration’s format, or of either legacy shape',
  query: z.object({ merge: z.boolean().default(true).describe('false: it replaces what is there') }),
  body: z.looseObject({ providers: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]) }),
  maxBytes: CATALOGUE_BYTES,
  errors: [503],
  answer: z.object({ message: z.string(), merged: z.boolean(), imported: z.int(), rejected: rejectedAnswer }),
  async run({ api, query: { merge }, body }) {
    const { imported, rejected } = await desk(api).import(body, merge)
    if (imported === 0)
      throw new ApiError(400, rejected.length === 0 ? 'the catalogue holds no entries' : 'every entry was rejected, nothing was changed', {
        extra: { rejected },
      })
    api.record.log.add({ level: 'info', category: 'system', message: `a catalogue was imported: ${imported} entries, ${rejected.length} rejected` })
    return { message: `${imported} entries ${merge ? 'merged' : 'imported in place of all'}, ${rejected.length} rejected`, merged: merge, imported, rejected }
  },
})

const add = route({
  method: 'POST',
  path: '/api/resources/provider',
  tag,
  kind: 'state',
  guarded: true,
  status: 201,
  summary: 'Adds a provider to the configuration',
  body: z
    .looseObject({ id: z.string().min(1).max(64).optional(), name: z.string().min(1).max(200).optional() })
    .refine(({ id, name }) => id !== undefined || name !== undefined, 'an id expected, or the name of a legacy entry'),
  errors: [503],
  answer: z.object({ message: z.string(), provider_id: z.string() }),
  async run({ api, body }) {
    const id = await desk(api).add(body)
    api.record.log.add({ level: 'info', category: 'system', message: `${id} was added to the configuration`, provider: id })
    return { message: `${id} is in the configuration`, provider_id: id }
  },
})

const remove = route({
  method: 'DELETE',
  path: '/api/resources/provider/{id}',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Takes a provider out of the configuration',
  params: z.object({ id: idField }),
  errors: [404, 503],
  answer: z.object({ message: z.string(), provider_id: z.string() }),
  async run({ api, params }) {
    const id = await desk(api).remove(params.id)
    if (id === undefined) throw notFound(`no provider '${params.id}' in the configuration`)
    api.record.log.add({ level: 'info', category: 'system', message: `${id} was taken out of the configuration`, provider: id })
    return { message: `${id} is no longer in the configuration`, provider_id: id }
  },
})

/** The configuration, seen and edited. */
export const resourcesRoutes = [list, byCategory, exportJson, exportCsv, backup, importJson, add, remove]
