import { readFileSync } from 'node:fs'
import process from 'node:process'
import { registry } from './registry.js'
import { ProviderRouter } from '../router/provider-router.js'
import { run } from './run.js'

// Two folders up it is from dist/cli as well.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

const stop = new AbortController()
// The first Ctrl-C ends what is under way, a second one the process.
process.once('SIGINT', () => stop.abort(new Error('stopped by Ctrl-C')))
// `feedmux … | head`: a reader that has seen enough is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  stop.abort(error)
})

process.exitCode = await run(
  process.argv.slice(2),
  {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    registry,
    createRouter: (setup) => new ProviderRouter(setup),
    signal: stop.signal,
    now: () => Date.now(),
  },
  version,
)
