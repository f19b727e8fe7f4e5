import type { Route } from '../route.js'
import { overviewRoutes } from './market.overview.js'
import { priceRoutes } from './market.prices.js'
import { trendRoutes } from './market.trends.js'

/** Prices, candles and what moves. */
export const marketRoutes: readonly Route[] = [...overviewRoutes, ...priceRoutes, ...trendRoutes]
