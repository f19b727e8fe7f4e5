import { describe, expect, it } from 'vitest'
import type { CollectionType, Worker, WorkerJob, WorkerStatus } from '../../src/http-api/index.js'
import { fakeProvider } from '../../src/testing/index.js'
import { NOW, served, shapeOf } from './served.js'

/** A worker whose state a test writes. */
function workerOf(change: Partial<WorkerStatus> = {}) {
  const collected: string[] = []
  let status: WorkerStatus = {
    running: true,
    startedAt: NOW - 600_000,
    jobs: [job('ui', { runs: 2, records: 7, nextRunAt: NOW + 1_000, lastRunAt: NOW - 299_000 }), job('historical', {})],
    recentErrors: [],
    ...change,
  }
  const running = (wanted: boolean): boolean => {
    const changed = status.running !== wanted
    status = { ...status, running: wanted }
    return changed
  }
  const worker: Worker = {
    status: () => status,
    start: () => running(true),
    stop: () => running(false),
    collect: async (type) => {
      collected.push(type)
      return 4
    },
  }
  return { collected, ...served([fakeProvider('a')], { options: { worker } }) }
}

const job = (type: CollectionType, known: Partial<WorkerJob>): WorkerJob => ({
  type,
  everyMs: 300_000,
  running: false,
  runs: 0,
  records: 0,
  failures: 0,
  ...known,
})

describe('the worker routes', () => {
  it('tell how it stands', async () => {
    const { get } = workerOf({ recentErrors: [{ at: NOW - 5_000, type: 'ui', message: 'no gas price' }] })
    const { body } = await get('/api/worker/status')
    expect(body).toMatchObject({
      success: true,
      worker_status: {
        running: true,
        started_at: '2025-12-31T23:50:00.000Z',
        jobs: [
          { type: 'ui', interval_seconds: 300, next_run: '2026-01-01T00:00:01.000Z', runs: 2, records: 7 },
          { type: 'historical', next_run: null, last_run: null },
        ],
        recent_errors: [{ at: '2025-12-31T23:59:55.000Z', type: 'ui', message: 'no gas price' }],
      },
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('count what it collected; an average of nothing is null', async () => {
    const { body } = await workerOf().get('/api/worker/stats')
    expect(body).toEqual({
      success: true,
      statistics: {
        total_ui_collections: 2,
        total_historical_collections: 0,
        total_records_saved: 7,
        last_ui_collection: '2025-12-31T23:55:01.000Z',
        last_historical_collection: null,
        average_records_per_ui_collection: 3.5,
        average_records_per_historical_collection: null,
      },
      recent_errors: [],
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('tell when it collects', async () => {
    const { body } = await workerOf().get('/api/worker/schedules')
    expect(body).toMatchObject({ success: true, schedules: [{ type: 'ui', interval_seconds: 300, running: false }, { type: 'historical' }] })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it.each([
    ['running', true, {}],
    ['stopped', false, { running: false }],
    ['degraded', true, { recentErrors: [{ at: NOW - 299_000, type: 'ui' as const, message: 'no answer' }] }],
    ['running', true, { recentErrors: [{ at: NOW - 300_000, type: 'ui' as const, message: 'no answer' }] }],
    ['overdue', false, { jobs: [job('ui', { nextRunAt: NOW - 300_001 })] }],
    ['running', true, { jobs: [job('ui', { nextRunAt: NOW - 300_001, running: true })] }],
  ])('say %s, healthy: %s, of %j', async (status, healthy, change) => {
    expect((await workerOf(change).get('/api/worker/health')).body).toEqual({ healthy, status })
  })

  it('start and stop it, and say where it is so already', async () => {
    const { send } = workerOf()
    expect((await send('POST', '/api/worker/start')).body).toEqual({ success: false, message: 'the worker runs already' })
    const stopped = await send('POST', '/api/worker/stop')
    expect(stopped.body).toEqual({ success: true, message: 'the worker was stopped' })
    expect(shapeOf(stopped.body)).toMatchSnapshot()
    expect(await send('POST', '/api/worker/stop')).toMatchObject({ status: 200, body: { success: false, message: 'the worker does not run' } })
    expect((await send('POST', '/api/worker/start')).body).toMatchObject({ success: true })
  })

  it('let it collect now', async () => {
    const { send, collected } = workerOf()
    const { body } = await send('POST', '/api/worker/force-collection')
    expect(body).toEqual({ success: true, message: '4 records saved', collection_type: 'both', records_saved: 4 })
    expect(shapeOf(body)).toMatchSnapshot()
    await send('POST', '/api/worker/force-collection?collection_type=historical')
    expect(collected).toEqual(['both', 'historical'])
    const wrong = await send('POST', '/api/worker/force-collection?collection_type=all')
    expect([wrong.status, wrong.body['error']]).toEqual([400, expect.stringMatching(/^collection_type: .*got "all"/)])
    for (const path of ['start', 'stop', 'force-collection']) expect((await send('POST', `/api/worker/${path}`, undefined, null)).status).toBe(401)
    expect(collected).toHaveLength(2)
  })

  it('are 503 where there is none', async () => {
    const { get, send } = served([fakeProvider('a')])
    const answers = await Promise.all([
      ...['status', 'stats', 'schedules', 'health'].map((path) => get(`/api/worker/${path}`)),
      ...['start', 'stop', 'force-collection'].map((path) => send('POST', `/api/worker/${path}`)),
    ])
    expect(answers.map(({ status, body }) => [status, body['error']])).toEqual(answers.map(() => [503, 'no worker is configured: give the handler worker']))
  })
})
