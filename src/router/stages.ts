import { resolveClock } from '../model/clock.js'
import { ExtraBudget } from '../pipeline/budget.js'
import { Cache } from '../pipeline/cache.js'
import { Flights } from '../pipeline/coalesce.js'
import type { Env } from '../pipeline/env.js'
import { Hedge } from '../pipeline/hedge.js'
import { JumpGuard } from '../pipeline/jump-guard.js'
import type { Stages } from '../pipeline/pipeline.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import { Rates } from '../pipeline/rates.js'
import { RecentErrors } from '../pipeline/recent-errors.js'
import type { EventBus } from './events.js'
import type { RouterOptions } from './options.js'
import { DEFAULTS, type ResolvedOptions } from './resolve.js'
import { lateSharing } from './sharing/late.js'

/** What a router's requests pass through. Nothing is started, no clock is read. */
export function stagesOf(
  options: RouterOptions,
  { maxEntries, preferences: { strictDollars } }: ResolvedOptions,
  events: EventBus,
  states: ReadonlyMap<string, ProviderState>,
  request: Env['request'],
): Stages {
  const env: Env = {
    clock: resolveClock(options.clock),
    realTime: options.clock === undefined,
    random: options.random ?? (() => Math.random()),
    fetch: options.fetch,
    events,
    extras: new ExtraBudget(DEFAULTS.extraShare, DEFAULTS.extraFree),
    errors: new RecentErrors(),
    lastAnswerAt: -Infinity,
    request,
  }
  const { store } = options
  const cache = new Cache(env, maxEntries)
  if (store) env.sharing = lateSharing({ store, env, cache, events, states, strictDollars })
  return {
    env,
    cache,
    flights: new Flights(env),
    hedge: options.hedge ? new Hedge(options.hedge) : undefined,
    comparing: { rates: new Rates(), jumps: options.jumpGuard ? new JumpGuard(options.jumpGuard) : undefined },
  }
}
