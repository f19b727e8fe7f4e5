import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { prepareServices, which } from '../../scripts/services.mjs'

let bin = ''
let said: string[] = []

const service = { name: 'Thing', commands: ['thing-server'], packages: ['thing'], tests: 'test/scripts/*.test.ts' }

beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'feedmux-bin-'))
  said = []
  vi.stubEnv('PATH', bin)
  vi.stubEnv('CI', '')
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
})

afterEach(async () => rm(bin, { recursive: true, force: true }))

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`)
  await chmod(join(bin, name), 0o755)
}

const asUser = (id: number): void => void vi.spyOn(process, 'getuid').mockReturnValue(id)

it('asks for nothing when no test needs the service', async () => {
  expect(await prepareServices([{ ...service, tests: 'test/no-such-folder/*.test.ts' }])).toBe(true)
  expect(said).toEqual([])
})

it('is content with a program that is there', async () => {
  await program('thing-server', '')
  expect(which('other', 'thing-server')).toBe(join(bin, 'thing-server'))
  expect(await prepareServices([service])).toBe(true)
})

it('installs a missing one from Debian as root', async () => {
  asUser(0)
  await program('apt-get', `echo "$@" >> ${bin}/log; case "$*" in *install*) : > ${bin}/thing-server; /bin/chmod +x ${bin}/thing-server;; esac`)
  expect(await prepareServices([service])).toBe(true)
  expect((await readFile(join(bin, 'log'), 'utf8')).trim().split('\n')).toEqual([
    expect.stringMatching(/ update$/),
    expect.stringMatching(/ install -y --no-install-recommends thing$/),
  ])
  expect(said).toEqual([])
})

it('says in one line which tests are left out, and why, when it may not install', async () => {
  asUser(1_000)
  await program('apt-get', `echo "$@" >> ${bin}/log`)
  expect(await prepareServices([service])).toBe(false)
  expect(said).toEqual(['left out: test/scripts/*.test.ts, since Thing is missing and only root can install it; install it with: apt-get install thing'])
  await expect(readFile(join(bin, 'log'), 'utf8')).rejects.toMatchObject({ code: 'ENOENT' })
})

it('says so when the installation fails, or the system has no apt-get', async () => {
  asUser(0)
  expect(await prepareServices([service])).toBe(false)
  await program('apt-get', 'exit 100')
  expect(await prepareServices([service])).toBe(false)
  expect(said).toEqual([expect.stringContaining('this system has no apt-get'), expect.stringContaining('apt-get install failed')])
})
