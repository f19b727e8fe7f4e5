import { execFile } from 'node:child_process'
import { expect, it } from 'vitest'

// The whole of it, with times and memory, is for a quiet machine: see scripts/load-server.mjs.
it('2,000 requests at 100 connections are all answered well', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await load(['--requests', '2000', '--errors-only'])
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringContaining('ok: 0 errors in 2000 requests'), stderr: '' })
})

function load(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['scripts/load-server.mjs', ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}
