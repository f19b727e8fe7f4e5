import type { ForecastModel } from '../src/provider/derived/forecasting.js'

/** Shares of series that ended inside the interval: by level, by days ahead. */
export type Inside = Readonly<Record<string, Readonly<Record<string, number>>>>

/** World → whose assumptions hold there, and model → level → days ahead → share of series that ended inside the interval. */
export function coverage(
  models: readonly ForecastModel[],
): Record<string, { readonly holds: readonly string[]; readonly inside: Readonly<Record<string, Inside>> }>
/** The same as a table for people. */
export function tableOf(results: ReturnType<typeof coverage>): string
