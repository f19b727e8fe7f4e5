import type { Status } from '../router/status.js'
import { listening, type Observed } from './listening.js'
import type { TelemetryMeter, TelemetryObservable, TelemetryReading } from './otel.js'

/** In s; those that OpenTelemetry advises for HTTP clients (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/). */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Figures of a router's requests, attempts and state. Gives a function that stops it. */
export function metered(router: Observed, meter: TelemetryMeter): () => void {
  const stopCounting = counting(router, meter)
  const stopReading = reading(router, meter)
  return () => {
    stopCounting()
    stopReading()
  }
}

function counting(router: Observed, meter: TelemetryMeter): () => void {
  const duration = { unit: 's', advice: { explicitBucketBoundaries: BUCKETS } }
  const requests = meter.createHistogram('feedmux.request.duration', { ...duration, description: 'Duration of requests to the router' })
  const attempts = meter.createHistogram('feedmux.attempt.duration', { ...duration, description: 'Duration of attempts at providers' })
  const looks = meter.createCounter('feedmux.cache.lookups', { unit: '{lookup}', description: 'Looks into the memory of answers' })
  const breakers = meter.createCounter('feedmux.breaker.changes', { unit: '{change}', description: 'Changes of circuit breakers' })
  const cooldowns = meter.createCounter('feedmux.cooldowns', { unit: '{cooldown}', description: 'Rests that began' })
  const rotations = meter.createCounter('feedmux.pool.rotations', { unit: '{rotation}', description: 'Changes of the answering member of a pool' })
  const tried = ({ capability, provider, reason, latencyMs }: { capability: string; provider: string; reason?: string; latencyMs: number }): void =>
    attempts.record(latencyMs / 1_000, {
      'feedmux.capability': capability,
      'feedmux.provider': provider,
      ...(reason !== undefined && { 'error.type': reason }),
    })
  const looked = (capability: string, result: 'hit' | 'miss' | 'stale'): void =>
    looks.add(1, { 'feedmux.capability': capability, 'feedmux.cache.result': result })
  return listening(router, {
    'request-settled': ({ capability, latencyMs, source, error }) =>
      requests.record(latencyMs / 1_000, {
        'feedmux.capability': capability,
        ...(source !== undefined && { 'feedmux.source': source }),
        ...(error !== undefined && { 'error.type': error }),
      }),
    'attempt-succeeded': tried,
    'attempt-failed': tried,
    'cache-hit': ({ capability }) => looked(capability, 'hit'),
    'cache-missed': ({ capability }) => looked(capability, 'miss'),
    'cache-served-stale': ({ capability }) => looked(capability, 'stale'),
    'breaker-changed': ({ provider, state }) => breakers.add(1, { 'feedmux.provider': provider, 'feedmux.breaker.state': state }),
    'cooldown-started': ({ provider, reason }) => cooldowns.add(1, { 'feedmux.provider': provider, 'error.type': reason }),
    'pool-rotated': ({ pool, reason }) => rotations.add(1, { 'feedmux.pool': pool, 'feedmux.rotation.reason': reason }),
  })
}

interface Gauge {
  readonly name: string
  readonly unit: string
  readonly description: string
  read(status: Status, tell: (value: number | undefined, attributes?: Readonly<Record<string, string | number>>) => void): void
}

const GAUGES: readonly Gauge[] = [
  {
    name: 'feedmux.provider.in_flight',
    unit: '{call}',
    description: 'Calls of a provider under way',
    read: ({ providers }, tell) => providers.forEach(({ id, inFlight }) => tell(inFlight, { 'feedmux.provider': id })),
  },
  {
    name: 'feedmux.provider.success_ratio',
    unit: '1',
    description: 'Calls of a provider that it answered',
    read: ({ providers }, tell) => providers.forEach(({ id, successRate }) => tell(successRate, { 'feedmux.provider': id })),
  },
  {
    name: 'feedmux.provider.share',
    unit: '1',
    description: 'Share of the traffic that a provider had',
    read: ({ providers }, tell) => providers.forEach(({ id, share }) => tell(share.actual, { 'feedmux.provider': id })),
  },
  {
    name: 'feedmux.breaker.open',
    unit: '1',
    description: '1 where the circuit breaker of a provider is open',
    read: ({ providers }, tell) => providers.forEach(({ id, breaker }) => tell(breaker.state === 'open' ? 1 : 0, { 'feedmux.provider': id })),
  },
  {
    name: 'feedmux.quota.used_ratio',
    unit: '1',
    description: 'Used of what a window of a provider allows',
    read: ({ providers }, tell) =>
      providers.forEach(({ id, quota }) =>
        // the attributes of two windows can be the same: the last one told holds
        quota
          .toSorted((a, b) => a.used / a.limit - b.used / b.limit)
          .forEach(({ kind, perMs, used, limit }) =>
            tell(used / limit, { 'feedmux.provider': id, 'feedmux.quota.kind': kind, 'feedmux.quota.window': perMs / 1_000 }),
          ),
      ),
  },
  {
    name: 'feedmux.cache.entries',
    unit: '{entry}',
    description: 'Answers in memory',
    read: ({ cache }, tell) => tell(cache.entries),
  },
  {
    name: 'feedmux.requests.in_flight',
    unit: '{request}',
    description: 'Questions under way',
    read: ({ inFlight }, tell) => tell(inFlight),
  },
]

/** Gauges are read together, out of one look at the router. */
function reading(router: Observed, meter: TelemetryMeter): () => void {
  const gauges = GAUGES.map((gauge): [Gauge, TelemetryObservable] => [
    gauge,
    meter.createObservableGauge(gauge.name, { unit: gauge.unit, description: gauge.description }),
  ])
  const metrics = gauges.map(([, metric]) => metric)
  const read = (result: TelemetryReading): void => {
    const status = router.status()
    for (const [gauge, metric] of gauges)
      gauge.read(status, (value, attributes) => {
        if (value !== undefined && Number.isFinite(value)) result.observe(metric, value, attributes)
      })
  }
  meter.addBatchObservableCallback(read, metrics)
  return () => meter.removeBatchObservableCallback(read, metrics)
}
