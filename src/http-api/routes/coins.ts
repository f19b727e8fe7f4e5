import type { Route } from '../route.js'
import { coinHistoryRoutes } from './coins.history.js'
import { metadataRoutes } from './coins.metadata.js'
import { coinSearchRoutes } from './coins.search.js'

/** Assets, found and described. */
export const coinsRoutes: readonly Route[] = [...coinSearchRoutes, ...coinHistoryRoutes, ...metadataRoutes]
