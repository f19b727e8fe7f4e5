import type { providersOf } from '../src/cli/choose.js'
import type { CliIO } from '../src/cli/io.js'
import type { ProviderRouter } from '../src/router/provider-router.js'

/** All that the script touches of the world around it. */
export interface SmokeWorld extends Pick<CliIO, 'registry' | 'env'> {
  readonly Router: typeof ProviderRouter
  readonly providersOf: typeof providersOf
  print(line: string): void
  /** Between two questions. @default 250 */
  readonly pauseMs?: number
  /** For each question. @default 10_000 */
  readonly timeoutMs?: number
}

/** Asks one after the other and prints a line for each; gives the exit code. */
export function smoke(argv: readonly string[], world: SmokeWorld): Promise<0 | 1 | 2>
