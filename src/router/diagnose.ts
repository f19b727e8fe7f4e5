import type { ProviderState } from '../pipeline/provider-state.js'
import type { HttpEndpoint } from '../provider/provider.js'
import type { ProviderStatus, Status } from './status.js'

/** How a diagnosis is made. */
export interface DiagnoseOptions {
  /** Ask every provider first, which costs quota: only so are hosts found that can't be reached. @default false */
  readonly look?: boolean | undefined
}

/** Something that is wrong, or will be. */
export interface Issue {
  /** `critical`: something can't be had. `warning`: it will be, or costs something. `info`: good to know. */
  readonly severity: 'critical' | 'warning' | 'info'
  readonly category: 'config' | 'network' | 'service' | 'quota' | 'clock'
  readonly provider?: string
  readonly title: string
  /** What to do. */
  readonly fix?: string
}

/** What `diagnose()` found, the worst first. */
export interface Diagnosis {
  /** Unix ms. */
  readonly at: number
  readonly issues: readonly Issue[]
}

/** Further than that a clock is wrong: signed requests and windows by the date go wrong with it. */
const SKEW_MS = 5_000
const NEARLY = 0.9
const SEVERITIES = ['critical', 'warning', 'info'] as const

/** Everything that a router's state says against its providers. Changes nothing. */
export function diagnosed({ providers }: Status, states: ReadonlyMap<string, ProviderState>, now: number): Diagnosis {
  const issues = [
    ...unserved(providers),
    ...clock([...states.values()]),
    ...providers.flatMap((status) => {
      const state = states.get(status.id)
      return state ? [...ofConfig(status, state), ...ofLimits(state), ...ofService(status, state, now), ...ofProbe(status), ...ofQuota(status)] : []
    }),
  ]
  return { at: now, issues: issues.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)) }
}

const isOff = ({ health }: ProviderStatus): boolean => health === 'disabled'
const isOut = ({ health }: ProviderStatus): boolean => health === 'disabled' || health === 'down' || health === 'rate-limited'

function* unserved(providers: readonly ProviderStatus[]): Iterable<Issue> {
  for (const capability of new Set(providers.flatMap(({ capabilities }) => capabilities))) {
    const serving = providers.filter(({ capabilities }) => capabilities.includes(capability))
    if (serving.some((one) => !isOut(one))) continue
    const names = serving.map(({ id, health }) => `${id} (${health})`).join(', ')
    const severity = serving.every(isOff) ? 'info' : 'critical' // what was never switched on is missed by nobody
    yield { severity, category: 'service', title: `nobody can be asked for ${capability} now: ${names}`, fix: 'add another provider for it' }
  }
}

const distance = (ms: number): string => `this machine's clock is ${Math.abs(Math.round(ms / 1_000))} s ${ms > 0 ? 'behind' : 'ahead of'}`

/** One clock that is wrong is theirs; where most say the same, it is ours. */
function* clock(states: readonly ProviderState[]): Iterable<Issue> {
  const told = states.flatMap(({ id, skewMs }) => (skewMs === undefined ? [] : [{ id, skewMs }])).toSorted((a, b) => a.skewMs - b.skewMs)
  const middle = told[(told.length - 1) >> 1]?.skewMs ?? 0
  const most = told.filter(({ skewMs }) => Math.abs(skewMs - middle) <= SKEW_MS).length
  const isOurs = told.length >= 2 && most > told.length / 2 && Math.abs(middle) > SKEW_MS
  if (isOurs) yield { severity: 'critical', category: 'clock', title: `${distance(middle)} those of its providers`, fix: 'set it by NTP' }
  for (const { id, skewMs } of told)
    if (Math.abs(skewMs - (isOurs ? middle : 0)) > SKEW_MS)
      yield { severity: 'info', category: 'clock', provider: id, title: `${distance(skewMs)} that of ${id}` }
}

function* ofConfig({ id, missesKey, isolated, capabilities }: ProviderStatus, { provider }: ProviderState): Iterable<Issue> {
  const { retired, key, enabled } = provider
  if (retired) {
    const fix = retired.replacement === undefined ? 'take it out' : `use ${retired.replacement}`
    yield { severity: 'warning', category: 'config', provider: id, title: `${id} is retired since ${retired.since}`, fix }
  } else if (missesKey) {
    const title = `${id} needs a key for ${capabilities.join(', ')}`
    yield { severity: 'warning', category: 'config', provider: id, title, fix: `give it an apiKey, from ${provider.homepage}; it is sent in the ${key?.in}` }
  } else if (enabled === false) yield { severity: 'info', category: 'config', provider: id, title: `${id} is switched off`, fix: 'enabled: true' }
  if (isolated) yield { severity: 'warning', category: 'config', provider: id, title: `${id} was taken out by hand`, fix: `router.restore('${id}')` }
}

/** Questions that take more at once than there is ever room for. */
function* ofLimits({ id, provider, ledger }: ProviderState): Iterable<Issue> {
  for (const [capability, { calls: requests = 1, cost = 1 }] of Object.entries(provider.endpoints as Readonly<Record<string, Partial<HttpEndpoint<never>>>>)) {
    const units = typeof cost === 'number' ? cost : 1
    const small = ledger?.tooSmallFor(units, requests)
    if (!small) continue
    const takes = small.kind === 'cost' ? `${units} units` : `${requests} requests at once`
    const title = `${id} is never asked: ${capability} takes ${takes}, its limits have room for ${small.limit} in a ${span(small.perMs)}`
    yield { severity: 'warning', category: 'config', provider: id, title, fix: 'give it limits or a plan with more room' }
  }
}

const date = (at: number): string => new Date(at).toISOString()

const FIXES: Readonly<Record<string, string>> = {
  unauthorized: 'look at its key and its plan',
  'geo-blocked': 'ask a host of another region, or from another region',
  'quota-exhausted': 'wait, take a larger plan, or add a provider',
}

function* ofService(
  { id, breaker, capabilityBreakers, cooldown, lastError, suspects, votes }: ProviderStatus,
  { ending }: ProviderState,
  now: number,
): Iterable<Issue> {
  if (breaker.state === 'open') {
    const title = `the breaker of ${id} is open until ${date(breaker.openUntil ?? now)}${lastError === undefined ? '' : `: ${lastError}`}`
    yield { severity: 'warning', category: 'service', provider: id, title }
  }
  for (const [capability, state] of Object.entries(capabilityBreakers))
    if (state === 'open')
      yield { severity: 'warning', category: 'service', provider: id, title: `${id} answers ${capability} otherwise than documented`, fix: 'update feedmux' }
  if (cooldown) {
    const { reason, until } = cooldown
    const severity = reason === 'unauthorized' ? 'critical' : reason === 'rate-limited' ? 'info' : 'warning'
    const fix = FIXES[reason]
    const category = reason === 'unauthorized' ? 'config' : reason === 'quota-exhausted' ? 'quota' : 'service'
    yield { severity, category, provider: id, title: `${id} rests until ${date(until)}: ${reason}`, ...(fix && { fix }) }
  }
  if (ending) {
    const title = `${id} announces its end${ending.at === undefined ? '' : ` on ${date(ending.at).slice(0, 10)}`}`
    yield { severity: 'warning', category: 'service', provider: id, title, fix: 'update feedmux, or plan for another provider' }
  }
  if (suspects)
    yield {
      severity: 'warning',
      category: 'config',
      provider: id,
      title: `${id} seems to mean other assets by ${suspects.join(', ')}`,
      fix: 'give its ids by options.assets',
    }
  if (votes?.isHeldBack) yield { severity: 'info', category: 'service', provider: id, title: `${id} keeps differing from the other sources` }
}

/** What a probe found, unless traffic has shown the contrary since. */
function* ofProbe({ id, probe, lastSuccessAt = -Infinity }: ProviderStatus): Iterable<Issue> {
  if (probe?.healthy !== false || lastSuccessAt > probe.at) return
  const { reason = 'unavailable' } = probe
  const category = reason === 'network' || reason === 'timeout' ? 'network' : reason === 'unauthorized' ? 'config' : 'service'
  const fix = FIXES[reason]
  const title = `${id} did not answer its probe: ${reason}`
  yield { severity: category === 'service' ? 'warning' : 'critical', category, provider: id, title, ...(fix && { fix }) }
}

function* ofQuota({ id, quota }: ProviderStatus): Iterable<Issue> {
  for (const { kind, used, limit, perMs, resetsAt } of quota) {
    if (kind === 'spacing' || used < limit * NEARLY) continue
    const title = `${id} used ${Math.round(used)} of ${limit} ${kind === 'cost' ? 'units' : 'requests'} per ${span(perMs)}, anew at ${date(resetsAt)}`
    yield { severity: used >= limit && perMs >= 86_400_000 ? 'warning' : 'info', category: 'quota', provider: id, title }
  }
}

function span(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const
  const [name, one] = units.find(([, size]) => ms >= size) ?? ['ms', 1]
  const count = ms / one
  return count === 1 ? name : `${Math.round(count * 10) / 10} ${name}s`
}
