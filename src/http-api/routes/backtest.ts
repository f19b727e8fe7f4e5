import type { Route } from '../route.js'

/** Rules and correlations over past candles. */
export const backtestRoutes: readonly Route[] = []
