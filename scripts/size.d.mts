/** Most bytes that the core may weigh, a provider on top of it, and the table of ids of one that has such a table. */
export const budget: { readonly core: number; readonly provider: number; readonly ids: number }
/** Most bytes that this provider may add. */
export function budgetOf(id: string): number
/** Bytes of the core, and of each provider beyond it. */
export function measure(): Promise<{ core: number; providers: Record<string, number> }>
