import type { Route } from '../route.js'

/** Exchanges. */
export const exchangesRoutes: readonly Route[] = []
