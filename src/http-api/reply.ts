import type { RouterResult } from '../model/result.js'

/** Several at once, or one of them missing. */
export type Results = readonly (RouterResult<unknown> | undefined)[]

/** What a route answers beyond plain JSON. */
export interface ReplyInit {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What the data came from: the provenance, caching and `X-Feedmux-…` headers follow from it. */
  readonly results?: Results | undefined
}

/** An answer with more to say than its JSON. A text is sent as it is. */
export class Reply {
  readonly body: object | string
  readonly init: ReplyInit

  constructor(body: object | string, init: ReplyInit = {}) {
    this.body = body
    this.init = init
  }
}

/** Data of the router, with its provenance: `provider, cached, stale, age_ms, latency_ms, degraded` are added to the body. */
export function fromRouter(results: RouterResult<unknown> | Results, body: object): Reply {
  const list = ('data' in results ? [results] : results).filter((one) => one !== undefined)
  return new Reply({ ...body, ...provenance(list) }, { results: list })
}

/** A file to be saved. */
export const attachment = (name: string, type: string, text: string): Reply =>
  new Reply(text, { headers: { 'content-type': `${type}; charset=utf-8`, 'content-disposition': `attachment; filename="${name}"` } })

/** A page. `policy`: what beyond its own text it may load, as a Content-Security-Policy. */
export const page = (html: string, policy = "default-src 'none'"): Reply =>
  new Reply(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy } })

function provenance(results: readonly RouterResult<unknown>[]): object {
  const [first] = results
  if (first === undefined) return {}
  return {
    provider: [...new Set(results.map(({ provider }) => provider))].join(','),
    cached: results.every(({ source }) => source === 'cache' || source === 'stale'),
    stale: results.some(({ source }) => source === 'stale'),
    age_ms: Math.max(...results.map(({ ageMs }) => Math.round(ageMs))),
    latency_ms: Math.max(...results.map(({ latencyMs }) => Math.round(latencyMs))),
    degraded: results.some(({ degraded }) => degraded === true),
  }
}
