import { context, metrics, type Meter, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { instrument } from '../../src/telemetry/index.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { LocalContext, spans, tracer } from './spans.js'

const SECRET = 'planted-secret-of-tests'

beforeEach(() => void context.setGlobalContextManager(new LocalContext()))
afterEach(() => {
  spans.reset()
  context.disable()
  metrics.disable()
})

function routed() {
  const clock = fakeClock()
  const late = async (): Promise<never> => {
    await new Promise<void>((resolve) => clock.setTimeout(() => resolve(), 250))
    throw new ProviderError({ provider: 'bad', reason: 'rate-limited', status: 429, retryAfterMs: 30_000, host: 'bad.test:8443' })
  }
  const providers = [fakeProvider('bad', { priority: 1, apiKey: SECRET, answers: { ticker: late } }), fakeProvider('good', { priority: 2 })] as const
  return { clock, router: new ProviderRouter({ clock, retries: 0, providers, pools: { main: { members: ['bad', 'good'] } } }) }
}

const millis = ([seconds, nanos]: readonly [number, number]): number => seconds * 1_000 + nanos / 1e6

describe('spans', () => {
  it('are there for the request and for each attempt, as long as they took', async () => {
    const { router, clock } = routed()
    instrument(router, { tracer })
    const startedAt = clock.now()
    const answer = router.request('ticker', { symbol: 'BTC/USD' })
    await clock.advance(250)
    await answer
    const [bad, good, request] = spans.getFinishedSpans()
    expect(bad).toMatchObject({
      name: 'attempt bad',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.ERROR, message: expect.stringContaining('rate-limited') as unknown },
      attributes: {
        'feedmux.capability': 'ticker',
        'feedmux.provider': 'bad',
        'server.address': 'bad.test',
        'server.port': 8443,
        'http.response.status_code': 429,
        'error.type': 'rate-limited',
        'feedmux.retry_after': 30,
      },
    })
    expect([millis(bad?.startTime ?? [0, 0]), millis(bad?.endTime ?? [0, 0])]).toEqual([startedAt, startedAt + 250])
    expect(good).toMatchObject({ name: 'attempt good', status: { code: SpanStatusCode.UNSET }, attributes: { 'feedmux.provider': 'good' } })
    expect(request).toMatchObject({
      name: 'request ticker',
      kind: SpanKind.INTERNAL,
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'feedmux.capability': 'ticker', 'feedmux.provider': 'good', 'feedmux.source': 'network', 'feedmux.attempts': 2 },
    })
    expect(millis(request?.duration ?? [0, 0])).toBe(250)
    expect(JSON.stringify(spans.getFinishedSpans().map(({ name, attributes, status }) => ({ name, attributes, status })))).not.toContain(SECRET)
  })

  it('belong to the trace of whoever asked', async () => {
    const router = new ProviderRouter({ providers: [fakeProvider('good')] })
    instrument(router, { tracer })
    const ids = await tracer.startActiveSpan('page', async (page) => {
      await router.request('ticker', { symbol: 'BTC/USD' })
      page.end()
      return page.spanContext()
    })
    const made = spans.getFinishedSpans().filter(({ name }) => name !== 'page')
    expect(made.map(({ name }) => name)).toEqual(['attempt good', 'request ticker'])
    expect(made.map((span) => span.spanContext().traceId)).toEqual([ids.traceId, ids.traceId])
    expect(made[1]?.parentSpanContext?.spanId).toBe(ids.spanId)
  })

  it('say which kind of error ended a request', async () => {
    const router = new ProviderRouter({ retries: 0, providers: [fakeProvider('bad', { answers: { ticker: () => 'unavailable' } })] })
    instrument(router, { tracer })
    await router.request('ticker', { symbol: 'BTC/USD' }).catch(() => undefined)
    expect(spans.getFinishedSpans().at(-1)).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'AllProvidersFailedError' } })
  })

  it('end when they are stopped', async () => {
    const router = new ProviderRouter({ cache: false, providers: [fakeProvider('good')] })
    const stop = instrument(router, { tracer })
    await router.request('ticker', { symbol: 'BTC/USD' })
    const before = spans.getFinishedSpans().length
    stop()
    await router.request('ticker', { symbol: 'BTC/USD' })
    expect(spans.getFinishedSpans()).toHaveLength(before)
    expect(before).toBe(2)
  })

  it('of a tracer that does nothing cost nobody an answer', async () => {
    const router = new ProviderRouter({ providers: [fakeProvider('good')] })
    instrument(router, { tracer: trace.getTracer('none'), meter: metrics.getMeter('none') })
    expect((await router.request('ticker', { symbol: 'BTC/USD' })).provider).toBe('good')
  })
})

describe('metrics', () => {
  async function measured() {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ readers: [reader] })
    const meter: Meter = provider.getMeter('test')
    const { router, clock } = routed()
    const stop = instrument(router, { meter })
    const answer = router.request('ticker', { symbol: 'BTC/USD' }, { pool: 'main' })
    await clock.advance(250)
    await answer
    await router.request('ticker', { symbol: 'BTC/USD' }, { pool: 'main' })
    const read = async () => {
      exporter.reset()
      await reader.forceFlush()
      const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: own }) => own))
      return (name: string) => all.find(({ descriptor }) => descriptor.name === name)
    }
    return { read, stop, router, close: () => provider.shutdown() }
  }

  it('count durations in s, by capability, provider and error', async () => {
    const { read, close } = await measured()
    const metric = await read()
    expect(metric('feedmux.request.duration')?.descriptor).toMatchObject({ unit: 's' })
    expect(metric('feedmux.request.duration')?.dataPoints.map(({ attributes, value }) => [attributes, (value as { count: number }).count])).toEqual([
      [{ 'feedmux.capability': 'ticker', 'feedmux.source': 'network' }, 1],
      [{ 'feedmux.capability': 'ticker', 'feedmux.source': 'cache' }, 1],
    ])
    expect(metric('feedmux.attempt.duration')?.dataPoints.map(({ attributes, value }) => [attributes, (value as { sum: number }).sum])).toEqual([
      [{ 'feedmux.capability': 'ticker', 'feedmux.provider': 'bad', 'error.type': 'rate-limited' }, 0.25],
      [{ 'feedmux.capability': 'ticker', 'feedmux.provider': 'good' }, 0],
    ])
    expect(metric('feedmux.cache.lookups')?.dataPoints.map(({ attributes, value }) => [attributes['feedmux.cache.result'], value])).toEqual([
      ['miss', 1],
      ['hit', 1],
    ])
    expect(metric('feedmux.cooldowns')?.dataPoints).toMatchObject([{ value: 1, attributes: { 'feedmux.provider': 'bad', 'error.type': 'rate-limited' } }])
    await close()
  })

  it('read the state when they are exported, and leave out what is not known', async () => {
    const { read, close } = await measured()
    const metric = await read()
    const byProvider = (name: string) =>
      Object.fromEntries(metric(name)?.dataPoints.map(({ attributes, value }) => [String(attributes['feedmux.provider']), value]) ?? [])
    expect(byProvider('feedmux.provider.in_flight')).toEqual({ bad: 0, good: 0 })
    expect(byProvider('feedmux.provider.success_ratio')).toEqual({ bad: 0, good: 1 })
    expect(byProvider('feedmux.breaker.open')).toEqual({ bad: 0, good: 0 })
    expect(metric('feedmux.cache.entries')?.dataPoints).toMatchObject([{ value: 1 }])
    expect(metric('feedmux.quota.used_ratio')?.dataPoints ?? []).toEqual([])
    await close()
  })

  it('stop', async () => {
    const { read, stop, router, close } = await measured()
    stop()
    router.clearCache()
    await router.request('ticker', { symbol: 'BTC/USD' })
    const metric = await read()
    expect(metric('feedmux.cache.lookups')?.dataPoints.map(({ value }) => value)).toEqual([1, 1])
    expect(metric('feedmux.cache.entries')?.dataPoints ?? []).toEqual([])
    await close()
  })
})
