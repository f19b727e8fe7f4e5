import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty project with nothing but the packed tarball installed. */
    consumer: string
  }
}

const run = promisify(execFile)

/** Packs the built library and installs the tarball into an empty project, as a user would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync('dist/index.d.cts')) throw new Error('dist/ is not built: npm run build')
  const folder = await mkdtemp(join(tmpdir(), 'feedmux-consumer-'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])
  const packed = JSON.parse(stdout) as { filename: string }[] | Record<string, { filename: string }>
  const [tarball] = Object.values(packed)
  if (!tarball) throw new Error(`npm pack named no tarball: ${stdout}`)
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball.filename}`], { cwd: folder })
  // for type checks alone; no JavaScript comes with it
  await symlink(resolve('node_modules/@types'), join(folder, 'node_modules/@types'))
  project.provide('consumer', folder)
  return async () => rm(folder, { recursive: true, force: true })
}
