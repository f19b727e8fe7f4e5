import * as z from 'zod'
import { csv } from '../csv.js'
import { figure, idField, iso, isoField, known, limitField, maybeIso, rounded, words } from '../fields.js'
import { LOG_CATEGORIES, LOG_LEVELS, type LogEntry, type LogFilter } from '../record/log-book.js'
import { attachment } from '../reply.js'
import { route } from '../route.js'

const tag = 'Logs'
const MOST = 1_000

const entryAnswer = z.object({
  timestamp: isoField,
  level: z.enum(LOG_LEVELS),
  category: z.enum(LOG_CATEGORIES),
  message: z.string(),
  provider_id: words,
  pool_id: words,
  status_code: figure,
  response_time: figure.describe('in ms'),
  error: words,
  extra_data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
})

const rowOf = ({ at, level, category, message, provider, pool, statusCode, responseTime, error, extra }: LogEntry): z.infer<typeof entryAnswer> => ({
  timestamp: iso(at) ?? '',
  level,
  category,
  message,
  provider_id: known(provider),
  pool_id: known(pool),
  status_code: known(statusCode),
  response_time: rounded(responseTime),
  error: known(error),
  extra_data: known(extra),
})

const filters = {
  level: z.enum(LOG_LEVELS).optional(),
  category: z.enum(LOG_CATEGORIES).optional(),
  provider_id: idField.optional(),
  pool_id: idField.optional(),
  search: z.string().min(1).max(200).optional().describe('part of the message, the error or an id, in any case'),
}

const filterOf = ({ level, category, provider_id, pool_id, search }: z.output<z.ZodObject<typeof filters>>): LogFilter => ({
  level,
  category,
  provider: provider_id,
  pool: pool_id,
  search,
})

const listAnswer = z.object({ logs: z.array(entryAnswer), total: z.int().describe('how many entries fit the filter') })
const listed = (entries: readonly LogEntry[], limit: number) => ({ logs: entries.slice(0, limit).map(rowOf), total: entries.length })

const list = route({
  method: 'GET',
  path: '/api/logs',
  tag,
  kind: 'state',
  summary: 'What happened, the newest first',
  query: z.object({ ...filters, limit: limitField(100, MOST) }),
  answer: listAnswer,
  run: ({ api, query }) => listed(api.record.log.list(filterOf(query)), query.limit),
})

const recent = route({
  method: 'GET',
  path: '/api/logs/recent',
  tag,
  kind: 'state',
  summary: 'What happened last',
  query: z.object({ limit: limitField(50, MOST) }),
  answer: listAnswer,
  run: ({ api, query }) => listed(api.record.log.list(), query.limit),
})

const errors = route({
  method: 'GET',
  path: '/api/logs/errors',
  tag,
  kind: 'state',
  summary: 'What went wrong last: the levels error and critical',
  query: z.object({ limit: limitField(50, MOST) }),
  answer: listAnswer,
  run: ({ api, query }) => listed(api.record.log.list({ atLeast: 'error' }), query.limit),
})

const counts = z.record(z.string(), z.int())

const stats = route({
  method: 'GET',
  path: '/api/logs/stats',
  tag,
  kind: 'state',
  summary: 'How many entries of which kind are kept',
  answer: z.object({
    total: z.int(),
    by_level: counts,
    by_category: counts,
    by_provider: counts,
    by_pool: counts,
    errors: z.int().describe('of the levels error and critical'),
    date_range: z.object({ start: maybeIso, end: maybeIso }),
  }),
  run({ api: { record } }) {
    const entries = record.log.list()
    return {
      total: entries.length,
      by_level: countBy(entries, ({ level }) => level),
      by_category: countBy(entries, ({ category }) => category),
      by_provider: countBy(entries, ({ provider }) => provider),
      by_pool: countBy(entries, ({ pool }) => pool),
      errors: record.log.list({ atLeast: 'error' }).length,
      date_range: { start: iso(entries.at(-1)?.at), end: iso(entries[0]?.at) },
    }
  },
})

function countBy(entries: readonly LogEntry[], keyOf: (entry: LogEntry) => string | undefined): Record<string, number> {
  const found = new Map<string, number>()
  for (const entry of entries) {
    const key = keyOf(entry)
    if (key !== undefined) found.set(key, (found.get(key) ?? 0) + 1)
  }
  return Object.fromEntries(found)
}

const exportQuery = z.object({ ...filters, limit: z.int().min(1).max(1_000_000).optional().describe('default: all that fit') })

const exportJson = route({
  method: 'GET',
  path: '/api/logs/export/json',
  tag,
  kind: 'state',
  summary: 'The entries that fit the filter, to be saved as JSON',
  query: exportQuery,
  answer: listAnswer,
  run({ api, query }) {
    const body = listed(api.record.log.list(filterOf(query)), query.limit ?? Infinity)
    return attachment('logs.json', 'application/json', JSON.stringify(body, undefined, 2))
  },
})

const COLUMNS = ['timestamp', 'level', 'category', 'message', 'provider_id', 'pool_id', 'status_code', 'response_time', 'error', 'extra_data'] as const

const exportCsv = route({
  method: 'GET',
  path: '/api/logs/export/csv',
  tag,
  kind: 'state',
  summary: 'The entries that fit the filter, to be saved as CSV',
  query: exportQuery,
  produces: 'text/csv',
  run({ api, query }) {
    const rows = api.record.log.list(filterOf(query), query.limit).map((entry) => {
      const row = rowOf(entry)
      return COLUMNS.map((column) => (column === 'extra_data' ? (row.extra_data === null ? null : JSON.stringify(row.extra_data)) : row[column]))
    })
    return attachment('logs.csv', 'text/csv', csv(COLUMNS, rows))
  },
})

const clear = route({
  method: 'DELETE',
  path: '/api/logs',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Forgets all entries',
  answer: z.object({ message: z.string() }),
  run({ api }) {
    const { length } = api.record.log.list()
    api.record.log.clear()
    return { message: `${length} entries forgotten` }
  },
})

/** What happened. */
export const logsRoutes = [list, recent, errors, stats, exportJson, exportCsv, clear]
