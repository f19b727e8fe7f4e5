import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as everything from '../../examples/next-route/app/api/[...path]/route.ts'
import * as price from '../../examples/next-route/app/price/[base]/[quote]/route.ts'
import { startWorld, type World } from '../../examples/demo/world.ts'
import { redirected, redirectsOf } from '../support/redirect.js'

let world: World

beforeAll(async () => {
  world = await startWorld(7)
})

afterAll(() => world?.close())

const ask = async (base: string, quote: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const real = globalThis.fetch
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    return real(redirected(url, redirectsOf(world)), init)
  })
  try {
    const answer = await price.GET(new Request(`http://localhost:3000/price/${base}/${quote}`), { params: Promise.resolve({ base, quote }) })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  } finally {
    spy.mockRestore()
  }
}

describe('examples/next-route', () => {
  it('asks through the router in its own route', async () => {
    const { status, body } = await ask('btc', 'usd')
    expect([status, body]).toEqual([200, expect.objectContaining({ last: expect.any(Number), source: 'network' })])
    expect(await ask('BTC', 'USD')).toEqual({ status, body: { ...body, source: 'cache' } })
    expect(await ask('BTC', ' ')).toMatchObject({ status: 400 })
  })

  it('serves the HTTP API below /api, by each method that the API has', async () => {
    const state = await everything.GET(new Request('http://localhost:3000/api/status', { headers: { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' } }))
    expect([state.status, await state.json()]).toEqual([200, expect.objectContaining({ total_providers: 6 })])
    const refused = await everything.POST(new Request('http://localhost:3000/api/status', { method: 'POST', body: '{}' }))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect((await everything.OPTIONS(new Request('http://localhost:3000/api/status', { method: 'OPTIONS' }))).status).toBe(204)
    expect((await everything.DELETE(new Request('http://localhost:3000/api/nothing', { method: 'DELETE' }))).status).toBe(404)
  })

  it('is one router for all routes, however often its modules are loaded', async () => {
    const { router } = await import('../../examples/next-route/lib/feedmux.ts')
    vi.resetModules()
    expect((await import('../../examples/next-route/lib/feedmux.ts')).router).toBe(router)
  })
})
