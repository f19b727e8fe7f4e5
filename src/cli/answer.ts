import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '../errors.js'
import { providersOf, strategyOf } from './choose.js'
import { type Colours, coloursFor } from './colours.js'
import { parseDuration } from './durations.js'
import { explain } from './explain.js'
import type { CliIO, CliRouter, ExitCode } from './io.js'
import type { Flags } from './options.js'
import { printable, printableJson } from './printable.js'
import { spin } from './spinner.js'

const WATCH_MS = 10_000
// Back to the top left, and everything below away.
const REDRAW = '\u001B[H\u001B[J'

/** What one round found out. */
export interface Report {
  readonly json: unknown
  /** For people; empty where there is nothing to show. */
  readonly text: string
  /** What failed: said on standard error, and the exit code is 1, or 2 where something was asked in a way that cannot work. */
  readonly errors?: readonly unknown[]
  /** Nothing threw, but what was found is bad. */
  readonly failed?: boolean
}

/** What a round may use. */
export interface Session {
  readonly router: CliRouter
  readonly colours: Colours
  readonly columns: number | undefined
  readonly request: { readonly signal: AbortSignal; readonly maxAgeMs?: number }
}

/** Makes a router, asks once or again and again, prints, and closes the router. */
export async function answer(io: CliIO, flags: Flags, waitingFor: string, round: (session: Session) => Promise<Report>): Promise<ExitCode> {
  const everyMs = flags.watch === undefined ? undefined : watchMs(flags.watch)
  const strategy = strategyOf(flags.strategy)
  const router = io.createRouter({
    providers: providersOf(flags.provider ?? [], io),
    strategy,
    totalTimeoutMs: flags.timeout === undefined ? undefined : parseDuration(flags.timeout, '--timeout', 'ms'),
  })
  // Who watches wants news: the cache only keeps two windows from asking twice in a moment.
  const request = { signal: io.signal, ...(everyMs !== undefined && { maxAgeMs: Math.min(1_000, everyMs / 2) }) }
  const session: Session = { router, colours: coloursFor(io), columns: io.stdout.columns, request }
  try {
    const ask = (): Promise<ExitCode> => once(io, flags, waitingFor, () => round(session))
    return everyMs === undefined ? await ask() : await repeat(io.signal, everyMs, ask)
  } finally {
    await router.close()
  }
}

// Ctrl-C is how watching ends, and no failure.
async function repeat(signal: AbortSignal, everyMs: number, ask: () => Promise<ExitCode>): Promise<ExitCode> {
  do {
    await ask()
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  } while (!signal.aborted)
  return 0
}

async function once(io: CliIO, flags: Flags, waitingFor: string, round: () => Promise<Report>): Promise<ExitCode> {
  const stop = spin(io, waitingFor)
  const report = await round()
    .catch((error: unknown): Report => ({ json: undefined, text: '', errors: [error] }))
    .finally(stop)
  const { errors = [], failed = false } = report
  if (flags.watch !== undefined && io.signal.aborted) return 0
  print(io, flags, report)
  for (const error of errors) io.stderr.write(`feedmux: ${explain(error)}\n`)
  if (errors.some((error) => ConfigError.is(error))) return 2
  return errors.length > 0 || failed ? 1 : 0
}

function print(io: CliIO, { json, watch }: Flags, report: Report): void {
  const { stdout } = io
  if (json === true) {
    if (report.json !== undefined) stdout.write(`${printableJson(report.json, watch === undefined ? 2 : 0)}\n`)
  } else if (report.text !== '') {
    stdout.write(`${watch !== undefined && stdout.isTTY === true ? REDRAW : ''}${printable(report.text, coloursFor(io).isColorSupported)}\n`)
  }
}

function watchMs(watch: string | true): number {
  return watch === true ? WATCH_MS : parseDuration(watch, '--watch', 's')
}
