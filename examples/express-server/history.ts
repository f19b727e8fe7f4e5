import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { DatabaseReadings } from 'feedmux/http-api'

const DAY_MS = 86_400_000

/** Columns of each table. All rows carry `at`, Unix ms; a row with the key of another one takes its place. */
const TABLES = {
  prices: ['at', 'symbol', 'price', 'change_24h', 'provider'],
  candles: ['at', 'symbol', 'interval', 'open', 'high', 'low', 'close', 'volume', 'provider'],
  news: ['at', 'id', 'title', 'url', 'publisher', 'sentiment'],
  sentiment: ['at', 'kind', 'value', 'label', 'provider'],
  gas: ['at', 'chain', 'slow', 'standard', 'fast', 'provider'],
  health: ['at', 'provider', 'status', 'success_rate', 'latency_ms', 'requests'],
  rotations: ['at', 'pool', 'from', 'to', 'reason'],
  failures: ['at', 'provider', 'capability', 'reason', 'status', 'message'],
  alerts: ['at', 'type', 'severity', 'message'],
} as const

/** What makes a row of a table the same row. */
const KEYS: Partial<Record<Table, readonly string[]>> = {
  // both collections may find the same answer in the cache
  prices: ['symbol', 'at'],
  gas: ['chain', 'at'],
  candles: ['symbol', 'interval', 'at'],
  news: ['id'],
}
// what is looked for by something else than time, which all are
const INDEXES: Partial<Record<Table, readonly string[]>> = { health: ['provider', 'at'] }

/** A kind of rows. */
export type Table = keyof typeof TABLES
/** A row; what is not known is null. */
export type Row<T extends Table> = Readonly<Record<(typeof TABLES)[T][number], string | number | null>>

/** How much is kept. */
export interface Retention {
  /** @default 30 */
  readonly days?: number | undefined
  /** Of each table. @default 300_000, enough for twenty providers and thirty days */
  readonly rows?: number | undefined
}

/** What was collected. */
export interface History {
  /** Keeps rows, all or none of them; gives how many. */
  save<T extends Table>(table: T, rows: readonly Row<T>[]): number
  /** Rows since a time, oldest first; at most `limit`, the newest. */
  since<T extends Table>(table: T, from: number, where?: Partial<Row<T>>, limit?: number): Row<T>[]
  /** Drops what is older or more than is kept; gives how many rows. */
  prune(now: number): number
  readings(): DatabaseReadings
  close(): void
}

const NAMES = Object.keys(TABLES) as Table[]
const list = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ')

/** Opens the history in a file, or in memory with ':memory:'. Throws where the file can't be opened. */
export function openHistory(file: string, { days = 30, rows: most = 300_000 }: Retention = {}): History {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000')
  for (const table of NAMES) database.exec(schemaOf(table))
  const statements = new Map(NAMES.map((table) => [table, database.prepare(insertOf(table))]))
  let entries: number | undefined
  const all = (work: () => number): number => {
    entries = undefined
    return together(database, work)
  }

  return {
    save: (table, rows) =>
      all(() => {
        const statement = statements.get(table)
        const columns: readonly string[] = TABLES[table]
        for (const row of rows) statement?.run(...columns.map((column) => (row as Record<string, SQLInputValue>)[column] ?? null))
        return rows.length
      }),
    since<T extends Table>(table: T, from: number, where: Partial<Row<T>> = {}, limit = 1_000) {
      const conditions = Object.keys(where).map((column) => ` AND "${columnOf(table, column)}" = ?`)
      const query = `SELECT * FROM ${table} WHERE at >= ?${conditions.join('')} ORDER BY at DESC, rowid DESC LIMIT ?`
      return (database.prepare(query).all(from, ...(Object.values(where) as SQLInputValue[]), limit) as Row<T>[]).reverse()
    },
    prune: (now) => all(() => NAMES.reduce((sum, table) => sum + pruned(database, table, now - days * DAY_MS, most), 0)),
    readings: () => ({ name: 'SQLite', connected: database.isOpen, ...(database.isOpen && { entries: (entries ??= rowsIn(database)) }) }),
    close: () => database.isOpen && database.close(),
  }
}

/** All of it, or nothing. */
function together(database: DatabaseSync, work: () => number): number {
  database.exec('BEGIN')
  try {
    const count = work()
    database.exec('COMMIT')
    return count
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

const rowsIn = (database: DatabaseSync): number =>
  NAMES.reduce((sum, table) => sum + Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0), 0)

function pruned(database: DatabaseSync, table: Table, before: number, most: number): number {
  const old = database.prepare(`DELETE FROM ${table} WHERE at < ?`).run(before)
  const more = database.prepare(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)`).run(most)
  return Number(old.changes) + Number(more.changes)
}

function schemaOf(table: Table): string {
  const key = KEYS[table]
  const unique = key === undefined ? '' : `, UNIQUE (${list(key)})`
  const index = INDEXES[table]
  const second = index === undefined ? '' : `CREATE INDEX IF NOT EXISTS ${table}_index ON ${table} (${list(index)});`
  return `CREATE TABLE IF NOT EXISTS ${table} (${list(TABLES[table])}${unique}); CREATE INDEX IF NOT EXISTS ${table}_at ON ${table} (at); ${second}`
}

const insertOf = (table: Table): string => `INSERT OR REPLACE INTO ${table} (${list(TABLES[table])}) VALUES (${TABLES[table].map(() => '?').join(', ')})`

function columnOf(table: Table, name: string): string {
  const column = TABLES[table].find((one) => one === name)
  if (column === undefined) throw new TypeError(`${table} has no column ${name}`)
  return column
}
