const SIGNIFICANT = 6

/** A price with as many digits as it needs: cents for thousands, more for fractions of a cent. */
export function price(value: number): string {
  const digits = value === 0 || Math.abs(value) >= 1 ? 2 : Math.min(12, SIGNIFICANT - 1 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, digits) })
}

/** `12.3M` */
export function amount(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 })
}

/** `+1.50 %` */
export function percent(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)} %`
}

/** `+0.42`, `-1.00`: a figure whose sign matters. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`
}

/** A length of time: `350 ms`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const
  const [size, name] = units.find(([unit]) => ms >= unit) ?? [1_000, 's']
  return `${Number((ms / size).toFixed(1))} ${name}`
}

/** `2026-11-02 14:00`, in UTC. */
export function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** `text`, or `-` for what is not known. */
export function orDash(text: string | undefined): string {
  return text ?? '-'
}
