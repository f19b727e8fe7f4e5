import yoctoSpinner from 'yocto-spinner'
import type { CliIO } from './io.js'

/** Turns a wheel on standard error while something is awaited, if that is a terminal; none without a text. Gives the function that stops it. */
export function spin({ stderr, env }: Pick<CliIO, 'stderr' | 'env'>, text: string): () => void {
  if (text === '' || stderr.isTTY !== true || env['TERM'] === 'dumb') return () => {}
  // Ctrl-C is ours: it ends the requests and sets the exit code.
  const spinner = yoctoSpinner({ text, stream: stderr as NodeJS.WriteStream, handleSignals: false }).start()
  return () => spinner.stop()
}
