/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  /** Nothing is written where it is not known. */
  readonly value: number | undefined
  /** Of a summary. */
  readonly suffix?: '_sum' | '_count'
}

/** A metric and its values. */
export interface Family {
  /** In Prometheus' form: base units, counters end in `_total`. */
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'summary'
  readonly samples: readonly Sample[]
}

/** Type of the text, for the header. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Metrics in Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). A metric without a value is left out.
 * Values under the same labels are one series: counters are added up, of others the first holds.
 */
export const exposition = (families: readonly Family[]): string => families.map(textOf).join('')

function textOf({ name, help, type, samples }: Family): string {
  const series = new Map<string, number>()
  for (const { labels = {}, value, suffix = '' } of samples) {
    if (value === undefined || !Number.isFinite(value)) continue
    const key = `${name}${suffix}${labelsOf(labels)}`
    const former = series.get(key)
    series.set(key, former === undefined ? value : type === 'gauge' ? former : former + value)
  }
  if (series.size === 0) return ''
  const lines = [...series].map(([key, value]) => `${key} ${value}\n`)
  return `# HELP ${name} ${help.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
