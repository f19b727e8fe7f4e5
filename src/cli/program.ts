import { Command, CommanderError } from 'commander'
import { book } from './commands/book.js'
import { candles } from './commands/candles.js'
import { fearGreed } from './commands/fear-greed.js'
import { forecast } from './commands/forecast.js'
import { gas } from './commands/gas.js'
import { health } from './commands/health.js'
import { indicators } from './commands/indicators.js'
import { mood } from './commands/mood.js'
import { news } from './commands/news.js'
import { plan } from './commands/plan.js'
import { providers } from './commands/providers.js'
import { sentiment } from './commands/sentiment.js'
import { ticker } from './commands/ticker.js'
import type { CliIO, ExitCode } from './io.js'
import type { CommandDefinition, Flags } from './options.js'

const COMMANDS: readonly CommandDefinition[] = [ticker, candles, book, indicators, forecast, news, sentiment, mood, fearGreed, gas, plan, providers, health]

const MORE = `
Keys are read from FEEDMUX_<ID>_API_KEY, for example FEEDMUX_COINGECKO_API_KEY,
and the plan they belong to from FEEDMUX_<ID>_PLAN.
Exit codes: 0 fine, 1 failed, 2 wrong usage. NO_COLOR turns colours off.`

/** Reads the arguments and runs the command they name. Throws `CommanderError` for help, version and wrong usage. */
export async function runProgram(argv: readonly string[], io: CliIO, version: string): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = new Command('feedmux').description('Crypto market data from whoever answers.').version(version).addHelpText('after', MORE)
  settle(program, io)
  for (const definition of COMMANDS) {
    const command = program.command(definition.name).description(definition.description)
    settle(command, io)
    for (const part of definition.takes?.split(' ') ?? []) command.argument(part)
    for (const { flags, description, list } of definition.options) {
      if (list) command.option(flags, description, collect)
      else command.option(flags, description)
    }
    command.addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  ${line}`).join('\n')}`)
    command.action(async () => {
      code = await definition.run(io, command.args, command.opts<Flags>())
    })
  }
  await program.parseAsync([...argv], { from: 'user' })
  return code
}

const collect = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), ...text.split(',').map((id) => id.trim())]

function settle(command: Command, { stdout, stderr }: CliIO): void {
  const width = (): number => stdout.columns ?? 80
  command.exitOverride().configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: () => {},
    getOutHelpWidth: width,
    getErrHelpWidth: width,
  })
}

/** What to say and to end with when the arguments were not understood, or only help was wanted; nothing for other errors. */
export function usageOf(error: unknown): { readonly code: ExitCode; readonly message?: string } | undefined {
  if (!(error instanceof CommanderError)) return undefined
  // Without any command, help goes to standard error.
  if (error.exitCode === 0 || error.code === 'commander.help') return { code: error.exitCode === 0 ? 0 : 2 }
  return { code: 2, message: error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ') }
}
