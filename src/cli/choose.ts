import type { AnyProvider } from '../provider/provider.js'
import { whyAbsent } from '../provider/retired.js'
import { fastest } from '../strategies/fastest.js'
import { leastUsed } from '../strategies/least-used.js'
import { priority } from '../strategies/priority.js'
import { roundRobin } from '../strategies/round-robin.js'
import { score } from '../strategies/score.js'
import type { Strategy } from '../strategies/strategy.js'
import { weightedRandom } from '../strategies/weighted-random.js'
import { weighted } from '../strategies/weighted.js'
import type { CliIO, Factory } from './io.js'
import { keyOf, planOf } from './keys.js'
import { UsageError } from './usage-error.js'

const STRATEGIES: Readonly<Record<string, () => Strategy>> = {
  priority,
  weighted,
  'weighted-random': weightedRandom,
  'round-robin': roundRobin,
  'least-used': leastUsed,
  fastest,
  score,
}

/** The names that `--strategy` takes. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES)

/** The strategy of that name; none where none was named. */
export function strategyOf(name: string | undefined): Strategy | undefined {
  if (name === undefined) return undefined
  const make = Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name] : undefined
  if (make === undefined) throw new UsageError(`no strategy '${name}': choose ${STRATEGY_NAMES.join(', ')}`)
  return make()
}

/** The providers that were named, in that order, or all of them; with their keys. */
export function providersOf(ids: readonly string[], { registry, env }: Pick<CliIO, 'registry' | 'env'>): AnyProvider[] {
  const chosen = ids.length === 0 ? Object.keys(registry) : [...new Set(ids)]
  return chosen.map((id) => {
    const make = Object.hasOwn(registry, id) ? registry[id] : undefined
    if (make === undefined) throw new UsageError(`no provider '${id}'${whyAbsent(id)}: choose ${Object.keys(registry).join(', ')}`)
    return withKey(make, keyOf(id, env), planOf(id, env))
  })
}

// Where only one plan takes a key at all, a key means that plan.
function withKey(make: Factory, apiKey: string | undefined, chosen: string | undefined): AnyProvider {
  const { key, plans = {} } = make()
  const [keyed, another] = Object.entries(plans).filter(([, plan]) => plan.key !== undefined)
  const plan = chosen ?? (apiKey !== undefined && key === undefined && another === undefined ? keyed?.[0] : undefined)
  return make({ apiKey, plan })
}
