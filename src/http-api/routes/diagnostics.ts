import type { Route } from '../route.js'

/** What is wrong and what to do. */
export const diagnosticsRoutes: readonly Route[] = []
