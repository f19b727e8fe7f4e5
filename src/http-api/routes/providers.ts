import type { Route } from '../route.js'

/** Who is asked, and how each is. */
export const providersRoutes: readonly Route[] = []
