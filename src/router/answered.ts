import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { RouterResult } from '../model/result.js'
import { run, type Stages } from '../pipeline/pipeline.js'
import { select } from '../pipeline/select.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import { Merging } from './merging.js'
import type { RequestOptions, RouterOptions } from './options.js'
import type { Asked, RouterQuestion } from './question.js'
import type { ResolvedOptions } from './resolve.js'

/** What answering needs of the router. */
export interface Answering {
  readonly stages: Stages
  readonly merging: Merging | undefined
  readonly question: (capability: Capability, params: unknown, options: Asked) => RouterQuestion
}

/** What gathers prices that are wanted at the same time; nothing where that was not chosen. */
export function mergingOf(
  { merge }: RouterOptions,
  { totalTimeoutMs, preferences }: ResolvedOptions,
  stages: Stages,
  states: ReadonlyMap<string, ProviderState>,
  question: Answering['question'],
): Merging | undefined {
  if (!merge) return undefined
  return new Merging(merge === true ? {} : merge, {
    env: stages.env,
    totalTimeoutMs,
    strictDollars: preferences.strictDollars,
    run: async (...asked) => run(stages, question(...asked)), // async: a router that was closed meanwhile throws
    attributionOf: (provider) => states.get(provider)?.provider.attribution,
  })
}

/** The answer to a question: asked as it is, or among others at the same time, or put together out of finer candles. */
export function answered({ stages, merging, question }: Answering, asked: RouterQuestion, options: RequestOptions): Promise<RouterResult<unknown>> {
  const { capability } = asked
  if (options.rollUp && capability === 'candles') return rolled({ stages, merging, question }, asked, { ...options, rollUp: undefined })
  const isPrice = capability === 'ticker' || capability === 'tickers'
  if (merging === undefined || !isPrice || !isPlain(options) || stages.cache.look(asked, asked.startedAt) === 'fresh') return run(stages, asked)
  return merging.ask(asked).then((result) => {
    const { data, provider, host, fetchedAt, asOf, degraded, source } = result
    const isNew = source === 'network' || source === 'shared'
    if (isNew && capability === 'ticker') stages.cache.keep(asked, { data, provider, host, fetchedAt, asOf, ...(degraded && { degraded }) }, fetchedAt)
    return result
  })
}

/** Nothing but a signal: whoever wants more is asked for alone. */
const isPlain = (options: RequestOptions): boolean => Object.entries(options).every(([name, value]) => value === undefined || name === 'signal')

function rolled({ stages, question }: Answering, whole: RouterQuestion, options: RequestOptions): Promise<RouterResult<unknown>> {
  const { params: asked, totalTimeoutMs } = whole
  const { clock } = stages.env
  const endsAt = clock.now() + totalTimeoutMs
  const asking = {
    run: (wanted: ParamsOf<'candles'>) => run(stages, question('candles', wanted, { ...options, whole, totalTimeoutMs: Math.max(1, endsAt - clock.now()) })),
    canBeHad: (wanted: ParamsOf<'candles'>) => {
      const one = question('candles', wanted, { ...options, request: 0 })
      return stages.cache.look(one, one.startedAt) !== 'none' || select(one.rehearsal(), () => undefined) !== undefined
    },
    now: () => clock.now(),
  }
  return import('./rolled-up.js').then((late) => late.rolledUp(asking, asked as ParamsOf<'candles'>)) // few ask for it
}
