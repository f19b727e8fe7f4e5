import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import type { Asking } from './agree.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import { sourcesOf } from './independent.js'
import { Stop } from './stop.js'

/** Asks so many at once; the first good answer counts, the others are ended. Where all of them fail, the rest is asked as always: the race counts as one attempt. */
export async function raced(budget: Budget, runners: number, asking: Asking): Promise<Answer> {
  const stop = new Stop()
  const { signal, ask } = budget
  const onAbort = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const sources = sourcesOf(ask)
  const regular = sources.filter(({ lastResort }) => !lastResort)
  const ids = (regular.length > 0 ? regular : sources).slice(0, runners).map(({ id }) => id)
  const running = ids.map((id) => budget.inPart(ask.of(id), asking, { retries: 0, mayWait: false, signal: stop }))
  try {
    return await Promise.any(running)
  } catch (error) {
    const failed = (error as AggregateError).errors as readonly unknown[]
    const other = failed.find((one) => !AllProvidersFailedError.is(one) && !NoProviderError.is(one))
    if (other !== undefined) throw other
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop.abort(new DOMException('another provider was quicker', 'AbortError'))
    await Promise.allSettled(running) // ended at once: the trace of the losers belongs to the result
  }
  for (const candidate of ask.group.candidates) if (ids.includes(candidate.id)) ask.tries(candidate)
  if (ids.length > 0 && --budget.attemptsLeft <= 0) throw new AllProvidersFailedError(ask.key.replace(':', ' '), [...budget.failures.values()], budget.attempts)
  return asking(budget)
}
