import type { Route } from '../route.js'

/** Volumes and order books. */
export const tradingRoutes: readonly Route[] = []
