import type { Route } from '../route.js'

/** Clients of the live stream. */
export const sessionsRoutes: readonly Route[] = []
