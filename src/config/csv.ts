import { ConfigError } from '../errors.js'
import type { Json } from './clean.js'
import { clean } from './clean.js'
import { importLegacy } from './legacy.js'
import { entryOf } from './own-format.js'
import { type ConfigReport, Findings } from './report.js'
import type { HttpDefinition, ProviderEntry } from './schema.js'

const MOST_CHARACTERS = 10_000_000
const MOST_ROWS = 10_000

/** Cells of these columns are JSON; the others are what they look like. */
const COLUMNS = [
  'id',
  'factory',
  'enabled',
  'priority',
  'weight',
  'role',
  'plan',
  'hosts',
  'limits',
  'options',
  'apiKeyFrom',
  'name',
  'baseUrl',
  'homepage',
  'docs',
  'key',
  'minSpacingMs',
  'dollarQuote',
  'assets',
  'attribution',
  'cors',
  'errors',
  'probe',
  'endpoints',
] as const
const FIGURES: ReadonlySet<string> = new Set(['priority', 'weight', 'minSpacingMs'])
const SWITCHES: ReadonlySet<string> = new Set(['enabled', 'cors', 'requires_auth', 'free'])
const STRUCTURES: ReadonlySet<string> = new Set(['hosts', 'limits', 'options', 'key', 'assets', 'attribution', 'errors', 'probe', 'endpoints', 'rate_limit'])

/** What a spreadsheet takes for a formula at the beginning of a cell; an apostrophe keeps it from that. */
const FORMULA = /^[=+\-@\t\r]/
const GUARDED = /^'(?=[=+\-@\t\r])/

/** Entries as CSV with a header, the columns that any of them uses. Cells that a spreadsheet would take for a formula begin with an apostrophe. */
export async function toCsv(entries: readonly (ProviderEntry | HttpDefinition)[]): Promise<string> {
  const { default: papa } = await import('papaparse')
  const fields = COLUMNS.filter((column) => column === 'id' || entries.some((entry) => column in entry))
  const rows = entries.map((entry) => fields.map((column) => cellOf((entry as Readonly<Record<string, unknown>>)[column])))
  return papa.unparse({ fields, data: rows }, { newline: '\n' })
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return FORMULA.test(text) ? `'${text}` : text
}

/** Entries out of CSV with a header: our columns, or those of a legacy list (`base_url`, `category` …). Bad rows are reported and left out. */
export async function fromCsv(text: string): Promise<{ readonly entries: readonly (ProviderEntry | HttpDefinition)[]; readonly report: ConfigReport }> {
  if (text.length > MOST_CHARACTERS) throw new ConfigError(`CSV: at most ${MOST_CHARACTERS / 1_000_000} MB expected, got more`)
  const { default: papa } = await import('papaparse')
  const { data, errors, meta } = papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: 'greedy',
    preview: MOST_ROWS,
    transformHeader: (name) => name.trim(),
  })
  const findings = new Findings()
  for (const { row, code } of errors)
    if (code !== 'UndetectableDelimiter') findings.wrong(row === undefined ? 'rows' : `rows[${row}]`, WORDS[code] ?? 'cannot be read')
  if (meta.truncated) findings.wrong('rows', `only the first ${MOST_ROWS} are read`)
  const rows = data.map((row, i) => valuesOf(row, `rows[${i}]`, findings))
  const cleaned = clean({ rows }, findings) as { readonly rows: readonly Json[] }
  if (meta.fields?.includes('base_url')) {
    const { providers } = importLegacy({ providers: cleaned.rows }, findings)
    return { entries: providers, report: findings.report() }
  }
  const entries = cleaned.rows.flatMap((row, i) => entryOf(row, `rows[${i}]`, findings) ?? [])
  return { entries, report: findings.report() }
}

const WORDS: Readonly<Record<string, string>> = {
  MissingQuotes: 'a quote that does not end',
  InvalidQuotes: 'a quote in the middle of a cell',
  TooFewFields: 'fewer cells than the header has',
  TooManyFields: 'more cells than the header has',
}

function valuesOf(row: Readonly<Record<string, string>>, path: string, findings: Findings): Record<string, unknown> {
  const cells = Object.entries(row).filter(([name, cell]) => name !== '__parsed_extra' && name !== '' && typeof cell === 'string' && cell.trim() !== '')
  return Object.fromEntries(cells.map(([name, cell]) => [name, valueOf(name, cell.trim().replace(GUARDED, ''), `${path}.${name}`, findings)]))
}

function valueOf(name: string, cell: string, path: string, findings: Findings): unknown {
  if (FIGURES.has(name)) return cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell)
  if (SWITCHES.has(name)) return /^(?:true|yes|1)$/i.test(cell) ? true : /^(?:false|no|0)$/i.test(cell) ? false : cell
  if (!STRUCTURES.has(name) && !(name === 'baseUrl' && cell.startsWith('['))) return cell
  try {
    return JSON.parse(cell) as unknown
  } catch {
    findings.wrong(path, 'JSON expected')
    return undefined
  }
}
