/** One comparison beside its target. */
export interface Row {
  /** `P3`: the target's number. */
  readonly id: string
  readonly what: string
  /** What was measured, in `unit`; a ratio where there is none. */
  readonly value: number
  readonly target: number
  /** @default a ratio, `×` */
  readonly unit?: string
  /** Above the target is good. @default false */
  readonly atLeast?: boolean
  /** The figures behind it, for reading. */
  readonly detail: string
}

/** Whether the target was reached. */
export const passed = ({ value, target, atLeast = false }: Row): boolean => (atLeast ? value >= target : value <= target)

/** One line of the table. */
export function line(row: Row): string {
  const { id, what, value, target, unit = '×', atLeast = false, detail } = row
  const goal = `${atLeast ? '≥' : '≤'} ${figure(target)} ${unit}`
  return `${passed(row) ? '✓' : '✗'} ${id.padEnd(4)} ${what.padEnd(58)} ${`${figure(value)} ${unit}`.padStart(12)}  ${goal.padEnd(12)} ${detail}`
}

/** How many targets were reached, and which were not. */
export function summary(rows: readonly Row[]): string {
  const missed = rows.filter((row) => !passed(row)).map(({ id }) => id)
  const list = missed.length === 0 ? '' : `, missed: ${[...new Set(missed)].join(', ')}`
  return `${rows.length - missed.length} of ${rows.length} targets reached${list}`
}

/** Three figures that matter. */
export function figure(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** `310 ns`, `4.2 µs` */
export function time(ns: number): string {
  if (ns < 1_000) return `${figure(ns)} ns`
  return ns < 1e6 ? `${figure(ns / 1e3)} µs` : `${figure(ns / 1e6)} ms`
}
