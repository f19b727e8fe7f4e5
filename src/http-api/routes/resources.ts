import type { Route } from '../route.js'

/** The configured sources. */
export const resourcesRoutes: readonly Route[] = []
