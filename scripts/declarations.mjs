// Writes the types of all entries into dist/: as tsc emits them, file by file, so that one interface stays one interface
// and users can augment it; a second time as .d.cts for those who use require.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { entries } from './entries.mjs'

const emitted = '.cache/declarations'
const relativeImport = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\bdeclare module\s+)(['"])(\.{1,2}\/[^'"]+)\.js\2/g

rmSync(emitted, { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' })

const written = new Set()
for (const entry of entries) write(`${entry}.d.ts`)
process.stdout.write(`${written.size} declaration files\n`)

/** Copies one file and everything that it refers to; what no entry reaches stays out of the package. */
function write(file) {
  if (written.has(file)) return
  written.add(file)
  const text = readFileSync(join(emitted, file), 'utf8')
  mkdirSync(dirname(join('dist', file)), { recursive: true })
  writeFileSync(join('dist', file), text)
  writeFileSync(join('dist', file.replace(/\.d\.ts$/, '.d.cts')), text.replaceAll(relativeImport, '$1$2$3.cjs$2'))
  for (const [, , , target] of text.matchAll(relativeImport)) write(`${join(dirname(file), target).replaceAll('\\', '/')}.d.ts`)
}
