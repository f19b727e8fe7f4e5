import * as z from 'zod'
import type { Discovery, DiscoveryRun, ModelReadings } from '../desk.js'
import { ApiError, unavailable } from '../failures.js'
import { figure, iso, isoField, known, maybeIso, words } from '../fields.js'
import { type Api, route } from '../route.js'

const tag = 'Reports'

const runAnswer = z.object({
  started_at: isoField,
  finished_at: isoField,
  candidates_seen: z.int(),
  suggested: z.int().describe('wait to be approved by a person'),
  persisted: z.int().describe('were approved since'),
  persisted_ids: z.array(z.string()).nullable(),
})

const discoveryFields = { enabled: z.boolean(), model: words, interval_seconds: figure, last_run: runAnswer.nullable() }

const runRow = (run: DiscoveryRun): z.infer<typeof runAnswer> => ({
  started_at: iso(run.startedAt) ?? '',
  finished_at: iso(run.finishedAt) ?? '',
  candidates_seen: run.candidatesSeen,
  suggested: run.suggested,
  persisted: run.persisted,
  persisted_ids: run.persistedIds === undefined ? (run.persisted === 0 ? [] : null) : [...run.persistedIds],
})

function configured({ options: { discovery } }: Api): Discovery {
  if (discovery === undefined) throw unavailable('no discovery is configured: give the handler discovery, for example discovery({ find }) of feedmux/config')
  return discovery
}

function discoveryRow(discovery: Discovery) {
  const { enabled, lastRun } = discovery.status()
  return {
    enabled,
    model: known(discovery.model),
    interval_seconds: discovery.everyMs === undefined ? null : discovery.everyMs / 1_000,
    last_run: lastRun === undefined ? null : runRow(lastRun),
  }
}

const discoveryStatus = route({
  method: 'GET',
  path: '/api/resources/discovery/status',
  tag,
  kind: 'state',
  summary: 'How the search for new sources stands',
  errors: [503],
  answer: z.object(discoveryFields),
  run: ({ api }) => discoveryRow(configured(api)),
})

const discoveryRun = route({
  method: 'POST',
  path: '/api/resources/discovery/run',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Looks for new sources now; what is found waits for a person',
  errors: [502, 503],
  answer: z.object(discoveryFields),
  async run({ api }) {
    const discovery = configured(api)
    if (!discovery.status().enabled) throw unavailable('the discovery is switched off')
    try {
      await discovery.run()
    } catch (error) {
      api.record.failed(error, '/api/resources/discovery/run')
      throw new ApiError(502, 'the search for new sources failed; what it found before stays')
    }
    return discoveryRow(discovery)
  },
})

const discoveryReport = route({
  method: 'GET',
  path: '/api/reports/discovery',
  tag,
  kind: 'state',
  summary: 'The search for new sources, and when it is next',
  errors: [503],
  answer: z.object({ ...discoveryFields, service_status: z.enum(['running', 'idle', 'disabled']), pending: z.int(), next_run_estimate: maybeIso }),
  run({ api }) {
    const discovery = configured(api)
    const { enabled, running, pending, lastRun } = discovery.status()
    return {
      ...discoveryRow(discovery),
      service_status: !enabled ? 'disabled' : running ? 'running' : 'idle',
      pending,
      next_run_estimate: discovery.everyMs === undefined || lastRun === undefined ? null : iso(lastRun.startedAt + discovery.everyMs),
    }
  },
})

const KEPT_MS = 6 * 3_600_000
/** After a failure: long enough that nobody can ask others through us again and again. */
const FAILED_MS = 60_000

const readings = new WeakMap<Api, { readonly models: Promise<readonly ModelReadings[]>; until: number }>()

/** Asked once in six hours, whoever looks. */
function modelsOf(api: Api, read: () => Promise<readonly ModelReadings[]>): Promise<readonly ModelReadings[]> {
  const last = readings.get(api)
  if (last && last.until > api.now()) return last.models
  const kept = { models: Promise.resolve().then(read), until: api.now() + KEPT_MS }
  kept.models.catch(() => (kept.until = api.now() + FAILED_MS))
  readings.set(api, kept)
  return kept.models
}

const models = route({
  method: 'GET',
  path: '/api/reports/models',
  tag,
  kind: 'state',
  summary: 'Whether the configured text models are there; looked up at most every six hours',
  errors: [503],
  answer: z.object({
    total_models: z.int(),
    available: z.int(),
    errors: z.int(),
    models: z.array(
      z.object({
        model_id: z.string(),
        status: z.enum(['available', 'unavailable', 'error']),
        downloads: figure,
        likes: figure,
        pipeline_tag: words,
        last_updated: maybeIso,
      }),
    ),
  }),
  async run({ api }) {
    const { models: read } = api.options
    if (read === undefined) throw unavailable("no models are configured: give the handler models, for example hubModels(['ProsusAI/finbert'])")
    const list = await modelsOf(api, read).catch(() => {
      throw unavailable('the models could not be looked up, try again in a minute')
    })
    return {
      total_models: list.length,
      available: list.filter(({ status }) => status === 'available').length,
      errors: list.filter(({ status }) => status === 'error').length,
      models: list.map(({ id, status, downloads, likes, pipelineTag, lastUpdatedAt }) => ({
        model_id: id,
        status,
        downloads: known(downloads),
        likes: known(likes),
        pipeline_tag: known(pipelineTag),
        last_updated: iso(lastUpdatedAt),
      })),
    }
  },
})

/** The search for sources, and the text models. */
export const reportsRoutes = [discoveryStatus, discoveryRun, discoveryReport, models]
