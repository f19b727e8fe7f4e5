import type { AnyProvider } from '../../provider/provider.js'
import { whyAbsent } from '../../provider/retired.js'
import type { Pool } from '../../router/pools.js'
import type { ProviderStatus, Status } from '../../router/status.js'
import { notFound } from '../failures.js'
import type { Opening } from '../record/openings.js'
import type { Api } from '../route.js'

/** One provider with all that is known of it. Times in Unix ms. */
export interface Seen {
  readonly status: ProviderStatus
  readonly provider: AnyProvider
  /** When its breaker opened, or that of one of its capabilities, as far as the API saw it. */
  readonly opening: (capability?: string) => Opening | undefined
  /** When it was looked at. */
  readonly at: number
}

/** All providers. */
export function seen(api: Api, { providers, at }: Status = api.router.status()): Seen[] {
  const definitions = new Map(api.router.providers.map((provider) => [provider.id, provider]))
  return providers.flatMap((status) => {
    const provider = definitions.get(status.id)
    return provider ? [{ status, provider, opening: (capability) => api.record.openings.of(status.id, capability), at }] : []
  })
}

/** Ids of other systems have underscores where ours have hyphens. */
export const inOurForm = (id: string): string => id.toLowerCase().replaceAll('_', '-')

/** One provider, by its id or the form with underscores. Throws 404. */
export function seenOne(api: Api, id: string): Seen {
  const all = seen(api)
  const found = all.find(({ status }) => status.id === id) ?? all.find(({ status }) => status.id === inOurForm(id))
  if (found === undefined) throw notFound(`no provider '${id}'${whyAbsent(inOurForm(id))}: /api/providers lists those there are`)
  return found
}

/** One pool. Throws 404. */
export function poolOf(api: Api, id: string): Pool {
  const found = api.router.pools.list().find((pool) => pool.id === id)
  if (found === undefined) throw notFound(`no pool '${id}': there are ${named(api.router.pools.list().map((pool) => pool.id))}`)
  return found
}

const MOST_NAMED = 20

/** Names as a message may list them. */
export function named(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMED).join(', ') || 'none'
  return all.length > MOST_NAMED ? `${shown} and ${all.length - MOST_NAMED} more` : shown
}

/** Id of a member, by its id or the form with underscores. Throws 404. */
export function memberOf(pool: Pool, id: string): string {
  const own = pool.has(id) ? id : inOurForm(id)
  if (!pool.has(own)) throw notFound(`'${id}' is no member of pool '${pool.id}': /api/pools/${pool.id} lists them`)
  return own
}
