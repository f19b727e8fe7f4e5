import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'

// the first one runs these tests already
const [, ...others] = inject('nodes')

const folder = mkdtempSync(join(tmpdir(), 'feedmux-results-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// what only reads and computes, the command, the HTTP API and the proofs of all providers run under the Node of the project: here run the core, the providers that go through HTTP, and one of each kind
const slow = [
  'test/router/{agree,asked-together,batches,compared-reviewed,plan-model,reviewed,secrets,shares,limits}.test.ts',
  'test/{http/binance-connector,testing/describe-provider}.test.ts',
  'test/{cli,config,http-api,telemetry,provider,scripts,sentiment}/**',
  // of other projects
  'test/{browser,edge,examples,house,integration,lambda,package,redis}/**',
  'test/providers/!(over-http|kraken|computed-indicators).test.ts',
]
const oneOfEach = [
  'test/config/load-config.test.ts',
  'test/http-api/express.test.ts',
  'test/http-api/market.test.ts',
  'test/provider/news/feeds.test.ts',
  'test/provider/read.test.ts',
  'test/sentiment/hugging-face.test.ts',
  'test/telemetry/instrument.test.ts',
]
const tests = [...globSync('test/**/*.test.ts', { exclude: slow }), ...oneOfEach]

// the run below is one of its own, no part of this one
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|DEV$|PROD$|MODE$)/.test(name)))

it.each(others)('the unit tests of the library pass on %s', (node) => {
  const report = join(folder, 'results.json')
  const options = ['run', '--project', 'unit', ...tests, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { stdout, status } = spawnSync(node, ['node_modules/vitest/vitest.mjs', ...options], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  })
  expect(status === 0 ? '' : stdout).toBe('')
  const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numFailedTests: number; numPassedTests: number }
  expect(numFailedTests).toBe(0)
  expect(numPassedTests).toBeGreaterThan(100)
})
