import { type Context, type ContextManager, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { AsyncLocalStorage } from 'node:async_hooks'

/** What an application's own set-up of OpenTelemetry brings along. */
export class LocalContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT
  with: ContextManager['with'] = (own, run, self, ...args) => this.#storage.run(own, () => run.apply(self, args))
  bind: ContextManager['bind'] = (own, target) =>
    typeof target === 'function' ? (((...args: unknown[]) => this.with(own, target as never, undefined, ...(args as never[]))) as never) : target
  enable = (): this => this
  disable = (): this => this
}

export const spans = new InMemorySpanExporter()
export const tracer: Tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).getTracer('test')

/** Every span that ended, under which one it stands, and to which it has a link; names out of ids of one run. */
export function tree(): { readonly name: string; readonly under?: string; readonly linked?: string }[] {
  const ended = spans.getFinishedSpans()
  const nameOf = (id: string): string => ended.find((span) => span.spanContext().spanId === id)?.name ?? 'unknown'
  return ended.map(({ name, parentSpanContext, links }) => ({
    name,
    ...(parentSpanContext && { under: nameOf(parentSpanContext.spanId) }),
    ...(links[0] && { linked: nameOf(links[0].context.spanId) }),
  }))
}
