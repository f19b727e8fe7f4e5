import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'

// the first one runs these tests already
const [, ...others] = inject('nodes')

const folder = mkdtempSync(join(tmpdir(), 'feedmux-results-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// the command, the demo, the loads on loopback and the proofs of all providers take long, and run under the Node of the project;
// of the providers those run here that go through HTTP, and one proof
const slow = ['test/{cli,examples,scripts,integration,package,edge,house}/**', 'test/providers/!(over-http|kraken).test.ts']
const tests = globSync('test/**/*.test.ts', { exclude: slow })

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
