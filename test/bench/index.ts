// npm run bench [-- --only P3,P5] [--json] [--strict]: the package beside its targets and beside others, all measured in one run.
// A missed target ends well, since machines are noisy; with --strict it does not.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { coldStarts } from './cold-starts.ts'
import { memory } from './memory.ts'
import { picks } from './picks.ts'
import { line, passed, type Row, summary } from './report.ts'
import { bareCalls, cacheHits, firstDown, fullCalls } from './routed.ts'
import { size } from './size.ts'
import { start } from './start.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false }, strict: { type: 'boolean', default: false } } })

const suites: readonly { readonly ids: readonly string[]; readonly run: () => Promise<Row[]> }[] = [
  { ids: ['P1', 'P2'], run: picks },
  { ids: ['P3'], run: bareCalls },
  { ids: ['P5'], run: cacheHits },
  { ids: ['P6'], run: firstDown },
  { ids: ['P4'], run: fullCalls }, // after the others in this process: its peers leave timers behind
  { ids: ['P8'], run: memory },
  { ids: ['P12'], run: start },
  { ids: ['P12'], run: coldStarts },
  { ids: ['P13'], run: size },
]

const only = values.only?.toUpperCase().split(',')
const unknown = only?.filter((id) => !suites.some(({ ids }) => ids.includes(id))) ?? []
if (unknown.length > 0) throw new Error(`--only: no ${unknown.join(', ')}; there are ${suites.flatMap(({ ids }) => ids).join(', ')}`)

const rows: Row[] = []
if (!values.json) console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`)
for (const { ids, run } of suites) {
  if (only && !ids.some((id) => only.includes(id))) continue
  for (const row of await run()) {
    if (only && !only.includes(row.id)) continue
    rows.push(row)
    if (!values.json) console.log(line(row))
  }
}
console.log(values.json ? JSON.stringify({ node: process.version, rows: rows.map((row) => ({ ...row, passed: passed(row) })) }) : `\n${summary(rows)}`)
process.exit(values.strict && !rows.every(passed) ? 1 : 0) // peers leave timers behind
