import type { ProviderStatus, RouterEvents, Status } from 'feedmux'
import type { ServerRouter } from './providers.ts'

/** Something that a person should know. */
export interface Alert {
  /** Unix ms. */
  readonly at: number
  readonly type: 'breaker-opened' | 'success-rate' | 'share-drift' | 'quota'
  readonly severity: 'warning' | 'critical'
  readonly provider: string
  readonly message: string
}

/** When an alert is made. */
export interface AlertRules {
  /** Share of requests that went well, since the last look, below which there is an alert, 0…1. @default 0.8 */
  readonly successRate?: number | undefined
  /** Least requests since the last look for that, and for the share. @default 20 */
  readonly minRequests?: number | undefined
  /** Distance of the actual share of traffic from its target, 0…1. @default 0.25 */
  readonly shareDrift?: number | undefined
  /** Used share of a quota, 0…1; when all is used the alert is critical. @default 0.8 */
  readonly quota?: number | undefined
  /** Between two looks, in ms. @default 30_000 */
  readonly everyMs?: number | undefined
}

/** Looks at the router again and again. */
export interface Alerts {
  /** Looks now. */
  look(): void
  close(): void
}

interface Counts {
  readonly requests: number
  readonly successes: number
}

/** Quotas of windows shorter than this fill and empty all the time. */
const SHORTEST_WINDOW_MS = 3_600_000

/** Tells of what begins, once: again only after it has ended. */
export function alerts(router: ServerRouter, rules: AlertRules, tell: (alert: Alert) => void): Alerts {
  const { successRate = 0.8, minRequests = 20, shareDrift = 0.25, quota = 0.8, everyMs = 30_000 } = rules
  let lasting = new Set<string>()
  let before = new Map<string, Counts>()

  function found(status: Status): Alert[] {
    return status.providers.flatMap((provider) => {
      const asked = provider.requests - (before.get(provider.id)?.requests ?? 0)
      const well = provider.successes - (before.get(provider.id)?.successes ?? 0)
      const isBusy = asked >= minRequests
      const rate = isBusy && well / asked < successRate ? [rateAlert(status.at, provider, well / asked)] : []
      const drift = isBusy && driftOf(provider) > shareDrift ? [driftAlert(status.at, provider)] : []
      return [...rate, ...drift, ...quotaAlerts(status.at, provider, quota)]
    })
  }

  function look(): void {
    const status = router.status()
    const now = found(status)
    for (const alert of now) if (!lasting.has(keyOf(alert))) tell(alert)
    lasting = new Set(now.map(keyOf))
    before = new Map(status.providers.map(({ id, requests, successes }) => [id, { requests, successes }]))
  }

  const opened = outages(tell)
  router.on('breaker-changed', opened)
  const timer = setInterval(look, everyMs).unref()
  return {
    look,
    close() {
      clearInterval(timer)
      router.off('breaker-changed', opened)
    },
  }
}

// quotas of the same provider differ by their windows, which the message tells
const keyOf = ({ type, provider, severity, message }: Alert): string =>
  type === 'quota' ? `${provider} ${message.replace(/\d+ of /, '')}` : `${type} ${provider} ${severity}`

const percent = (share: number): string => `${Math.round(share * 100)} %`

// A breaker that tries again and fails opens anew: that is the same outage.
function outages(tell: (alert: Alert) => void): (change: RouterEvents['breaker-changed']) => void {
  const lasting = new Set<string>()
  return (change) => {
    const name = `${change.provider} ${change.capability ?? ''}`
    if (change.state === 'closed') lasting.delete(name)
    if (change.state !== 'open' || lasting.has(name)) return
    lasting.add(name)
    tell(breakerAlert(change))
  }
}

function breakerAlert({ provider, at, capability, openUntil }: RouterEvents['breaker-changed']): Alert {
  const until = openUntil === undefined ? '' : ` until ${new Date(openUntil).toISOString()}`
  const what = capability === undefined ? '' : ` for ${capability}`
  return { at, type: 'breaker-opened', severity: 'critical', provider, message: `${provider} failed repeatedly: its breaker is open${what}${until}` }
}

const rateAlert = (at: number, { id }: ProviderStatus, rate: number): Alert => {
  const message = `only ${percent(rate)} of the last requests to ${id} went well`
  return { at, type: 'success-rate', severity: rate < 0.5 ? 'critical' : 'warning', provider: id, message }
}

const driftOf = ({ share }: ProviderStatus): number => (share.target === undefined || share.actual === undefined ? 0 : Math.abs(share.actual - share.target))

const driftAlert = (at: number, { id, share }: ProviderStatus): Alert => {
  const message = `${id} has ${percent(share.actual ?? 0)} of the traffic, ${percent(share.target ?? 0)} is its target`
  return { at, type: 'share-drift', severity: 'warning', provider: id, message }
}

function quotaAlerts(at: number, { id, quota }: ProviderStatus, most: number): Alert[] {
  return quota.flatMap(({ kind, perMs, used, limit }) => {
    if (kind === 'spacing' || perMs < SHORTEST_WINDOW_MS || limit <= 0 || used / limit < most) return []
    const isEmpty = used >= limit
    const message = `${used} of ${limit} ${kind === 'cost' ? 'units' : 'requests'} per ${Math.round(perMs / 3_600_000)} h are used${isEmpty ? ': nothing is left' : ''}`
    return [{ at, type: 'quota' as const, severity: isEmpty ? ('critical' as const) : ('warning' as const), provider: id, message: `${id}: ${message}` }]
  })
}
