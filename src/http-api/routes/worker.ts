import * as z from 'zod'
import { figure, isoField, maybeIso, rounded } from '../fields.js'
import { unavailable } from '../failures.js'
import type { CollectionType, Worker, WorkerJob, WorkerStatus } from '../ports.js'
import { type Api, route } from '../route.js'
import { moment } from '../views/figures.js'

const tag = 'Worker'
const typeField = z.enum(['ui', 'historical'])

/** The worker's port. Throws 503 where the server has none. */
function workerOf({ options: { worker } }: Api): Worker {
  if (worker === undefined) throw unavailable('no worker is configured: give the handler worker')
  return worker
}

const scheduleField = z.object({ type: typeField, interval_seconds: z.number(), running: z.boolean(), next_run: maybeIso, last_run: maybeIso })
const jobField = scheduleField.extend({ runs: z.int(), records: z.int(), failures: z.int() })
const errorField = z.object({ at: isoField, type: typeField, message: z.string() })
const statusField = z.object({ running: z.boolean(), started_at: maybeIso, jobs: z.array(jobField), recent_errors: z.array(errorField) })

const scheduleOf = ({ type, everyMs, running, nextRunAt, lastRunAt }: WorkerJob): z.output<typeof scheduleField> => ({
  type,
  interval_seconds: everyMs / 1_000,
  running,
  next_run: moment(nextRunAt),
  last_run: moment(lastRunAt),
})

const errorsOf = ({ recentErrors }: WorkerStatus) => recentErrors.map(({ at, type, message }) => ({ at: new Date(at).toISOString(), type, message }))

const statusOf = (status: WorkerStatus): z.output<typeof statusField> => ({
  running: status.running,
  started_at: moment(status.startedAt),
  jobs: status.jobs.map((job) => ({ ...scheduleOf(job), runs: job.runs, records: job.records, failures: job.failures })),
  recent_errors: errorsOf(status),
})

const status = route({
  method: 'GET',
  path: '/api/worker/status',
  tag,
  kind: 'state',
  summary: 'How the background worker stands',
  errors: [503],
  answer: z.object({ success: z.literal(true), worker_status: statusField }),
  run: ({ api }) => ({ success: true, worker_status: statusOf(workerOf(api).status()) }),
})

const stats = route({
  method: 'GET',
  path: '/api/worker/stats',
  tag,
  kind: 'state',
  summary: 'What the worker collected since its start',
  errors: [503],
  answer: z.object({
    success: z.literal(true),
    statistics: z.object({
      total_ui_collections: z.int(),
      total_historical_collections: z.int(),
      total_records_saved: z.int(),
      last_ui_collection: maybeIso,
      last_historical_collection: maybeIso,
      average_records_per_ui_collection: figure,
      average_records_per_historical_collection: figure,
    }),
    recent_errors: z.array(errorField),
  }),
  run({ api }) {
    const now = workerOf(api).status()
    const of = (type: CollectionType): WorkerJob | undefined => now.jobs.find((job) => job.type === type)
    const [ui, historical] = [of('ui'), of('historical')]
    const statistics = {
      total_ui_collections: ui?.runs ?? 0,
      total_historical_collections: historical?.runs ?? 0,
      total_records_saved: now.jobs.reduce((sum, { records }) => sum + records, 0),
      last_ui_collection: moment(ui?.lastRunAt),
      last_historical_collection: moment(historical?.lastRunAt),
      average_records_per_ui_collection: averageOf(ui),
      average_records_per_historical_collection: averageOf(historical),
    }
    return { success: true, statistics, recent_errors: errorsOf(now) }
  },
})

const averageOf = (job: WorkerJob | undefined): number | null => (job && job.runs > 0 ? rounded(job.records / job.runs) : null)

const schedules = route({
  method: 'GET',
  path: '/api/worker/schedules',
  tag,
  kind: 'state',
  summary: 'When the worker collects',
  errors: [503],
  answer: z.object({ success: z.literal(true), schedules: z.array(scheduleField) }),
  run: ({ api }) => ({ success: true, schedules: workerOf(api).status().jobs.map(scheduleOf) }),
})

const health = route({
  method: 'GET',
  path: '/api/worker/health',
  tag,
  kind: 'state',
  summary: 'Whether the worker runs and keeps its times',
  errors: [503],
  answer: z.object({
    healthy: z.boolean(),
    status: z
      .enum(['running', 'degraded', 'overdue', 'stopped'])
      .describe('degraded: something could not be collected lately; overdue: a collection did not begin'),
  }),
  run({ api }) {
    const word = wordOf(workerOf(api).status(), api.now())
    return { healthy: word === 'running' || word === 'degraded', status: word }
  },
})

function wordOf({ running, jobs, recentErrors }: WorkerStatus, now: number): 'running' | 'degraded' | 'overdue' | 'stopped' {
  if (!running) return 'stopped'
  if (jobs.some((job) => !job.running && job.nextRunAt !== undefined && job.nextRunAt + job.everyMs < now)) return 'overdue'
  const isFailing = jobs.some(({ type, everyMs }) => recentErrors.some((error) => error.type === type && error.at > now - everyMs))
  return isFailing ? 'degraded' : 'running'
}

const doneField = z.object({ success: z.boolean(), message: z.string() })

const start = route({
  method: 'POST',
  path: '/api/worker/start',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Starts the worker; success is false where it runs already',
  errors: [503],
  answer: doneField,
  run({ api }) {
    const success = workerOf(api).start()
    return { success, message: success ? 'the worker was started' : 'the worker runs already' }
  },
})

const stop = route({
  method: 'POST',
  path: '/api/worker/stop',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Stops the worker; success is false where it does not run',
  errors: [503],
  answer: doneField,
  run({ api }) {
    const success = workerOf(api).stop()
    return { success, message: success ? 'the worker was stopped' : 'the worker does not run' }
  },
})

const collect = route({
  method: 'POST',
  path: '/api/worker/force-collection',
  tag,
  kind: 'data',
  guarded: true,
  summary: 'Collects now; asks providers',
  errors: [503],
  query: z.object({ collection_type: z.enum(['ui', 'historical', 'both']).default('both') }),
  answer: doneField.extend({ collection_type: z.string(), records_saved: z.int() }),
  async run({ api, query: { collection_type } }) {
    const records_saved = await workerOf(api).collect(collection_type)
    return { success: true, message: `${records_saved} records saved`, collection_type, records_saved }
  },
})

/** The background worker. */
export const workerRoutes = [status, stats, schedules, health, start, stop, collect]
