import type { Route } from '../route.js'

/** Groups of providers. */
export const poolsRoutes: readonly Route[] = []
