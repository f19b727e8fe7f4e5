import { BadResponseError } from '../errors.js'
import { baseUnits } from '../provider/chain/base-units.js'
import { canonicalUrl } from '../provider/news/news.js'
import { plainText } from '../provider/news/plain-text.js'
import { read } from '../provider/read.js'
import type { Expression } from './expression.js'
import type { FieldKind } from './fields.js'

/** One field as it is read: where it stands, and as what. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly at: Expression
  readonly as?: 's' | 'ms' | 'iso' | undefined
  readonly scale?: number | undefined
}

/** Fields of one row that are there. */
export type Fields = Readonly<Record<string, unknown>>

/** A longer list is refused: nobody knows which end of it is wanted. */
const MOST_ROWS = 50_000

/** The rows of an answer. */
export function rowsIn(body: unknown, list: Expression | undefined): unknown[] {
  const rows = read.array(list ? list(body) : body, 'list')
  if (rows.length > MOST_ROWS) throw new BadResponseError(`list: at most ${MOST_ROWS} rows expected, got ${rows.length}`)
  return rows
}

/** The fields of one row. Throws `BadResponseError` where one is missing or is not what it should be. */
export function fieldsOf(row: unknown, fields: readonly Field[]): Fields {
  const found: Record<string, unknown> = {}
  for (const field of fields) {
    const value = fieldOf(field.at(row), field)
    if (value !== undefined) found[field.name] = value
  }
  return found
}

/** The fields of each row; one that cannot be is left out, unless there are only such. */
export function readable(rows: readonly unknown[], fields: readonly Field[]): Fields[] {
  let refused: BadResponseError | undefined
  const understood = rows.flatMap((row) => {
    try {
      return [fieldsOf(row, fields)]
    } catch (error) {
      if (!(error instanceof BadResponseError)) throw error
      refused ??= error
      return []
    }
  })
  if (refused !== undefined && understood.length === 0) throw refused
  return understood
}

/** Texts that may hold markup, as plain text. */
export async function plainRows<T extends Fields>(rows: readonly T[], names: readonly string[]): Promise<T[]> {
  return Promise.all(
    rows.map(async (row) => {
      const found = await Promise.all(names.map(async (name) => [name, typeof row[name] === 'string' ? await plainText(row[name]) : ''] as const))
      const kept = Object.entries(row).filter(([name]) => !names.includes(name))
      return Object.fromEntries([...kept, ...found.filter(([, text]) => text !== '')]) as T
    }),
  )
}

function fieldOf(value: unknown, field: Field): unknown {
  const { name, kind } = field
  const needed = kind.endsWith('!')
  const found = value === undefined || value === null || value === '' ? undefined : valueOf(value, field)
  if (found === undefined && needed) throw new BadResponseError(`${name}: expected, got nothing of the kind`)
  return found
}

function valueOf(value: unknown, { name, kind, as, scale }: Field): unknown {
  switch (kind.replace('!', '')) {
    case 'price':
      return read.positiveOrNone(scaled(value, scale, name), name)
    case 'amount':
      return read.amount(scaled(value, scale, name), name)
    case 'number':
      return read.number(scaled(value, scale, name), name)
    case 'whole':
      return whole(value, name)
    case 'time':
      return as === 's' ? read.seconds(value, name) : as === 'ms' ? read.millis(value, name) : read.isoTime(value, name)
    case 'id':
      return typeof value === 'number' ? String(read.number(value, name)) : read.string(value, name)
    case 'symbol':
      return line(value, name)?.toUpperCase()
    case 'plain':
      return line(value, name)
    case 'url':
      return canonicalUrl(value)
    case 'texts':
      return texts(value, name)
    case 'flag':
      return flag(value, name)
    case 'units':
      return units(value, name)
    case 'levels':
      return read.array(value, name)
    case 'shares':
      return shares(value, scale, name)
    default:
      return read.string(value, name)
  }
}

const scaled = (value: unknown, scale: number | undefined, at: string): unknown => (scale === undefined ? value : read.number(value, at) * scale)

function whole(value: unknown, at: string): number {
  const number = typeof value === 'string' && /^0x[\da-f]{1,13}$/i.test(value) ? Number.parseInt(value, 16) : read.amount(value, at)
  if (!Number.isSafeInteger(number)) throw new BadResponseError(`${at}: a whole number expected, got another`)
  return number
}

function line(value: unknown, at: string): string | undefined {
  const text = read
    .string(value, at)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return text === '' ? undefined : text
}

function texts(value: unknown, at: string): string[] | undefined {
  const list = read.array(value, at).filter((one): one is string => typeof one === 'string' && one !== '')
  return list.length === 0 ? undefined : list
}

function flag(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw new BadResponseError(`${at}: true or false expected`)
  return value
}

function units(value: unknown, at: string): string {
  if (typeof value === 'string' && /^0x[\da-f]{1,64}$/i.test(value)) return BigInt(value).toString()
  return baseUnits(value, at).toString()
}

/** Shares by symbol, in percent. */
function shares(value: unknown, scale: number | undefined, at: string): Record<string, number> {
  const known = Object.entries(read.object(value, at)).filter(([, share]) => share !== null && share !== '')
  return Object.fromEntries(known.map(([symbol, share]) => [symbol.toUpperCase(), read.amount(scaled(share, scale, at), at)] as const))
}
