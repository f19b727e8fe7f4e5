import { describe, expect, it } from 'vitest'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { Status } from '../../src/router/status.js'
import { exposition } from '../../src/telemetry/exposition.js'
import { prometheusText } from '../../src/telemetry/index.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { parsed } from './parse-exposition.js'

const SECRET = 'planted-secret-of-tests'

async function used() {
  const clock = fakeClock()
  const hosts = [`https://one.test/${SECRET}`, 'https://two.test'] as const
  const good = fakeProvider('good', {
    priority: 1,
    apiKey: SECRET,
    hosts,
    limits: [
      { requests: 100, perMs: 60_000, scope: 'ip' },
      { requests: 50, perMs: 60_000, scope: 'key' },
    ],
  })
  const bad = fakeProvider('bad', { priority: 2, answers: { ticker: () => 'rate-limited' } })
  const router = new ProviderRouter({ clock, retries: 0, providers: [good, bad], pools: { main: { members: ['good', 'bad'] } } })
  await router.request('ticker', { symbol: 'BTC/USD' })
  await router.request('ticker', { symbol: 'BTC/USD' })
  await router.request('ticker', { symbol: 'ETH/USD' }, { only: ['bad'] }).catch(() => undefined)
  return { router, clock }
}

describe('prometheusText', () => {
  it('says what the status says, in base units', async () => {
    const { router, clock } = await used()
    const families = parsed(prometheusText(router))
    const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
      families.get(name)?.samples.find((sample) => Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted))?.value
    expect(value('feedmux_provider_requests_total', { provider: 'good' })).toBe(1)
    expect(value('feedmux_provider_successes_total', { provider: 'good' })).toBe(1)
    expect(value('feedmux_provider_failures_total', { provider: 'bad' })).toBe(1)
    expect(value('feedmux_provider_rate_limit_hits_total', { provider: 'bad' })).toBe(1)
    expect(value('feedmux_provider_health', { provider: 'bad', state: 'rate-limited' })).toBe(1)
    expect(value('feedmux_provider_health', { provider: 'bad', state: 'healthy' })).toBe(0)
    expect(value('feedmux_provider_breaker_state', { provider: 'good', state: 'closed' })).toBe(1)
    expect(value('feedmux_provider_cooldown_end_timestamp_seconds', { provider: 'bad' })).toBe(clock.now() / 1_000 + 120)
    expect(value('feedmux_cache_hits_total', { capability: 'ticker' })).toBe(1)
    expect(value('feedmux_cache_entries')).toBe(1)
    expect(value('feedmux_pool_members', { pool: 'main' })).toBe(2)
    expect(value('feedmux_pool_members_available', { pool: 'main' })).toBe(1)
  })

  it('leaves out what was not measured', async () => {
    const { router } = await used()
    const families = parsed(prometheusText(router))
    const providersOf = (name: string) => [...new Set(families.get(name)?.samples.map(({ labels }) => labels['provider']))]
    expect(providersOf('feedmux_provider_latency_seconds')).toEqual(['good'])
    expect(providersOf('feedmux_provider_last_success_timestamp_seconds')).toEqual(['good'])
    expect(providersOf('feedmux_provider_cooldown_end_timestamp_seconds')).toEqual(['bad'])
    const fresh = parsed(prometheusText(new ProviderRouter({ providers: [fakeProvider('a')] })))
    expect([...fresh.keys()]).not.toEqual(expect.arrayContaining(['feedmux_provider_latency_seconds']))
    expect(fresh.get('feedmux_provider_requests_total')?.samples[0]?.value).toBe(0)
  })

  it('names metrics as Prometheus wants it: counters end in _total, and nothing else does', async () => {
    const { router } = await used()
    for (const [name, { type, help }] of parsed(prometheusText(router))) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(name).toMatch(/^feedmux_[a-z_]+$/)
      expect(name).not.toMatch(/_ms(_|$)|milli/)
      expect(help).toMatch(/^[A-Z01].*\.$/)
    }
  })

  it('holds no key, and changes nothing', async () => {
    const { router } = await used()
    const before = JSON.stringify(router.status())
    expect(prometheusText(router)).not.toContain(SECRET)
    expect(JSON.stringify(router.status())).toBe(before)
  })

  it('shows the tightest of windows that look alike', async () => {
    const { router } = await used()
    const status = router.status()
    const window = { kind: 'requests' as const, perMs: 60_000, remaining: 1, resetsAt: 0 }
    const told = {
      status: (): Status => ({
        ...status,
        providers: status.providers.map((one) => ({
          ...one,
          quota: [
            { ...window, used: 1, limit: 90 },
            { ...window, used: 40, limit: 45 },
          ],
        })),
      }),
    }
    const families = parsed(prometheusText(told))
    expect(families.get('feedmux_quota_limit')?.samples.map(({ value }) => value)).toEqual([45, 45])
    expect(families.get('feedmux_quota_used')?.samples.map(({ value }) => value)).toEqual([40, 40])
  })
})

describe('exposition', () => {
  it('escapes what a label or a help text may hold', () => {
    const name = 'back\\slash "quote" \n line'
    const families = parsed(exposition([{ name: 'x', type: 'gauge', help: 'a \\ b\nc', samples: [{ labels: { name }, value: 1 }] }]))
    expect(families.get('x')?.samples).toEqual([{ name: 'x', labels: { name }, value: 1 }])
    expect(families.get('x')?.help).toBe(String.raw`a \\ b\nc`)
  })

  it('adds up counters of one name, keeps the first gauge, and writes no value that is none', () => {
    const sample = (value: number | undefined) => ({ labels: { a: '1' }, value })
    const text = exposition([
      { name: 'c_total', type: 'counter', help: 'C.', samples: [sample(1), sample(2)] },
      { name: 'g', type: 'gauge', help: 'G.', samples: [sample(1), sample(2)] },
      { name: 'n', type: 'gauge', help: 'N.', samples: [sample(undefined), sample(Number.NaN), sample(Infinity)] },
    ])
    expect(text).toBe('# HELP c_total C.\n# TYPE c_total counter\nc_total{a="1"} 3\n# HELP g G.\n# TYPE g gauge\ng{a="1"} 1\n')
  })
})
