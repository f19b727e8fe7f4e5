import type { Route } from '../route.js'

/** Discovery and models. */
export const reportsRoutes: readonly Route[] = []
