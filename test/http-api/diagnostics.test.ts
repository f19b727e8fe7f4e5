import { describe, expect, it, vi } from 'vitest'
import { bearer, createHandler, type HandlerOptions } from '../../src/http-api/index.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const TOKEN = 'of-tests-only-0123456789'

function served(options: HandlerOptions = {}, more: readonly AnyProvider[] = []) {
  const clock = fakeClock()
  const good = fakeProvider('good')
  const dead = fakeProvider('dead', { answers: { ticker: () => 'network' } })
  const router = new ProviderRouter({ clock, retries: 0, providers: [good, dead, fakeProvider('off', { enabled: false }), ...more] })
  const handler = createHandler(router, { clock, authorize: bearer(TOKEN), ...options })
  const ask = async (path: string, method = 'GET') => {
    const answer = await handler(new Request(`http://api.test/api/${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } }))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { ask, good, dead, clock, router }
}

describe('diagnostics', () => {
  it('are 404 until they were run', async () => {
    expect(await served().ask('diagnostics/last')).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining('POST /api/diagnostics/run') as unknown },
    })
  })

  it('look at every provider and tell what is wrong, with what to do', async () => {
    const { ask, clock } = served({ system: () => ({ runtime: 'Node.js 24', platform: 'linux' }) })
    const { status, body } = await ask('diagnostics/run', 'POST')
    expect(status).toBe(200)
    const issues = body['issues'] as Record<string, unknown>[]
    expect(issues).toContainEqual(expect.objectContaining({ severity: 'critical', category: 'network', provider_id: 'dead', auto_fixed: false }))
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: 'info', category: 'config', provider_id: 'off', fixable: true, fix_action: 'enabled: true' }),
    )
    expect(body).toMatchObject({
      timestamp: '2026-01-01T00:00:00.000Z',
      total_issues: issues.length,
      critical_issues: issues.filter(({ severity }) => severity === 'critical').length,
      warnings: issues.filter(({ severity }) => severity === 'warning').length,
      info_issues: issues.filter(({ severity }) => severity === 'info').length,
      fixed_issues: [],
      system_info: { runtime: 'Node.js 24', platform: 'linux', architecture: null },
    })
    await clock.advance(5_000)
    expect((await ask('diagnostics/last')).body).toEqual(body)
    expect((await ask('logs?category=health_check')).body).toMatchObject({ total: 1 })
  })

  it('never repair: auto_fix=true is refused, and nobody is asked', async () => {
    const { ask, good } = served()
    expect(await ask('diagnostics/run?auto_fix=true', 'POST')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('never repair') as unknown },
    })
    expect(good.asked).toEqual([])
    expect((await ask('diagnostics/run?auto_fix=false', 'POST')).status).toBe(200)
  })

  it('ask each provider once, however many ask for them at the same time', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    const slow = fakeProvider('slow', {
      answers: {
        fearGreed: () => gate.then(() => [{ value: 1, label: 'Fear', at: 0 }]),
        ticker: () => gate.then(() => ({ symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 1 })),
      },
    })
    const { ask } = served({}, [slow])
    const runs = Array.from({ length: 5 }, () => ask('diagnostics/run', 'POST'))
    await vi.waitFor(() => expect(slow.asked).not.toEqual([]))
    // those that came later are on their way, too: a round of the event loop for each
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    release()
    const bodies = (await Promise.all(runs)).map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: 5 }, () => bodies[0]))
    expect(slow.asked).toHaveLength(1)
  })

  it('change nothing of the providers that they look at', async () => {
    const { ask, router } = served()
    const counted = () => router.status().providers.map(({ requests, failures, breaker, isolated }) => ({ requests, failures, breaker, isolated }))
    const before = counted()
    await ask('diagnostics/run', 'POST')
    expect(counted()).toEqual(before)
  })
})
