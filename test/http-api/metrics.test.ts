import { describe, expect, it } from 'vitest'
import { createHandler } from '../../src/http-api/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { parsed } from '../telemetry/parse-exposition.js'

describe('/metrics', () => {
  it('has the figures of the router and of the API, in the format that Prometheus reads', async () => {
    const router = new ProviderRouter({ providers: [fakeProvider('a')] })
    const handler = createHandler(router)
    const ask = (path: string) => handler(new Request(`http://api.test${path}`))
    await router.request('ticker', { symbol: 'BTC/USD' })
    await ask('/health')
    await ask('/health')
    await ask('/api/resources') // 503: not configured
    const answer = await ask('/metrics')
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual(['text/plain; version=0.0.4; charset=utf-8', 'no-store'])
    const families = parsed(await answer.text())
    expect(families.get('feedmux_provider_requests_total')?.samples).toEqual([{ name: 'feedmux_provider_requests_total', labels: { provider: 'a' }, value: 1 }])
    const http = families.get('feedmux_http_requests_total')?.samples.map(({ labels, value }) => [labels['method'], labels['route'], value])
    expect(http).toEqual(expect.arrayContaining([['GET', '/health', 2]]))
    expect(families.get('feedmux_http_requests_failed_total')?.samples.find(({ labels }) => labels['route'] === '/api/resources')?.value).toBe(1)
    expect(families.get('feedmux_http_request_duration_seconds')?.samples.map(({ name }) => name)).toContain('feedmux_http_request_duration_seconds_count')
  })

  it('grows by no series of whoever asks', async () => {
    const handler = createHandler(new ProviderRouter({ providers: [fakeProvider('a')] }))
    const ask = async (path: string) => (await handler(new Request(`http://api.test${path}`))).text()
    await ask('/api/providers/a')
    await ask('/metrics')
    const before = (await ask('/metrics')).split('\n').length
    for (let i = 0; i < 50; i++) await Promise.all([ask(`/nowhere-${i}`), ask(`/api/providers/nobody-${i}`), ask(`/api/providers/a?x${i}=1`)])
    expect((await ask('/metrics')).split('\n')).toHaveLength(before)
  })
})
