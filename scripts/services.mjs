import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/** Programs that some tests need beside Node, and the Debian packages that bring them. */
export const services = [
  { name: 'Redis', commands: ['redis-server', 'valkey-server'], packages: ['redis-server'], tests: 'test/redis/**/*.test.ts' },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium', 'fonts-liberation'],
    tests: 'test/browser/**/*.test.ts',
  },
]

/** The first of the named programs on the PATH, or an empty text. */
export function which(...names) {
  const files = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return files.find(isExecutable) ?? ''
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Sees to the services that the tests at hand need: as root or in CI the missing ones are installed from Debian.
 * Says in one line which tests are left out because that could not be done; gives whether all are there.
 */
export async function prepareServices(wanted = services) {
  const missing = wanted.filter(({ commands, tests }) => globSync(tests).length > 0 && !which(...commands))
  if (missing.length === 0) return true
  const refusal = await install(missing.flatMap(({ packages }) => packages))
  const absent = missing.filter(({ commands }) => !which(...commands))
  for (const { name, tests, packages } of absent)
    console.log(`left out: ${tests}, since ${name} is missing and ${refusal}; install it with: apt-get install ${packages.join(' ')}`)
  return absent.length === 0
}

/** Installs Debian packages; gives the reason why it could not. */
async function install(packages) {
  if (process.getuid?.() !== 0 && !process.env.CI) return 'only root can install it'
  if (!which('apt-get')) return 'this system has no apt-get'
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const aptGet = async (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-qq', '-o', 'Dpkg::Use-Pty=0', ...args]
    return run(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).catch(() => 1)
  }
  await aptGet('update')
  return (await aptGet('install', '-y', '--no-install-recommends', ...packages)) === 0
    ? 'it is not on the PATH after apt-get install'
    : 'apt-get install failed'
}
