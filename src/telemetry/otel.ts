// OpenTelemetry's own Tracer and Meter (@opentelemetry/api 1.x) fit these: the package stays optional, and so do its types.

/** Values that spans and metrics are labelled with. */
type Attributes = Readonly<Record<string, string | number | boolean>>

/** Which span is meant. */
interface TelemetrySpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

/** Another span that this one has to do with. */
export interface TelemetryLink {
  readonly context: TelemetrySpanContext
}

/** A span, as far as it is used here. */
export interface TelemetrySpan {
  spanContext(): TelemetrySpanContext
  setStatus(status: { readonly code: number; readonly message?: string }): unknown
  end(endTime?: [seconds: number, nanoseconds: number]): void
}

/** How a span begins. */
interface TelemetrySpanOptions {
  kind?: number
  attributes?: Record<string, string | number | boolean>
  startTime?: [seconds: number, nanoseconds: number]
  links?: TelemetryLink[]
  root?: boolean
}

/** A tracer: `trace.getTracer('feedmux')`. */
export interface TelemetryTracer {
  startSpan(name: string, options?: TelemetrySpanOptions): TelemetrySpan
  /** What `run` starts stands under this span. */
  startActiveSpan(name: string, options: TelemetrySpanOptions, run: (span: TelemetrySpan) => void): void
}

/** How a metric is described. */
interface TelemetryMetricOptions {
  readonly description?: string
  readonly unit?: string
  readonly advice?: { explicitBucketBoundaries?: number[] }
}

/** A metric that is read when it is exported. */
export type TelemetryObservable = object

/** What a metric that is read is told. */
export interface TelemetryReading {
  observe(metric: TelemetryObservable, value: number, attributes?: Attributes): void
}

/** A meter: `metrics.getMeter('feedmux')`. */
export interface TelemetryMeter {
  createHistogram(name: string, options?: TelemetryMetricOptions): { record(value: number, attributes?: Attributes): void }
  createCounter(name: string, options?: TelemetryMetricOptions): { add(value: number, attributes?: Attributes): void }
  createObservableGauge(name: string, options?: TelemetryMetricOptions): TelemetryObservable
  addBatchObservableCallback(read: (reading: TelemetryReading) => void, metrics: TelemetryObservable[]): void
  removeBatchObservableCallback(read: (reading: TelemetryReading) => void, metrics: TelemetryObservable[]): void
}
