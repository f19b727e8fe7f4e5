import { EXPOSITION_TYPE, exposition, type Family, type Sample } from '../../telemetry/exposition.js'
import { prometheusText } from '../../telemetry/prometheus.js'
import type { RouteCount } from '../record/route-counts.js'
import { Reply } from '../reply.js'
import { route } from '../route.js'

const metrics = route({
  method: 'GET',
  path: '/metrics',
  tag: 'Monitoring',
  kind: 'state',
  summary: 'Figures of the router and of this API, for Prometheus',
  produces: 'text/plain',
  run: ({ api }) => new Reply(prometheusText(api.router) + exposition(ofRoutes(api.record.routes.list())), { headers: { 'content-type': EXPOSITION_TYPE } }),
})

/** Labels are routes as they are written, `/api/providers/{id}`, never paths as they came: whoever asks can't make new series. */
function ofRoutes(counts: readonly RouteCount[]): Family[] {
  const each = (valueOf: (count: RouteCount) => number, suffix?: '_sum' | '_count'): Sample[] =>
    counts.map((count) => ({ labels: { method: count.method, route: count.path }, value: valueOf(count), ...(suffix && { suffix }) }))
  return [
    { name: 'feedmux_http_requests_total', type: 'counter', help: 'Requests to this API.', samples: each(({ requests }) => requests) },
    {
      name: 'feedmux_http_requests_failed_total',
      type: 'counter',
      help: 'Requests that were answered with a status of 500 or above.',
      samples: each(({ requests, successes }) => requests - successes),
    },
    {
      name: 'feedmux_http_request_duration_seconds',
      type: 'summary',
      help: 'Time until the answer.',
      samples: [...each(({ averageMs, requests }) => (averageMs * requests) / 1_000, '_sum'), ...each(({ requests }) => requests, '_count')],
    },
  ]
}

/** Figures for Prometheus. */
export const metricsRoutes = [metrics]
