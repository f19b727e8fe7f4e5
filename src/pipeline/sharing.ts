import type { Outcome } from './answer.js'
import type { ProviderState } from './provider-state.js'
import type { Budget } from './budget.js'
import type { Entry } from './cache.js'
import type { Job } from './job.js'
import type { Question } from './question.js'

/** How it stands with the store. `unknown`: not asked yet. `unavailable`: the router works alone. */
export type StoreState = 'unknown' | 'connected' | 'unavailable'

/** The store as `status()` shows it. Times in Unix ms. */
export interface StoreStatus {
  readonly state: StoreState
  /** Since when it is so. */
  readonly since?: number
  /** Why it is unavailable: `timeout`, or the code or class of an error. */
  readonly why?: string
  /** Answers of other routers that were found there, answers that were written, and calls that the store had no room for. */
  readonly answers?: { readonly found: number; readonly written: number }
  readonly refusals?: number
}

/** What the stages do with a store. Nothing of it throws, but for a caller who left, and nothing waits longer than the store's patience. */
export interface Shared {
  /** Brings what the store knows of a question into memory. */
  recall(question: Question): Promise<void>
  keep(question: Question, entry: Entry): void
  /** Makes a try when its quota was taken out of what all share; `full` where that is not had in time. */
  admits(budget: Budget, job: Job, key: string | undefined, asks: () => Promise<Outcome>): Promise<Outcome | 'full'>
  /** The same without waiting for it. */
  takes(state: ProviderState, cost: number, requests: number, key: string | undefined): Promise<boolean>
  status(): StoreStatus
  close(): void
}

/** Shared state of a router, loaded with its first request. */
export interface Sharing {
  /** Nothing until it is loaded. */
  shared?: Shared
  loading?: Promise<Shared>
  load(): Promise<Shared>
}
