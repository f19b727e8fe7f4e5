/** Most bytes that the core may weigh, each provider on top of what providers share, and the table of ids of one that has such a table. */
export const budget: {
  readonly core: number
  readonly diagnosis: number
  readonly rollUp: number
  readonly sharing: number
  readonly provider: number
  readonly ids: number
}
/** The same of what providers share, by kind. */
export const sharedBudget: Readonly<Record<string, number>>
/** Providers that may weigh more than the others, and why. */
export const exceptions: Readonly<Record<string, { readonly bytes: number; readonly why: string }>>
/** Most bytes that this provider's own code may add. */
export function budgetOf(id: string): number
/**
 * Bytes of the core (out of dist/, which must be built), of what providers share beyond it by kind, and of each provider: all that it adds to
 * the core where there is no other provider, its own code beyond what is shared, and its table of ids.
 */
export function measure(isWanted?: (id: string, index: number) => boolean): Promise<{
  core: number
  /** Of `router.diagnose()`, which loads with its first call. */
  diagnosis: number
  /** Of `rollUp`, which loads with the first request for it. */
  rollUp: number
  /** Of the option `store`, which loads with the first request of a router that has one. */
  sharing: number
  shared: Record<string, number>
  providers: Record<string, number>
  own: Record<string, number>
  ids: Record<string, number>
}>
/** The text of a bundle of this code. The package's own name means what is published. */
export function textOf(contents: string): Promise<string>
