import type { Route } from '../route.js'

/** What happened. */
export const logsRoutes: readonly Route[] = []
