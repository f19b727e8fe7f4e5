import type { Route } from '../route.js'

/** The background worker. */
export const workerRoutes: readonly Route[] = []
