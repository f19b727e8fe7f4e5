/** What a spreadsheet takes for a formula at the beginning of a cell; an apostrophe keeps it from that. */
const FORMULA = /^[=+\-@\t\r]/

/** A table as CSV by RFC 4180: a header, then the rows. A cell that is not known is empty. */
export function csv(columns: readonly string[], rows: readonly (readonly (string | number | boolean | null | undefined)[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: string | number | boolean | null | undefined): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
