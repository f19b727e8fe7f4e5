import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { discovery } from '../../src/config/index.js'
import { bearer, createHandler, type HandlerOptions, hubModels } from '../../src/http-api/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const TOKEN = 'of-tests-only-0123456789'

function served(options: HandlerOptions = {}) {
  const clock = fakeClock()
  const router = new ProviderRouter({ clock, providers: [fakeProvider('a')] })
  const handler = createHandler(router, { clock, authorize: bearer(TOKEN), ...options })
  const ask = async (path: string, method = 'GET') => {
    const answer = await handler(new Request(`http://api.test${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } }))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { ask, clock }
}

const source = { id: 'found', name: 'F', baseUrl: 'https://found.dev', endpoints: { ticker: { path: 'x', map: { last: 'p' } } } }

describe('the search for sources', () => {
  it.each([
    ['GET', '/api/resources/discovery/status'],
    ['POST', '/api/resources/discovery/run'],
    ['GET', '/api/reports/discovery'],
    ['GET', '/api/reports/models'],
  ])('%s %s is 503 where nothing is configured', async (method, path) => {
    expect((await served().ask(path, method)).status).toBe(503)
  })

  it('tells of its runs, and persists nobody by itself', async () => {
    const clock = fakeClock()
    const search = discovery({ clock, find: () => Promise.resolve([source, { id: 'kraken' }]), seeIfAlive: () => Promise.resolve({ alive: true }) })
    const { ask } = served({ clock, discovery: { ...search, model: 'my-model', everyMs: 43_200_000 } })
    expect((await ask('/api/resources/discovery/status')).body).toEqual({ enabled: true, model: 'my-model', interval_seconds: 43_200, last_run: null })
    expect((await ask('/api/reports/discovery')).body).toMatchObject({ service_status: 'idle', next_run_estimate: null })
    expect((await ask('/api/resources/discovery/run', 'POST')).body).toMatchObject({
      last_run: { candidates_seen: 2, suggested: 1, persisted: 0, persisted_ids: [] },
    })
    expect((await ask('/api/reports/discovery')).body).toMatchObject({ pending: 1, next_run_estimate: '2026-01-01T12:00:00.000Z' })
  })
})

describe('a run of the search', () => {
  it('that fails is no fault of whoever asked for it, and says nothing of what went wrong but to the log', async () => {
    const onError = vi.fn<NonNullable<HandlerOptions['onError']>>()
    const search = discovery({ find: () => Promise.reject(new Error('https://search.test/?key=secret')) })
    const { ask } = served({ discovery: search, onError })
    const { status, body } = await ask('/api/resources/discovery/run', 'POST')
    expect([status, JSON.stringify(body)]).toEqual([502, expect.not.stringContaining('secret')])
    expect(onError).toHaveBeenCalledTimes(1)
    expect((await ask('/api/resources/discovery/status')).body).toMatchObject({ last_run: null })
  })

  it('is 503 where the search is switched off', async () => {
    const run = vi.fn<() => never>()
    const { ask } = served({ discovery: { run, status: () => ({ enabled: false, running: false, pending: 0 }) } })
    expect((await ask('/api/resources/discovery/run', 'POST')).status).toBe(503)
    expect(run).not.toHaveBeenCalled()
    expect((await ask('/api/reports/discovery')).body).toMatchObject({ enabled: false, service_status: 'disabled' })
  })
})

describe('the report on models', () => {
  it('asks once in six hours, whoever looks', async () => {
    const models = vi.fn<NonNullable<HandlerOptions['models']>>(() =>
      Promise.resolve([
        { id: 'a/b', status: 'available' as const, likes: 3 },
        { id: 'c/d', status: 'error' as const },
      ]),
    )
    const { ask, clock } = served({ models })
    await Promise.all(Array.from({ length: 20 }, () => ask('/api/reports/models')))
    expect(models).toHaveBeenCalledTimes(1)
    expect((await ask('/api/reports/models')).body).toEqual({
      total_models: 2,
      available: 1,
      errors: 1,
      models: [
        { model_id: 'a/b', status: 'available', downloads: null, likes: 3, pipeline_tag: null, last_updated: null },
        { model_id: 'c/d', status: 'error', downloads: null, likes: null, pipeline_tag: null, last_updated: null },
      ],
    })
    await clock.advance(6 * 3_600_000)
    await ask('/api/reports/models')
    expect(models).toHaveBeenCalledTimes(2)
  })

  it('that cannot be made is 503, and tried again after a minute only', async () => {
    const models = vi.fn<NonNullable<HandlerOptions['models']>>(() => Promise.reject(new Error('down')))
    const { ask, clock } = served({ models })
    for (let i = 0; i < 3; i++) expect((await ask('/api/reports/models')).status).toBe(503)
    expect(models).toHaveBeenCalledTimes(1)
    await clock.advance(60_000)
    await ask('/api/reports/models')
    expect(models).toHaveBeenCalledTimes(2)
  })
})

describe('hubModels', () => {
  const servers: Server[] = []
  afterEach(() => servers.splice(0).forEach((server) => server.close()))

  it('reads what the hub says of each model, in the order asked', async () => {
    const said: Readonly<Record<string, readonly [number, string]>> = {
      '/api/models/ProsusAI/finbert': [
        200,
        JSON.stringify({ downloads: 7, likes: 2, pipeline_tag: 'text-classification', lastModified: '2026-01-01T00:00:00.000Z' }),
      ],
      '/api/models/gone/model': [401, '{"error":"Repository not found"}'],
      '/api/models/broken/model': [200, '<html>'],
      '/api/models/busy/model': [500, ''],
    }
    const server = createServer((request, response) => {
      const [status, text] = said[request.url ?? ''] ?? [404, '']
      response.writeHead(status).end(text)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ids = ['ProsusAI/finbert', 'gone/model', 'broken/model', 'busy/model', 'no/such']
    expect(await hubModels(ids, { url })()).toEqual([
      { id: 'ProsusAI/finbert', status: 'available', downloads: 7, likes: 2, pipelineTag: 'text-classification', lastUpdatedAt: Date.UTC(2026, 0, 1) },
      { id: 'gone/model', status: 'unavailable' },
      { id: 'broken/model', status: 'error' },
      { id: 'busy/model', status: 'error' },
      { id: 'no/such', status: 'unavailable' },
    ])
  })

  it('takes no id that leads elsewhere', () => {
    expect(() => hubModels(['../../x'])).toThrow(/a model is named like/)
  })
})
