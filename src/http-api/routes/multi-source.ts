import type { Route } from '../route.js'

/** Several sources beside each other. */
export const multiSourceRoutes: readonly Route[] = []
