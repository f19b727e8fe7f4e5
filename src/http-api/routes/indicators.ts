import type { Route } from '../route.js'

/** Technical indicators. */
export const indicatorsRoutes: readonly Route[] = []
