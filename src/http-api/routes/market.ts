import type { Route } from '../route.js'

/** Prices, candles and what moves. */
export const marketRoutes: readonly Route[] = []
