import type { Route } from '../route.js'

/** What is talked about. */
export const socialRoutes: readonly Route[] = []
