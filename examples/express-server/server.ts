import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { FeedmuxError } from 'feedmux'
import { SettingError, settingsFrom, USAGE } from './settings.ts'
import { type RunningServer, startServer } from './start.ts'

/** After this time whatever is still under way is cut off. */
const PATIENCE_MS = 15_000

await main()

/** Words for the console, and for a file where one is wanted. */
function say(text: string): void {
  process.stdout.write(`${text}\n`)
  const file = process.env.LOG_FILE?.trim()
  if (!file) return
  try {
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
  } catch {
    // a log that can't be written is no reason to end
  }
}

async function main(): Promise<void> {
  let server: RunningServer
  try {
    const options = settingsFrom(process.argv.slice(2), process.env)
    server = await startServer({ ...options, say })
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\n`)
    process.exitCode = error instanceof SettingError ? 2 : 1
    return
  }
  let isEnding = false
  const end = (): void => {
    if (isEnding) process.exit(1) // asked twice: at once
    isEnding = true
    say('going down: what is under way ends first')
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    server.close().then(
      () => say('down'),
      (error: unknown) => {
        process.stderr.write(`${wordsOf(error)}\n`)
        process.exitCode = 1
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

function wordsOf(error: unknown): string {
  if (error instanceof SettingError) return `${error.message}\n\n${USAGE}`
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (code === 'EADDRINUSE') return `the port is taken: choose another one with PORT or --port (${String(message)})`
  return FeedmuxError.is(error) || error instanceof Error ? error.message : String(error)
}
