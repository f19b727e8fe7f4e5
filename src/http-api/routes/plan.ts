import type { Route } from '../route.js'

/** Whom a request would ask. */
export const planRoutes: readonly Route[] = []
