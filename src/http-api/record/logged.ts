import type { RouterEvents } from '../../model/events.js'
import type { LogEntry } from './log-book.js'

type Logged = { readonly [N in keyof RouterEvents]?: (event: RouterEvents[N]) => Omit<LogEntry, 'at'> | undefined }

const until = (at: number): string => `until ${new Date(at).toISOString()}`

/** What the log says of each event of a router. Requests that were answered, and every cache hit, would hide the rest: they are counted elsewhere. */
export const LOGGED: Logged = {
  'attempt-failed': ({ provider, capability, message, action, reason, status, latencyMs, host, hedged }) => ({
    level: 'warning',
    category: 'provider',
    message: `${message}${action === '' ? '' : `, ${action}`}`,
    provider,
    statusCode: status,
    responseTime: latencyMs,
    error: reason,
    extra: { capability, ...(host !== undefined && { host }), ...(hedged && { hedged }) },
  }),
  'request-settled': ({ capability, error, latencyMs, attempts }) =>
    error === undefined
      ? undefined
      : {
          level: error === 'AbortError' ? 'debug' : 'error',
          category: 'request',
          message: error === 'AbortError' ? `${capability} was given up by its caller` : `${capability} was not answered`,
          responseTime: latencyMs,
          error,
          extra: { capability, attempts },
        },
  'breaker-changed': ({ provider, capability, state, openUntil }) => ({
    level: state === 'open' ? 'error' : 'info',
    category: 'provider',
    message: `the breaker of ${provider}${capability === undefined ? '' : ` for ${capability}`} is ${state}${openUntil === undefined ? '' : ` ${until(openUntil)}`}`,
    provider,
    extra: { state, ...(capability !== undefined && { capability }) },
  }),
  'cooldown-started': ({ provider, reason, until: end }) => ({
    level: 'warning',
    category: 'provider',
    message: `${provider} rests ${until(end)}: ${reason}`,
    provider,
    error: reason,
  }),
  'cooldown-ended': ({ provider, reason }) => ({ level: 'info', category: 'provider', message: `${provider} is asked again after ${reason}`, provider }),
  'quota-forecast': ({ provider, kind, used, limit, perMs, resetsAt }) => ({
    level: 'warning',
    category: 'provider',
    message: `${provider} used ${Math.round(used)} of ${limit} ${kind === 'cost' ? 'units' : 'requests'} per ${perMs / 1_000} s, anew at ${new Date(resetsAt).toISOString()}`,
    provider,
  }),
  'cache-served-stale': ({ provider, capability, ageMs, reason }) => ({
    level: 'warning',
    category: 'request',
    message: `${capability} was answered with what ${provider} said ${Math.round(ageMs / 1_000)} s ago`,
    provider,
    error: reason,
    extra: { capability },
  }),
  'pool-rotated': ({ pool, from, to, reason }) => ({
    level: 'info',
    category: 'rotation',
    message: `pool ${pool} moved ${from === undefined ? '' : `from ${from} `}to ${to}: ${reason}`,
    provider: to,
    pool,
    extra: { reason },
  }),
  'provider-isolated': ({ provider }) => ({ level: 'warning', category: 'provider', message: `${provider} was taken out by hand`, provider }),
  'provider-restored': ({ provider }) => ({ level: 'info', category: 'provider', message: `${provider} was put back by hand`, provider }),
  'provider-retired': ({ provider, why, replacement }) => ({
    level: 'error',
    category: 'provider',
    message: `${provider} is retired: ${why}${replacement === undefined ? '' : `, use ${replacement}`}`,
    provider,
  }),
  'store-unavailable': ({ why }) => ({
    level: 'warning',
    category: 'system',
    message: `the store is not reached, this process works alone: ${why}`,
    error: why,
  }),
  'store-restored': () => ({ level: 'info', category: 'system', message: 'the store is reached again' }),
  'strategy-failed': ({ provider, capability }) => ({
    level: 'error',
    category: 'system',
    message: `the strategy gave no cost for ${provider}, which was put last for ${capability}`,
    provider,
    extra: { capability },
  }),
}
