import * as z from 'zod'
import type { Diagnosis, Issue } from '../../router/diagnose.js'
import { badRequest, notFound } from '../failures.js'
import { iso, isoField, known, words } from '../fields.js'
import { type Api, route } from '../route.js'

const tag = 'Diagnostics'

const issueAnswer = z.object({
  severity: z.enum(['critical', 'warning', 'info']),
  category: z.enum(['dependency', 'config', 'network', 'service', 'model', 'filesystem']),
  provider_id: words,
  title: z.string(),
  description: z.string(),
  fixable: z.boolean().describe('whether somebody can do something about it'),
  fix_action: words,
  auto_fixed: z.literal(false),
  timestamp: isoField,
})

const answer = z.object({
  timestamp: isoField,
  total_issues: z.int(),
  critical_issues: z.int(),
  warnings: z.int(),
  info_issues: z.int(),
  issues: z.array(issueAnswer),
  fixed_issues: z.array(z.never()).describe('always empty: it reports, and repairs nothing'),
  system_info: z.object({ runtime: words, platform: words, architecture: words }),
  duration_ms: z.number(),
})

type Report = z.infer<typeof answer>

/** A quota is a matter of the service, a clock one of the set-up. */
const CATEGORIES = { config: 'config', network: 'network', service: 'service', quota: 'service', clock: 'config' } as const satisfies Record<
  Issue['category'],
  Report['issues'][number]['category']
>

const MEANINGS = {
  critical: 'something cannot be had until this changes',
  warning: 'something is lacking, or will be',
  info: 'good to know',
} as const satisfies Record<Issue['severity'], string>

function reportOf(api: Api, { at, issues }: Diagnosis, startedAt: number): Report {
  const count = (wanted: Issue['severity']): number => issues.filter(({ severity }) => severity === wanted).length
  const timestamp = iso(at) ?? ''
  const { runtime, platform, architecture } = api.options.system?.() ?? {}
  return {
    timestamp,
    total_issues: issues.length,
    critical_issues: count('critical'),
    warnings: count('warning'),
    info_issues: count('info'),
    issues: issues.map(({ severity, category, provider, title, fix }) => ({
      severity,
      category: CATEGORIES[category],
      provider_id: known(provider),
      title,
      description: MEANINGS[severity],
      fixable: fix !== undefined,
      fix_action: known(fix),
      auto_fixed: false as const,
      timestamp,
    })),
    fixed_issues: [],
    system_info: { runtime: known(runtime), platform: known(platform), architecture: known(architecture) },
    duration_ms: Math.round(api.options.clock.monotonic() - startedAt),
  }
}

const reports = new WeakMap<Api, Report>()
const underWay = new WeakMap<Api, Promise<Report>>()

/** A run costs quota: whoever asks meanwhile gets the same. */
function diagnosed(api: Api): Promise<Report> {
  const running = underWay.get(api)
  if (running) return running
  const startedAt = api.options.clock.monotonic()
  const run = api.router
    .diagnose({ look: true })
    .then((diagnosis) => {
      const report = reportOf(api, diagnosis, startedAt)
      reports.set(api, report)
      const { total_issues, critical_issues } = report
      const level = critical_issues > 0 ? 'error' : total_issues > 0 ? 'warning' : 'info'
      api.record.log.add({
        level,
        category: 'health_check',
        message: `all providers were looked at: ${total_issues} issues, ${critical_issues} of them critical`,
      })
      return report
    })
    .finally(() => underWay.delete(api))
  underWay.set(api, run)
  return run
}

const run = route({
  method: 'POST',
  path: '/api/diagnostics/run',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Probes every provider and tells what is wrong; changes nothing',
  query: z.object({ auto_fix: z.boolean().default(false).describe('only false: it never repairs') }),
  answer,
  run({ api, query }) {
    if (query.auto_fix) throw badRequest('auto_fix: only false is possible: diagnostics report, and never repair')
    return diagnosed(api)
  },
})

const last = route({
  method: 'GET',
  path: '/api/diagnostics/last',
  tag,
  kind: 'state',
  summary: 'What the last run found',
  errors: [404],
  answer,
  run({ api }) {
    const report = reports.get(api)
    if (report === undefined) throw notFound('no diagnostics were run yet: POST /api/diagnostics/run')
    return report
  },
})

/** What is wrong, and what to do. */
export const diagnosticsRoutes = [run, last]
