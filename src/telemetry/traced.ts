import type { RouterEvents } from '../model/events.js'
import { listening, type Observed } from './listening.js'
import type { TelemetryTracer } from './otel.js'

/** `SpanKind` and `SpanStatusCode` of OpenTelemetry. */
const [INTERNAL, CLIENT] = [0, 2]
const ERROR = 2

/** Unix ms in the form that no tracer takes for something else: a number may be ms since the process began. */
const timeOf = (ms: number): [seconds: number, nanoseconds: number] => {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1_000) * 1e6))] // rounded up, it would be a second more
}

type Tried = RouterEvents['attempt-succeeded'] | RouterEvents['attempt-failed']

/**
 * A span for each request and each attempt, made when it ended: it began as long before as it took. Their parent is the span that is active where the router
 * was asked: events do not say which request an attempt belongs to.
 */
export function traced(router: Observed, tracer: TelemetryTracer): () => void {
  const attempted = (event: Tried): void => {
    const { capability, provider, host, reason, status, latencyMs, hedged, retryAfterMs, at } = event
    const attributes = {
      'feedmux.capability': capability,
      'feedmux.provider': provider,
      ...(host !== undefined && { 'server.address': host }),
      ...(status !== undefined && { 'http.response.status_code': status }),
      ...(reason !== undefined && { 'error.type': reason }),
      ...(hedged && { 'feedmux.hedged': hedged }),
      ...(retryAfterMs !== undefined && { 'feedmux.retry_after': retryAfterMs / 1_000 }),
    }
    const span = tracer.startSpan(`attempt ${provider}`, { kind: CLIENT, startTime: timeOf(at - latencyMs), attributes })
    if (reason !== undefined) span.setStatus({ code: ERROR, ...('message' in event && { message: event.message }) })
    span.end(timeOf(at))
  }
  return listening(router, {
    'request-settled': ({ capability, at, latencyMs, provider, source, error, attempts }) => {
      const attributes = {
        'feedmux.capability': capability,
        'feedmux.attempts': attempts,
        ...(provider !== undefined && { 'feedmux.provider': provider }),
        ...(source !== undefined && { 'feedmux.source': source }),
        ...(error !== undefined && { 'error.type': error }),
      }
      const span = tracer.startSpan(`request ${capability}`, { kind: INTERNAL, startTime: timeOf(at - latencyMs), attributes })
      if (error !== undefined && error !== 'AbortError') span.setStatus({ code: ERROR })
      span.end(timeOf(at))
    },
    'attempt-succeeded': attempted,
    'attempt-failed': attempted,
  })
}
