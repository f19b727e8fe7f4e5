import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Node binaries to try the package on. */
    nodes: readonly string[]
  }
}

const run = promisify(execFile)

/** The other majors that package.json promises to work on, beside the one that runs the tests. */
const majors = [22, 26]

/**
 * Makes them available: those that FEEDMUX_NODES names (paths, separated by colons), else from the registry into .cache.
 * Says which are left out where that fails; in CI that is an error.
 */
export default async function setup(project: TestProject): Promise<void> {
  const given = (process.env['FEEDMUX_NODES'] ?? '').split(':').filter(Boolean)
  const others = given.length > 0 ? given : await Promise.all(majors.map(install))
  project.provide('nodes', [process.execPath, ...others.filter((path) => path !== '')])
}

async function install(major: number): Promise<string> {
  const folder = resolve(`.cache/node${major}`)
  const binary = `${folder}/node_modules/node/bin/node`
  try {
    if (!existsSync(binary)) {
      await mkdir(folder, { recursive: true })
      await writeFile(`${folder}/package.json`, '{"private":true,"allowScripts":{"node":true}}')
      await run('npm', ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `node@${major}`])
    }
    await run(binary, ['--version'])
    return binary
  } catch (error) {
    if (process.env['CI']) throw error
    console.warn(
      `left out: the package tests on Node ${major}, which could not be installed: ${error instanceof Error ? error.message.split('\n', 1)[0] : 'no reason given'}`,
    )
    return ''
  }
}
