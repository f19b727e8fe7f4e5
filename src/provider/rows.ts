import { BadResponseError } from '../errors.js'
import { read } from './read.js'

/** One record of an answer, nothing of it read. */
export type Row = Readonly<Record<string, unknown>>

/** The records of a list. */
export const rowsOf = (list: unknown, at: string): Row[] => read.array(list, at).map((row) => read.object(row, at))

/** A list that always holds something. */
export function some<T>(rows: readonly T[], at: string): readonly T[] {
  if (rows.length === 0) throw new BadResponseError(`${at}: at least one row expected, got none`)
  return rows
}

/** The row of the asked market, which stands under `name` as its `member`. */
export function rowOf(rows: readonly Row[], member: string, name: string): Row {
  const row = rows.find((one) => one[member] === name)
  if (row === undefined) throw new BadResponseError(`${member}: the asked one expected, got another`)
  return row
}
