import { ConfigError } from '../errors.js'
import { explain } from './explain.js'
import type { CliIO, ExitCode } from './io.js'
import { printable } from './printable.js'
import { runProgram, usageOf } from './program.js'
import { UsageError } from './usage-error.js'

/**
 * The command, whole: `argv` without the program's name. Never throws; errors become one line on standard error.
 * Gives the exit code: 0 fine, 1 failed, 2 wrong usage.
 */
export async function run(argv: readonly string[], io: CliIO, version: string): Promise<ExitCode> {
  try {
    return await runProgram(argv, io, version)
  } catch (error) {
    const usage = usageOf(error)
    if (usage !== undefined) {
      if (usage.message !== undefined) io.stderr.write(`feedmux: ${printable(usage.message)}; see 'feedmux --help'\n`)
      return usage.code
    }
    io.stderr.write(`feedmux: ${explain(error)}\n`)
    return error instanceof UsageError || ConfigError.is(error) ? 2 : 1
  }
}
