// npm test: everything. Arguments are handed on to vitest: npm test -- --project unit test/strategies
import { readFileSync, rmSync } from 'node:fs'
import { must, run } from './run.mjs'
import { prepareServices } from './services.mjs'

const results = 'test-results/results.json'
rmSync(results, { force: true })

const complete = await prepareServices()
await must('node', ['scripts/build.mjs'])
const code = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...process.argv.slice(2)], {
  // with the services at hand, a test that misses one fails instead of being skipped
  env: { ...process.env, ...(complete && { FEEDMUX_REQUIRE_SERVICES: '1' }) },
})

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(readFileSync(results, 'utf8'))
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`)
process.exitCode = code === 0 && success && numPassedTests > 0 ? 0 : 1
