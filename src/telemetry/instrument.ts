import type { Observed } from './listening.js'
import { metered } from './metered.js'
import type { TelemetryMeter, TelemetryTracer } from './otel.js'
import { traced } from './traced.js'

/** Where spans and figures go. What is left out is not made. */
export interface InstrumentOptions {
  /** `trace.getTracer('feedmux')` of `@opentelemetry/api`. */
  readonly tracer?: TelemetryTracer | undefined
  /** `metrics.getMeter('feedmux')` of `@opentelemetry/api`. */
  readonly meter?: TelemetryMeter | undefined
}

/**
 * Makes OpenTelemetry spans and metrics out of a router's events: a span for each request, attempt and probe, histograms of durations in s, counters, and
 * gauges that are read when they are exported. They hold no key, no URL and no parameter. Gives a function that stops it.
 */
export function instrument(router: Observed, { tracer, meter }: InstrumentOptions): () => void {
  const stops = [...(tracer ? [traced(router, tracer)] : []), ...(meter ? [metered(router, meter)] : [])]
  return () => stops.forEach((stop) => stop())
}
