import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, start } from '../../examples/hono/start.ts'

let app: RunningApp

beforeAll(async () => {
  app = await start({ port: 0, seed: 7 })
})

afterAll(() => app?.close())

async function get(path: string): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const answer = await fetch(app.url + path)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers }
}

describe('examples/hono over loopback', () => {
  it('asks through the router in its own route', async () => {
    const { status, body } = await get('/price/btc/usd')
    expect([status, body]).toEqual([
      200,
      { symbol: expect.stringMatching(/^BTC\/USDT?$/), last: expect.any(Number), provider: expect.any(String), source: 'network' },
    ])
    expect((await get('/price/BTC/USD')).body).toEqual({ ...body, source: 'cache' })
  })

  it('names the value where its own route is asked for nonsense', async () => {
    const { status, body } = await get('/price/BTC/%20')
    expect([status, body['error']]).toEqual([400, expect.stringContaining('BTC/ ')])
  })

  it('serves the HTTP API beside it, with its headers', async () => {
    const { status, body, headers } = await get('/health')
    expect([status, body['providers_count'], headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([200, 6, 'no-store', 'nosniff'])
    expect(await get('/health?nonsense=1')).toMatchObject({ status: 400, body: { category: 'bad_request' } })
    expect(await get('/no-such-path')).toMatchObject({ status: 404, body: { category: 'not_found' } })
    expect((await fetch(`${app.url}/health`, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('limits each address by itself', async () => {
    const answers = await Promise.all(Array.from({ length: 601 }, async () => (await fetch(`${app.url}/ready`)).status))
    expect(new Set(answers)).toEqual(new Set([200, 429]))
  })
})
