import type { Route } from '../route.js'

/** Assets, found and described. */
export const coinsRoutes: readonly Route[] = []
