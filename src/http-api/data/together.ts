import * as z from 'zod'
import { FeedmuxError } from '../../errors.js'
import { ApiError, failureOf } from '../failures.js'
import { iso } from '../fields.js'

/** A part of an answer that did not come, and why. */
export interface Missing {
  readonly part: string
  readonly reason: string
}

/** Left out where nothing is missing. */
export const missingField = z.array(z.object({ part: z.string(), reason: z.string() })).optional()

/** `missing`, where there is any. */
export const missingIn = (missing: readonly Missing[]): { missing?: readonly Missing[] } => (missing.length > 0 ? { missing } : {})

/** Questions by the name of the part that each answers. */
type Questions = Readonly<Record<string, Promise<unknown>>>

/** What came of several questions. */
export interface Together<Q extends Questions> {
  readonly got: { readonly [N in keyof Q]: Awaited<Q[N]> | undefined }
  readonly missing: readonly Missing[]
}

/** What a part may fail by. Anything else is a fault of ours, or a client that has gone. */
export const isTold = (error: unknown): boolean => FeedmuxError.is(error) || error instanceof ApiError

/** Waits for several questions at once: a part that fails is missing, with its reason. Throws the first reason where all fail, and whatever is no answer. */
export async function together<Q extends Questions>(questions: Q): Promise<Together<Q>> {
  const names = Object.keys(questions)
  const settled = await Promise.allSettled(Object.values(questions))
  const reasons = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
  const strange = reasons.find((reason) => !isTold(reason))
  if (strange !== undefined) throw strange
  if (reasons.length > 0 && reasons.length === settled.length) throw reasons[0]
  const got = Object.fromEntries(settled.map((one, index) => [names[index], one.status === 'fulfilled' ? one.value : undefined])) as Together<Q>['got']
  return { got, missing: settled.flatMap((one, index) => (one.status === 'rejected' ? { part: names[index] ?? '', reason: reasonOf(one.reason) } : [])) }
}

/** An error as the caller may hear it. */
export const reasonOf = (error: unknown): string => failureOf(error).message

/** When something was true, as far as its provider says, and when it came. Unix ms. */
interface Dated {
  readonly asOf?: number | undefined
  readonly fetchedAt: number
}

/** When the data was true, as far as the provider says, else when it came: Unix ms. */
export const asOf = ({ asOf: at, fetchedAt }: Dated): number => at ?? fetchedAt

/** The same as ISO text. */
export const asOfIso = (dated: Dated): string | null => iso(asOf(dated))
