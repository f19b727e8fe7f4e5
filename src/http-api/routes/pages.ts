import type { Route } from '../route.js'

/** Pages for people, and the OpenAPI document. */
export const pagesRoutes: readonly Route[] = []
