import type { AnyProvider } from '../provider/provider.js'

/** Most requests that one question takes. */
export const mostCalls = ({ endpoints }: AnyProvider): number =>
  Math.max(1, ...Object.values(endpoints).map((endpoint) => ('calls' in endpoint ? endpoint.calls : undefined) ?? 1))
