import type { Route } from '../route.js'

/** Articles. */
export const newsRoutes: readonly Route[] = []
