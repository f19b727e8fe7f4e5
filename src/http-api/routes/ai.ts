import type { Route } from '../route.js'

/** Sentiment, forecasts and the models behind them. */
export const aiRoutes: readonly Route[] = []
