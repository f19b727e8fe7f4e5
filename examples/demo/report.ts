import Table from 'cli-table3'
import pc from 'picocolors'
import type { Insight } from './insights.ts'
import { PHASES } from './phases.ts'
import { percentile, type Statistics } from './statistics.ts'
import type { World } from './world.ts'

/** What must be true for the demo to have worked. */
export interface Verdict {
  readonly ok: boolean
  readonly text: string
}

/** Every request answered, every fault really met, at least half of the answers fresh from the simulated network. */
export function verdicts(world: World, statistics: Statistics, insights: readonly Insight[] = []): Verdict[] {
  const { asked, answered, sources } = statistics
  const faults = PHASES.flatMap(({ fault }) => (fault ? [{ name: fault.name, met: fault.met(world, statistics) }] : []))
  const fresh = answered === 0 ? 0 : sources.network / answered
  return [
    { ok: asked > 0 && answered === asked, text: `${answered} of ${asked} requests were answered` },
    { ok: faults.every(({ met }) => met > 0), text: `the faults were met: ${faults.map(({ name, met }) => `${name} ${met} times`).join(', ')}` },
    { ok: fresh >= 0.5, text: `${Math.round(fresh * 100)} % of the answers came fresh from the simulated network` },
    ...(insights.length > 0 ? [{ ok: insights.every(({ ok }) => ok), text: `found out beside prices: ${insights.map(({ name }) => name).join(', ')}` }] : []),
  ]
}

/** The tables at the end. */
export function report(world: World, statistics: Statistics): string {
  const all = world.ids.flatMap((id) => world.upstreams(id))
  const { sources, latenciesMs } = statistics
  const ms = (share: number): string => `${Math.round(percentile(latenciesMs, share) ?? 0)} ms`
  const summary = lines([
    ['answered', `${statistics.answered} of ${statistics.asked}`],
    ['latency p50 / p95 / p99', `${ms(0.5)} / ${ms(0.95)} / ${ms(0.99)}`],
    ['from network / cache / shared', `${sources.network} / ${sources.cache} / ${sources.shared}`],
    ['served stale', String(sources.stale)],
    ['failovers', String(statistics.failovers)],
    ['hedged attempts', String(statistics.hedges)],
    ['upstream calls', String(sum(all.map(({ calls }) => calls)))],
    ['429s met (the fault)', String(world.shown('coinbase', 'rate-limited'))],
    ['429s provoked (over a published limit)', String(sum(all.map(({ violations }) => violations)))],
  ])
  const unknown = [...new Set(all.flatMap(({ id, unknownPaths }) => unknownPaths.map((path) => `${id} ${path}`)))]
  return [summary, providers(world, statistics), ...(unknown.length > 0 ? [pc.yellow(`asked, but not simulated: ${unknown.join(', ')}`)] : [])].join('\n\n')
}

function providers(world: World, { answers, failures }: Statistics): string {
  const total = Math.max(1, sum([...answers.values()]))
  const rows = world.ids.map((id) => {
    const answered = answers.get(id) ?? 0
    const calls = sum(world.upstreams(id).map((upstream) => upstream.calls))
    return [id, String(calls), String(answered), String(failures.get(id) ?? 0), `${((answered / total) * 100).toFixed(1)} %`]
  })
  return lines([['provider (simulated)', 'calls', 'answers', 'failed', 'share'], ...rows])
}

function lines(rows: readonly (readonly string[])[]): string {
  const plain = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((part) => [part, '']),
  )
  const table = new Table({
    chars: { ...plain, middle: '   ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', ...Array.from({ length: 4 }, () => 'right' as const)],
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
