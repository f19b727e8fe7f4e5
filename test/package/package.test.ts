import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, inject, it } from 'vitest'
// the scripts' own list of public files; the test below holds it against the tarball
import { entries, subpaths } from '../../scripts/entries.mjs'
import { codeBlocks } from '../support/code-blocks.js'

const run = promisify(execFile)
const consumer = inject('consumer')
const nodes = inject('nodes')

const script = async (node: string, name: string, text: string, flags: readonly string[] = []): Promise<string> => {
  await writeFile(join(consumer, name), text)
  const { stdout, stderr } = await run(node, [...flags, name], { cwd: consumer })
  expect(stderr).toBe('')
  return stdout.trim()
}

/** The lines of README.md that use the library, as they stand there. */
const readme = codeBlocks.find(({ place, language }) => place.startsWith('README.md') && language === 'ts')?.code ?? ''

/** The same for those who use require. */
const required = `${readme.replaceAll(/^import (\{[^}]*\}) from ('[^']+')$/gm, 'const $1 = require($2)').replace(/^(const .*require.*\n)+/m, '$&void (async () => {\n')}\n})()`

beforeAll(async () => {
  await copyFile(resolve('test/support/local-fetch.mjs'), join(consumer, 'local-fetch.mjs'))
})

const answered = /^60000\.5 from binance$/

/** Uses the library as one would, and tells whether its parts fit together. */
const everyEntry = `
  const wrong = []
  for (const [name, entry] of Object.entries(all)) if (Object.keys(entry).length === 0) wrong.push(name + ' is empty')
  const { ProviderRouter, FeedmuxError, NoProviderError, AllProvidersFailedError } = all['feedmux']
  const { kraken } = all['feedmux/providers']
  if (kraken !== all['feedmux/providers/kraken'].kraken) wrong.push('two copies of a factory')
  const { localFetch } = await import('./local-fetch.mjs')
  const down = async () => Response.json({}, { status: 503 })
  const ask = (fetch, only) => new ProviderRouter({ providers: [kraken()], fetch, retries: 0 }).request('ticker', { symbol: 'BTC/USD' }, { only })
  const { data, provider, source } = await ask(localFetch)
  const failed = await ask(down).catch((error) => error)
  if (!(failed instanceof AllProvidersFailedError && FeedmuxError.is(failed))) wrong.push('two copies of an error: ' + failed)
  console.log(JSON.stringify({ wrong, last: data.last, provider, source, reason: failed.failures?.[0]?.reason }))`

const works = { wrong: [], last: 60_000.1, provider: 'kraken', source: 'network', reason: 'unavailable' }

describe.each(nodes)('the packed tarball on %s', (node) => {
  it('answers the lines of README.md as an ES module', async () => {
    const preload = `import { localFetch } from './local-fetch.mjs'; globalThis.fetch = localFetch`
    await writeFile(join(consumer, 'preload.mjs'), preload)
    expect(await script(node, 'readme.mjs', readme, ['--import', './preload.mjs'])).toMatch(answered)
  })

  it.each([[[]], [['--no-experimental-require-module']]])('answers the lines of README.md with require, flags %j', async (flags) => {
    expect(await script(node, 'readme.cjs', required, ['--import', './preload.mjs', ...flags])).toMatch(answered)
  })

  it('fits together as ES modules', async () => {
    const imports = subpaths.map((path, n) => `import * as e${n} from '${path}'`).join('\n')
    const all = `const all = { ${subpaths.map((path, n) => `'${path}': e${n}`).join(', ')} }`
    expect(JSON.parse(await script(node, 'all.mjs', `${imports}\n${all}\n${everyEntry}`))).toEqual(works)
  })

  it.each([[[]], [['--no-experimental-require-module']]])('fits together with require, flags %j', async (flags) => {
    const all = `const all = { ${subpaths.map((path) => `'${path}': require('${path}')`).join(', ')} }`
    expect(JSON.parse(await script(node, 'all.cjs', `${all}\nvoid (async () => {${everyEntry}\n})()`, flags))).toEqual(works)
  })

  it('lets a process end by itself that made a router of fifty providers and asked once', async () => {
    const text = `
      import { ProviderRouter } from 'feedmux'
      import { kraken } from 'feedmux/providers'
      import { localFetch } from './local-fetch.mjs'
      const providers = Array.from({ length: 50 }, (_, n) => ({ ...kraken(), id: 'kraken-' + n }))
      const { provider } = await new ProviderRouter({ providers, fetch: localFetch }).request('ticker', { symbol: 'BTC/USD' })
      console.log(provider)`
    const started = performance.now()
    expect(await script(node, 'ends.mjs', text)).toBe('kraken-0')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('brings the command', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    const { stdout } = await run(node, [join(consumer, 'node_modules/feedmux/dist/cli/index.js'), '--version'], { cwd: consumer })
    expect(stdout.trim()).toBe(version)
    const { stdout: shim } = await run(join(consumer, 'node_modules/.bin/feedmux'), ['--help'], {
      cwd: consumer,
      env: { ...process.env, PATH: `${node.replace(/\/[^/]+$/, '')}:${process.env['PATH']}` },
    })
    expect(shim).toContain('ticker')
  })
})

it('has every entry in both formats with its types, and no file that only tests need', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])
  const listed = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>)[0]?.files.map(({ path }) => path) ?? []
  const expected = entries.flatMap((entry) => ['js', 'cjs', 'd.ts', 'd.cts'].map((extension) => `dist/${entry}.${extension}`))
  expect(expected.filter((path) => !listed.includes(path))).toEqual([])
  expect(listed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json', 'dist/cli/index.js', 'dist/THIRD-PARTY.txt']))
  expect(listed.filter((path) => /^(src|test|scripts|examples|\.)/.test(path))).toEqual([])
})

it('has no ES module that nobody loads', async () => {
  const loaded = new Set([...entries, 'cli/index'].map((entry) => resolve(`dist/${entry}.js`)))
  for (const file of loaded)
    for (const [, path = ''] of (await readFile(file, 'utf8')).matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"\n]+\.js)['"]/g))
      loaded.add(resolve(dirname(file), path))
  expect(globSync('dist/**/*.js').filter((file) => !loaded.has(resolve(file)))).toEqual([])
})

it('has no way in but the public entries', async () => {
  const text = `
    const names = ['feedmux/router/provider-router', 'feedmux/dist/index.js', 'feedmux/providers/coingecko.assets', 'feedmux/strategies/strategy', 'feedmux/cli']
    const open = []
    for (const name of names) await import(name).then(() => open.push(name), ({ code }) => code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || open.push(name + ' ' + code))
    console.log(JSON.stringify(open))`
  expect(JSON.parse(await script(process.execPath, 'closed.mjs', text))).toEqual([])
})

it('installs nothing but the dependencies that README.md names', async () => {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: Record<string, string> }
  const [, named = ''] = /^It brings (.*?)\. /ms.exec(await readFile('README.md', 'utf8')) ?? []
  expect([...named.matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name)).toEqual(Object.keys(dependencies))
})
