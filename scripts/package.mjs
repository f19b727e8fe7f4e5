// Asks publint and attw what they think of the package as it would be published. Needs a built dist/.
import { run } from './run.mjs'
import { subpaths } from './entries.mjs'

const entrypoints = subpaths.map((subpath) => subpath.replace(/^feedmux/, '.'))
const codes = [
  await run('publint', ['--strict']),
  // profile node16: `moduleResolution: node10` knows no exports, and no Node that we support needs it
  await run('attw', ['--pack', '.', '--profile', 'node16', '--format', 'ascii', '--no-emoji', '--entrypoints', ...entrypoints]),
]
process.exitCode = codes.every((code) => code === 0) ? 0 : 1
