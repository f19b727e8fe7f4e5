import type { RouterEvents } from '../model/events.js'
import { listening, type Observed } from './listening.js'
import type { TelemetryLink, TelemetrySpan, TelemetryTracer } from './otel.js'

/** `SpanKind` and `SpanStatusCode` of OpenTelemetry. */
const [INTERNAL, CLIENT] = [0, 2]
const ERROR = 2

/** Most requests whose parts wait for their end, and most that are known after it. */
const MOST_KEPT = 10_000

/** Unix ms in the form that no tracer takes for something else: a number may be ms since the process began. */
const timeOf = (ms: number): [seconds: number, nanoseconds: number] => {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1_000) * 1e6))] // rounded up, it would be a second more
}

type Tried = RouterEvents['attempt-succeeded'] | RouterEvents['attempt-failed']
type Settled = RouterEvents['request-settled']

/** How a span stands where its request's span is not the active one. */
interface Apart {
  readonly links?: TelemetryLink[]
  /** No parent: whatever is active now has nothing to do with it. */
  readonly root?: boolean
}

type Make = (apart?: Apart) => void

/** Spans out of events, each made when it ended: it began as long before as it took. Those of a request's parts wait for its own. */
export function traced(router: Observed, tracer: TelemetryTracer): () => void {
  const spans = new Spans()
  const attempted = (event: Tried): void => spans.under(event.request, (apart) => attemptSpan(tracer, event, apart))
  const settled = (event: Settled): void => {
    const { request, parent, joined, source, attempts } = event
    const isOver = source === 'cache' && attempts === 0 // nothing is or was tried for it
    const make: Make = ({ links = [], root } = {}) => {
      const apart = { links: [...links, ...spans.linksTo(joined)], ...(root && { root }) }
      requestSpan(tracer, event, apart, (span) => spans.made(request, isOver ? undefined : { context: span.spanContext() }))
    }
    if (parent === undefined) make()
    else spans.under(parent, make)
  }
  const stop = listening(router, {
    'request-settled': settled,
    'attempt-succeeded': attempted,
    'attempt-failed': attempted,
    'probe-settled': (event) => probeSpan(tracer, event),
  })
  return () => {
    stop()
    spans.drop(0)
  }
}

/** What waits for the span of a request, by its number, and how it is found afterwards. Oldest first. */
class Spans {
  readonly #waiting = new Map<number, Make[]>()
  readonly #made = new Map<number, TelemetryLink>()

  /** Makes a span under that of its request, as soon as that is there; where it came before, at once, with a link to it. */
  under(request: number, make: Make): void {
    const links = this.linksTo(request)
    if (links.length > 0) return make({ links })
    const waiting = this.#waiting.get(request)
    if (waiting !== undefined) return void waiting.push(make)
    this.#waiting.set(request, [make])
    this.drop(MOST_KEPT)
  }

  /** The span of this request is there, and active now. */
  made(request: number, link: TelemetryLink | undefined): void {
    const waiting = this.#waiting.get(request) ?? []
    this.#waiting.delete(request)
    if (link !== undefined) this.#made.set(request, link)
    if (this.#made.size > MOST_KEPT) this.#made.delete(this.#made.keys().next().value ?? request)
    for (const make of waiting) make()
  }

  linksTo(request: number | undefined): TelemetryLink[] {
    const link = request === undefined ? undefined : this.#made.get(request)
    return link === undefined ? [] : [link]
  }

  /** Waits no longer for the oldest, until so many are left. */
  drop(left: number): void {
    for (const [request, waiting] of this.#waiting) {
      if (this.#waiting.size <= left) return
      this.#waiting.delete(request)
      for (const make of waiting) make({ root: true })
    }
  }
}

/** @param children makes those under it, while it is the active span */
function requestSpan(tracer: TelemetryTracer, event: Settled, apart: Apart, children: (span: TelemetrySpan) => void): void {
  const { capability, at, latencyMs, provider, source, error, attempts } = event
  const attributes = {
    'feedmux.capability': capability,
    'feedmux.attempts': attempts,
    ...(provider !== undefined && { 'feedmux.provider': provider }),
    ...(source !== undefined && { 'feedmux.source': source }),
    ...(error !== undefined && { 'error.type': error }),
  }
  const options = { kind: INTERNAL, startTime: timeOf(at - latencyMs), attributes, ...apart }
  tracer.startActiveSpan(`request ${capability}`, options, (span) => {
    if (error !== undefined && error !== 'AbortError') span.setStatus({ code: ERROR })
    children(span)
    span.end(timeOf(at))
  })
}

function attemptSpan(tracer: TelemetryTracer, event: Tried, apart: Apart = {}): void {
  const { capability, provider, host, reason, status, latencyMs, hedged, retryAfterMs, at } = event
  const attributes = {
    'feedmux.capability': capability,
    'feedmux.provider': provider,
    ...(host !== undefined && serverOf(host)),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(reason !== undefined && { 'error.type': reason }),
    ...(hedged && { 'feedmux.hedged': hedged }),
    ...(retryAfterMs !== undefined && { 'feedmux.retry_after': retryAfterMs / 1_000 }),
  }
  const span = tracer.startSpan(`attempt ${provider}`, { kind: CLIENT, startTime: timeOf(at - latencyMs), attributes, ...apart })
  if (reason !== undefined) span.setStatus({ code: ERROR, ...('message' in event && { message: event.message }) })
  span.end(timeOf(at))
}

/** Only where something was sent. */
function probeSpan(tracer: TelemetryTracer, { provider, at, latencyMs, reason }: RouterEvents['probe-settled']): void {
  if (latencyMs === undefined) return
  const attributes = { 'feedmux.provider': provider, ...(reason !== undefined && { 'error.type': reason }) }
  const span = tracer.startSpan(`probe ${provider}`, { kind: CLIENT, startTime: timeOf(at), attributes })
  if (reason !== undefined) span.setStatus({ code: ERROR })
  span.end(timeOf(at + latencyMs))
}

/** `api.test:8443` as OpenTelemetry has it: name and port apart. */
function serverOf(host: string): { 'server.address': string; 'server.port'?: number } {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? []
  return { 'server.address': name.replaceAll(/^\[|\]$/g, ''), ...(port !== undefined && { 'server.port': Number(port) }) }
}
