/** A line of a metric. */
interface ParsedSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric as a scraper reads it. */
export interface ParsedFamily {
  readonly type: string
  readonly help: string
  readonly samples: ParsedSample[]
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y

/**
 * Reads Prometheus' text format 0.0.4 as strictly as it is written down (https://prometheus.io/docs/instrumenting/exposition_formats/): throws for a line that
 * is none, a series that is there twice, a metric without its type before it, a counter below 0.
 */
export function parsed(text: string): Map<string, ParsedFamily> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line must end')
  const families = new Map<string, ParsedFamily>()
  const seen = new Set<string>()
  let help: [name: string, text: string] | undefined
  let current: string | undefined
  for (const line of text.split('\n').slice(0, -1)) {
    const [, helpName, helpText] = /^# HELP (\S+) (.*)$/.exec(line) ?? []
    const [, typeName, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? []
    if (helpName !== undefined) help = [helpName, helpText ?? '']
    else if (typeName !== undefined) {
      if (families.has(typeName)) throw new Error(`${typeName} is there twice`)
      families.set(typeName, { type: type ?? '', help: help?.[0] === typeName ? help[1] : '', samples: [] })
      current = typeName
    } else {
      const sample = sampleOf(line)
      const family = families.get(current ?? '')
      if (family === undefined || !belongs(sample.name, current ?? '', family.type)) throw new Error(`no type before: ${line}`)
      const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted(([a], [b]) => a.localeCompare(b)))}`
      if (seen.has(key)) throw new Error(`a series twice: ${line}`)
      if (family.type === 'counter' && !(sample.value >= 0)) throw new Error(`a counter below 0: ${line}`)
      seen.add(key)
      family.samples.push(sample)
    }
  }
  return families
}

const belongs = (name: string, family: string, type: string): boolean =>
  name === family || (type === 'summary' && /^_(?:sum|count)$/.test(name.slice(family.length)))

function sampleOf(line: string): ParsedSample {
  const [, name, labelText = '', valueText] = LINE.exec(line) ?? []
  if (name === undefined || valueText === undefined) throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  let end = 0
  for (let match = LABEL.exec(labelText); match; match = LABEL.exec(labelText)) {
    const [, label = '', value = ''] = match
    labels[label] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
    end = LABEL.lastIndex
  }
  const value = Number(valueText)
  if (end !== labelText.length || Number.isNaN(value)) throw new Error(`no sample: ${line}`)
  return { name, labels, value }
}
