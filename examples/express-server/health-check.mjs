// Asks the server of this container how it is. Exit code 0: it answers well; 1: it does not answer, answers with an error, or no provider is left.
import process from 'node:process'

const PATIENCE_MS = 8_000

try {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT ?? 8000}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) })
  const { status } = await response.json()
  console.log(`HTTP ${response.status}, ${status}`)
  process.exitCode = response.ok && status !== 'unhealthy' ? 0 : 1
} catch (error) {
  console.log(`no answer: ${error.name}`)
  process.exitCode = 1
}
