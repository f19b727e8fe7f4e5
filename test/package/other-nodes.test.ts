import { spawnSync } from 'node:child_process'
import { expect, inject, it } from 'vitest'

// the first one runs these tests already
const [, ...others] = inject('nodes')

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|DEV$|PROD$|MODE$)/.test(name)))

it.each(others)('the unit tests of the library pass on %s', (node) => {
  // the command and the demo start processes of their own: they have the Node of the project
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--exclude', 'test/{cli,examples,scripts}/**', '--reporter=json']
  const { stdout, stderr, status } = spawnSync(node, command, { encoding: 'utf8', env: environment, maxBuffer: 64 * 1024 * 1024 })
  const { numFailedTests, numPassedTests } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { numFailedTests: number; numPassedTests: number }
  expect({ numFailedTests, status }, stderr || stdout).toEqual({ numFailedTests: 0, status: 0 })
  expect(numPassedTests).toBeGreaterThan(100)
})
