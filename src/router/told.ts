import type { RouterResult } from '../model/result.js'
import type { Env } from '../pipeline/env.js'
import type { Question } from '../pipeline/question.js'

/** Tells listeners how a request ended, and passes its end on. */
export async function told(
  { events, clock }: Env,
  { capability, startedAt }: Question,
  result: Promise<RouterResult<unknown>>,
): Promise<RouterResult<unknown>> {
  try {
    const settled = await result
    const { provider, source, attempts } = settled
    const at = clock.now()
    events.emit('request-settled', { capability, at, latencyMs: at - startedAt, provider, source, attempts: attempts.length })
    return settled
  } catch (error) {
    const at = clock.now()
    const attempts = (error as { attempts?: readonly unknown[] }).attempts?.length ?? 0
    events.emit('request-settled', { capability, at, latencyMs: at - startedAt, error: error instanceof Error ? error.name : 'unknown', attempts })
    throw error
  }
}
