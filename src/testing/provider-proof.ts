import type { Capability } from '../model/capabilities.js'
import type { FailureReason } from '../model/result.js'
import type { ProviderOptions } from '../provider/provider.js'

/** One documented answer of a provider, written by hand from its documentation. */
export interface DocumentedAnswer<C extends Capability = Capability> {
  readonly capability: C
  readonly params: object
  /** Address that must be asked, not encoded; `{key}` stands for the key; a list where several are asked at the same time. Left out: not looked at. */
  readonly url?: string | readonly string[]
  /** Headers that must be sent, beside others; `{key}` stands for the key: `{ authorization: 'Bearer {key}' }`. */
  readonly sentHeaders?: Readonly<Record<string, string>>
  /** JSON body that must be sent; a list of them where several requests are. */
  readonly sent?: unknown
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** What the server answers: JSON, or a text; `several(…)` where several are asked at the same time. */
  readonly body: unknown
  /** What that is read as, to the last member. */
  readonly data: unknown
  /** The same answer changed in a way that must not pass: a price missing, a field renamed. */
  readonly drifted: unknown
  /** Time of the question, Unix ms. @default 2026-11-01T12:00:00Z */
  readonly now?: number
}

/** What the service answers to something that it does not know. */
export interface UnknownAnswer<C extends Capability = Capability> {
  readonly capability: C
  /** @default those of the first answer of the capability */
  readonly params?: object
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A failure as the service tells it. */
export interface DocumentedError<C extends Capability = Capability> {
  /** In a few words, for the test's name. */
  readonly says: string
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
  readonly reason: FailureReason
  /** Looked at where given. */
  readonly retryAfterMs?: number
  /** @default every capability of the proof */
  readonly capability?: C
}

/** What `describeProvider` needs to hold a provider against its documentation. */
export interface ProviderProof<C extends Capability = Capability> {
  /** At least one for each capability. */
  readonly answers: readonly DocumentedAnswer<C>[]
  /** At least one for each capability that is asked for a symbol or an asset. */
  readonly unknown?: readonly UnknownAnswer<C>[]
  /** At least one. */
  readonly errors: readonly DocumentedError<C>[]
  /** For the factory, beside a made-up key where one is required. */
  readonly options?: ProviderOptions & Readonly<Record<string, unknown>>
}

/** Where the tests go: vitest, Jest, Mocha and node:test all have these two. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => void | Promise<void>) => unknown
}
