import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, posix, resolve } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { providerTable, registered, withTable } from '../../scripts/provider-table.mjs'
import { type CodeBlock, codeBlocks } from '../support/code-blocks.js'
import { localFetch } from '../support/local-fetch.mjs'

const folder = '.cache/docs'
const nameOf = ({ flags }: CodeBlock): string | undefined => flags.find((flag) => flag.endsWith('.ts'))
/** The blocks of one page lie side by side: those that say a file's name can be imported by the others. */
function fileOf(block: CodeBlock): string {
  const [page = '', line = ''] = block.place.split(':')
  return join(folder, 'blocks', page.replaceAll(/[^A-Za-z0-9]/g, '-'), nameOf(block) ?? `line-${line}.ts`)
}

const blocks = codeBlocks.filter(({ language }) => language === 'ts')
const tests = blocks.filter((block) => nameOf(block)?.endsWith('.test.ts'))
const runnable = blocks.filter((block) => !block.flags.includes('types') && !tests.includes(block))

/** Files that a recipe adds: the path after `+++ b/` and the lines with a plus. */
const added = codeBlocks
  .filter(({ language }) => language === 'diff')
  .flatMap(({ code }) => code.split(/^(?=--- )/m))
  .flatMap((part) => {
    const path = /^--- \/dev\/null\n\+\+\+ b\/(\S+\.ts)$/m.exec(part)?.[1]
    const text = part
      .split('\n')
      .filter((line) => /^\+(?!\+\+ )/.test(line))
      .map((line) => line.slice(1))
    return path === undefined ? [] : [{ path, text: text.join('\n') }]
  })

const withBin = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH']}` })

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

// before the tests are collected: those of the pages are among them
rmSync(folder, { recursive: true, force: true })
for (const block of blocks) write(fileOf(block), `${block.code}\nexport {}\n`)
for (const { path, text } of added) write(join(folder, path), `${text}\n`)
// against dist/, by the package's own name: a block may augment the module, which no source file would like
const compilerOptions = { paths: {}, rootDirs: ['../..', '.'], noUnusedLocals: false, noUnusedParameters: false }
write(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['.'] }))

for (const block of tests)
  describe(`the tests of ${block.place}`, async () => {
    await import(resolve(fileOf(block)))
  })

describe('the code in README.md, CONTRIBUTING.md and docs/', () => {
  it('is there', () => {
    expect(blocks.map(({ place }) => place).filter((place) => place.startsWith('README.md'))).not.toEqual([])
    expect(added.map(({ path }) => path)).toEqual(
      expect.arrayContaining([expect.stringContaining('src/providers/'), expect.stringContaining('src/strategies/')]),
    )
  })

  it('compiles against the built package, new files of a recipe against the sources', () => {
    const { stdout, stderr } = spawnSync('tsc', ['--noEmit', '--pretty', 'false', '-p', folder], { encoding: 'utf8', env: withBin() })
    expect(stdout + stderr).toBe('')
  })

  it.each(runnable.map((block) => [block.place, block] as const))('runs: %s', async (_, block) => {
    vi.stubGlobal('fetch', localFetch)
    const printed: unknown[] = []
    vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(...values))
    await import(resolve(fileOf(block)))
    expect(printed.map(String).join('\n')).not.toMatch(/undefined|NaN|\[object/)
  })
})

describe('the tests on the pages', () => {
  it('are there', () => {
    expect(tests.map(nameOf)).toContain('acme.test.ts')
  })

  it.each(tests.map((block) => [block.place, block] as const))('pass under node:test against the built package: %s', (_, block) => {
    const file = fileOf(block).replace(/\.test\.ts$/, '.node-test.ts')
    // Node runs TypeScript as it is, and takes no .js for .ts
    write(file, block.code.replace(`from 'vitest'`, `from 'node:test'`).replaceAll(/(from '\.\/[^']+)\.js'/g, `$1.ts'`))
    const env = { ...withBin(), NODE_TEST_CONTEXT: undefined }
    const { status, stdout, stderr } = spawnSync('node', ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env })
    expect(`${stdout}${stderr}`).toMatch(/^# pass [1-9]\d*$/m)
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^# fail 0$/m)])
  })
})

describe('README.md and the pages', () => {
  it('link only to what is there', () => {
    const broken = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md']).flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(posix.join(posix.dirname(page.replaceAll('\\', '/')), target)))
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('name only npm scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const named = globSync(['*.md', 'docs/**/*.md']).flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name),
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('list the providers that are registered: npm run docs', async () => {
    const providers = registered(await import('../../src/providers/index.js'))
    const page = readFileSync('README.md', 'utf8')
    expect(providers.length).toBeGreaterThan(0)
    expect(page).toBe(withTable(page, providers))
    expect(page).toContain(providerTable(providers))
  })
})
