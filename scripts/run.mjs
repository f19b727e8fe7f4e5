import { spawn } from 'node:child_process'

/** Runs a program of node_modules/.bin or the PATH with our own output streams; gives its exit code. */
export async function run(command, args = [], options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32', ...options })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** The same, for steps that all that follows depends on: ends this process when it fails. */
export async function must(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) process.exit(code)
}
