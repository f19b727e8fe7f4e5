import type { Shared, StoreStatus } from '../../pipeline/sharing.js'
import { SharedAnswers } from './answers.js'
import type { SharingContext } from './late.js'
import { StoreLink } from './link.js'
import { Marks } from './marks.js'
import { SharedQuotas } from './quotas.js'
import { SharedRests } from './rests.js'

/** What a router does with its store. Loaded late: not part of what every router needs. */
export function shareState(context: SharingContext): Shared {
  const marks = new Marks(context.strictDollars)
  const link: StoreLink = new StoreLink(context.store, context.env, () => rests.begin())
  const answers = new SharedAnswers(context, link, marks)
  const quotas = new SharedQuotas(context, link, marks)
  const rests = new SharedRests(context, link, marks)
  rests.begin()
  return {
    recall: (question) => answers.recall(question),
    keep: (question, entry) => answers.keep(question, entry),
    admits: (...asked) => quotas.admits(...asked),
    takes: async (state, cost, requests, key) => (await quotas.take(state, cost, requests, key)) === 0,
    status: () => statusOf(link, answers, quotas),
    close: () => rests.close(),
  }
}

function statusOf({ state, since, why }: StoreLink, { found, written }: SharedAnswers, { refusals }: SharedQuotas): StoreStatus {
  return { state, ...(since !== undefined && { since }), ...(why !== undefined && { why }), answers: { found, written }, refusals }
}
