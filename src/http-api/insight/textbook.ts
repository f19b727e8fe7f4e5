/** One reading per value; undefined until there are enough of them. */
export type Readings = readonly (number | undefined)[]

/** Simple moving average. */
export const simpleAverage = (values: readonly number[], period: number): Readings =>
  values.map((_, i) => (i + 1 < period ? undefined : mean(values.slice(i + 1 - period, i + 1))))

/** Exponential moving average with the weight 2 / (period + 1), begun with the simple one. */
export function exponentialAverage(values: readonly number[], period: number): Readings {
  const weight = 2 / (period + 1)
  let last: number | undefined
  return values.map((value, i) => {
    if (i + 1 < period) return undefined
    last = last === undefined ? mean(values.slice(0, period)) : last + weight * (value - last)
    return last
  })
}

/** Wilder's relative strength, 0…100 (New Concepts in Technical Trading Systems, 1978). Undefined while the price has not moved. */
export function relativeStrength(closes: readonly number[], period: number): Readings {
  let [gain, loss] = [0, 0]
  return closes.map((close, i) => {
    const step = i === 0 ? 0 : close - (closes[i - 1] ?? close)
    const isWarm = i > period
    gain = isWarm ? (gain * (period - 1) + Math.max(step, 0)) / period : gain + Math.max(step, 0) / period
    loss = isWarm ? (loss * (period - 1) + Math.max(-step, 0)) / period : loss + Math.max(-step, 0) / period
    return i < period || gain + loss === 0 ? undefined : (100 * gain) / (gain + loss)
  })
}

/** Appel's moving average convergence/divergence: the line, and the average of it that it is held against. */
export function convergence(closes: readonly number[], fast: number, slow: number, smoothing: number): { readonly line: Readings; readonly signal: Readings } {
  const quickly = exponentialAverage(closes, fast)
  const line = exponentialAverage(closes, slow).map((value, i) => (value === undefined ? undefined : (quickly[i] ?? value) - value))
  const from = line.findIndex((value) => value !== undefined)
  if (from === -1) return { line, signal: line }
  const smoothed = exponentialAverage(
    line.filter((value) => value !== undefined),
    smoothing,
  )
  return { line, signal: line.map((_, i) => (i < from ? undefined : smoothed[i - from])) }
}

/** Arithmetic mean; not a number of nothing. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Standard deviation of a sample; not a number of fewer than two. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/** Pearson's coefficient, −1…1; undefined where one of them does not move, or with fewer than three pairs. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | undefined {
  if (pairs.length < 3) return undefined
  const [a, b] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))]
  const sum = (of: (pair: readonly [number, number]) => number): number => pairs.reduce((total, pair) => total + of(pair), 0)
  const spread = Math.sqrt(sum(([x]) => (x - a) ** 2) * sum(([, y]) => (y - b) ** 2))
  const value = sum(([x, y]) => (x - a) * (y - b)) / spread
  return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : undefined
}
