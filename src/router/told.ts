import type { RouterEvents } from '../model/events.js'
import type { RouterResult } from '../model/result.js'
import type { Env } from '../pipeline/env.js'
import type { Question } from '../pipeline/question.js'

/** Tells listeners how a request ended, and passes its end on. */
export async function told({ events, clock }: Env, question: Question, result: Promise<RouterResult<unknown>>): Promise<RouterResult<unknown>> {
  const { request, parent, capability, startedAt } = question
  const tell = (end: Pick<RouterEvents['request-settled'], 'provider' | 'source' | 'error' | 'attempts'>): void => {
    const at = clock.now()
    const { joined } = question
    events.emit('request-settled', { capability, at, request, latencyMs: at - startedAt, ...(joined && { joined }), ...(parent && { parent }), ...end })
  }
  try {
    const settled = await result
    const { provider, source, attempts } = settled
    tell({ provider, source, attempts: attempts.length })
    return settled
  } catch (error) {
    const attempts = (error as { attempts?: readonly unknown[] } | null)?.attempts?.length ?? 0 // a caller may leave with null
    tell({ error: error instanceof Error ? error.name : 'unknown', attempts })
    throw error
  }
}
