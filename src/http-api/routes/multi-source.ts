import type { Route } from '../route.js'
import { sourceListRoutes } from './multi-source.lists.js'
import { sourcePriceRoutes } from './multi-source.prices.js'
import { sourceStateRoutes } from './multi-source.state.js'

/** Several sources beside each other. */
export const multiSourceRoutes: readonly Route[] = [...sourcePriceRoutes, ...sourceListRoutes, ...sourceStateRoutes]
