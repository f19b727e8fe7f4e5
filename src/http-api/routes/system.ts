import type { Route } from '../route.js'

/** What dashboards show. */
export const systemRoutes: readonly Route[] = []
