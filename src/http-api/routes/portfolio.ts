import type { Route } from '../route.js'

/** Portfolios, price alerts and watchlists. */
export const portfolioRoutes: readonly Route[] = []
