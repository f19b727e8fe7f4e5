import pc from 'picocolors'
import type { CliIO } from './io.js'

/** Functions that colour text, or leave it alone. */
export type Colours = ReturnType<typeof pc.createColors>

/** Colours for standard output: only on a terminal, and never with `NO_COLOR` (https://no-color.org) or `TERM=dumb`. */
export function coloursFor({ env, stdout }: Pick<CliIO, 'env' | 'stdout'>): Colours {
  return pc.createColors(stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb')
}
