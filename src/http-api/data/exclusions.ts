import type { Capability, ParamsOf } from '../../model/capabilities.js'
import type { Plan } from '../../router/plan.js'
import type { Asker } from './preferring.js'

/** Exclusions of who does not have what is asked for. */
export const UNKNOWN: ReadonlySet<string> = new Set(['unknown-asset', 'not-found'])
/** Exclusions of who would not be asked tomorrow either. */
export const NEVER: ReadonlySet<string> = new Set(['unsupported', 'no-dollars', 'over-limit', 'disabled', 'retired', 'key-missing', 'not-wanted'])

/** Whom the router would ask, and whom not. Asks nobody. */
export const planOf = <C extends Capability>({ api }: Pick<Asker, 'api'>, capability: C, params: ParamsOf<C>): Plan =>
  api.router.plan(capability as never, params as never)
