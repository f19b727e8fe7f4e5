import { spawn } from 'node:child_process'
import { delimiter, resolve } from 'node:path'
import { expect, it } from 'vitest'

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs one of our own tools and gathers all it says. */
async function tool(command: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...process.env, NO_COLOR: '1', PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH']}` },
    shell: process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done({ code, output }))
  })
}

/** What a tool says matters only when it complains: then the whole of it is the message. */
const quiet = ({ code, output }: Ended): string => (code === 0 ? '' : output || `exit code ${code}`)

it('oxlint has nothing to say', async () => {
  expect(quiet(await tool('oxlint', '--deny-warnings'))).toBe('')
})

it('everything is formatted', async () => {
  expect(quiet(await tool('oxfmt', '--check'))).toBe('')
})

it('knip finds nothing unused and nothing missing', async () => {
  expect(quiet(await tool('knip'))).toBe('')
})

it('publint and attw find nothing wrong with the package', async () => {
  expect(quiet(await tool('node', 'scripts/package.mjs'))).toBe('')
})

it('docs/errors.md is what the outcome table says: npm run docs', async () => {
  expect(quiet(await tool('node', 'scripts/errors-table.mjs', '--check'))).toBe('')
})
