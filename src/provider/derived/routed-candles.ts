import { AllProvidersFailedError, ConfigError, FeedmuxError, NoProviderError, ProviderError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import { closesAt } from '../../model/interval.js'
import type { Candle } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import type { CallContext } from '../provider.js'

/** Candles that something is computed from, oldest first, and who gave them. */
export interface RoutedCandles {
  readonly candles: readonly Candle[]
  readonly source: string
  /** When the source gave them, Unix ms: cached ones are older than the question. */
  readonly fetchedAt: number
}

/**
 * Asks the same router for candles. The running one is dropped unless it is wanted: its close is no close yet.
 * @param provider id of who computes: failures are told in its name
 */
export async function routedCandles(context: CallContext, params: ParamsOf<'candles'>, provider: string, running = false): Promise<RoutedCandles> {
  const {
    data,
    provider: source,
    fetchedAt,
  } = await asked(context, params).catch((error: unknown) => {
    throw lacking(error, params, provider)
  })
  // not now: one that ran when it was fetched has no close yet, however late it is
  const isClosed = ({ closed, openTime }: Candle): boolean => closed ?? closesAt(openTime, params.interval) <= fetchedAt
  return { candles: running ? data : data.filter(isClosed), source, fetchedAt }
}

/**
 * A question ends after a few attempts: a market that those do not have may be had elsewhere. They are remembered as not having it, so the same
 * question once more goes to the others, until somebody has it or nobody is left.
 */
function asked(context: CallContext, params: ParamsOf<'candles'>, rounds = ROUNDS): Promise<RouterResult<Candle[]>> {
  return context.request('candles', params).catch((error: unknown) => {
    if (rounds > 1 && AllProvidersFailedError.is(error) && isUnknown(error)) return asked(context, params, rounds - 1)
    throw error
  })
}

const ROUNDS = 5

/**
 * What it means for who computes that there are no candles. Whoever gives them is rested, opened and remembered already, and the computing
 * itself is well: a nested 401 must not park it for an hour, nor a nested outage open its breaker or send everything once more. So there are
 * two reasons only: an unknown market is unknown here as well, and all else is `circuit-open`, the reason that says "not to be asked now" and
 * in the table of outcomes has no repeat, no rest, no count and no memory. The message names what happened at each.
 */
function lacking(error: unknown, { symbol, interval }: ParamsOf<'candles'>, provider: string): unknown {
  if (!FeedmuxError.is(error)) return error // the caller's own abort
  const reason = ConfigError.is(error) ? 'bad-request' : isUnknown(error) ? 'not-found' : 'circuit-open'
  return new ProviderError({ provider, reason, message: `no candles of ${symbol} ${interval}: ${why(error)}` })
}

function why(error: FeedmuxError): string {
  if (AllProvidersFailedError.is(error)) return error.failures.map(({ message }) => message).join('; ') || 'nobody answered in time'
  if (!NoProviderError.is(error)) return error.message
  return error.excluded.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ') || 'no provider is configured for candles'
}

/** Whether nobody was left who may know the market: one who rests, or was not reached, may. */
function isUnknown(error: FeedmuxError): boolean {
  if (AllProvidersFailedError.is(error)) return error.attempts.length > 0 && error.attempts.every(({ reason }) => UNKNOWN.has(reason ?? ''))
  return NoProviderError.is(error) && error.excluded.some(({ reason }) => UNKNOWN.has(reason)) && error.excluded.every(({ reason }) => NEVER.has(reason))
}

const UNKNOWN: ReadonlySet<string> = new Set(['not-found', 'unknown-asset'])
/** Exclusions that are no matter of time. */
const NEVER: ReadonlySet<string> = new Set([...UNKNOWN, 'disabled', 'retired', 'unsupported', 'no-dollars', 'over-limit'])
