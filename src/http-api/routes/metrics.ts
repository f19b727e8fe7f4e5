import type { Route } from '../route.js'

/** Figures for Prometheus. */
export const metricsRoutes: readonly Route[] = []
