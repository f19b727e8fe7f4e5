import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as registry from '../../src/providers/index.js'
import { sources } from './source.js'

const camelCase = (id: string): string => id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const ids = sources
  .map(({ path }) => /^providers\/([^./]+)\.ts$/.exec(path)?.[1])
  .filter((id) => id !== undefined && id !== 'index')
  .map(String)

const exported: Readonly<Record<string, unknown>> = registry

it('has the first seven providers', () => {
  expect(ids).toEqual(expect.arrayContaining(['alternative-me', 'binance', 'coinbase', 'coingecko', 'coinpaprika', 'kraken', 'okx']))
})

it('registers each provider file by one line, under the camel case of its id', () => {
  const text = readFileSync('src/providers/index.ts', 'utf8')
  const wrong = ids.filter((id) => !new RegExp(`^export \\{ ${camelCase(id)}(, (type )?\\w+( as \\w+)?)* \\} from './${id}\\.js'$`, 'm').test(text))
  expect(wrong).toEqual([])
})

it.each(ids)('%s is made by its factory under the id of its file', (id) => {
  const factory = exported[camelCase(id)] as (() => { id: string; endpoints: object }) | undefined
  expect(factory?.()).toMatchObject({ id })
})

it.each(ids)('%s has a test of its own', (id) => {
  expect(existsSync(`test/providers/${id}.test.ts`)).toBe(true)
})

it('has no test, and no data file, of a provider that is not there', () => {
  const named = [...globSync('test/providers/*.test.ts'), ...globSync('src/providers/*.assets.ts')].map((file) =>
    file.replace(/^.*\//, '').replace(/\.(test|assets)\.ts$/, ''),
  )
  expect(named.filter((id) => id !== 'index' && !ids.includes(id) && !existsSync(`test/providers/${id}.test.ts`))).toEqual([])
  expect(globSync('src/providers/*.assets.ts').filter((file) => !ids.includes(file.replace(/^.*\//, '').replace('.assets.ts', '')))).toEqual([])
})
