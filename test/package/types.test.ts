import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, inject, it } from 'vitest'

const consumer = inject('consumer')

// Without skipLibCheck: types of our dependencies must not show through.
const flags = [
  '--noEmit',
  '--pretty',
  'false',
  '--strict',
  '--exactOptionalPropertyTypes',
  '--target',
  'es2022',
  '--lib',
  'es2023,dom,dom.iterable',
  '--types',
  'node',
]

/** What the compiler complains of, or an empty text. */
async function complaints(compiler: string, module: string, moduleResolution: string, files: readonly string[]): Promise<string> {
  const options = [...flags, '--module', module, '--moduleResolution', moduleResolution, ...files]
  const run = promisify(execFile)(resolve('node_modules/.bin', compiler), options, { cwd: consumer })
  return run.then(({ stdout }) => stdout).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr)
}

const uses = `
import { type Capabilities, defineProvider, type Provider, ProviderRouter, type RouterResult, type Ticker } from 'feedmux'
import { binance, coingecko } from 'feedmux/providers'
import { kraken } from 'feedmux/providers/kraken'
import { priority } from 'feedmux/strategies/priority'

const router = new ProviderRouter({ providers: [binance(), kraken(), coingecko({ apiKey: process.env.COINGECKO_API_KEY })], strategy: priority() })
export const ticker: Promise<RouterResult<Ticker>> = router.request('ticker', { symbol: 'BTC/USD' })
// @ts-expect-error nobody here has news
export const news = router.request('news', {})
// @ts-expect-error a ticker is asked by its symbol
export const noSymbol = router.request('ticker', {})
// @ts-expect-error a price is a number
export const wrong: Promise<RouterResult<{ last: string }>> = router.request('ticker', { symbol: 'BTC/USD' })

const some: Provider<'ticker'>[] = []
export const fromList = new ProviderRouter({ providers: some }).request('ticker', { symbol: 'BTC/USD' })
export const oneOf = new ProviderRouter({ providers: [binance(), ...(process.env.MORE ? [kraken()] : [])] }).request('ticker', { symbol: 'BTC/USD' })
export const name: keyof Capabilities = 'orderBook'
export const factory = defineProvider
`

const augments = `
import { type Capabilities, type Capability, type DataOf, defineProvider, ProviderRouter } from 'feedmux'
import { kraken } from 'feedmux/providers'

declare module 'feedmux' {
  interface Capabilities {
    weather: { params: { city: string }; data: { celsius: number } }
  }
}

const acme = defineProvider<'weather'>({
  id: 'acme', name: 'Acme', homepage: 'https://example.com', docs: 'https://example.com/docs', hosts: ['https://api.example.com'],
  endpoints: { weather: { request: ({ city }) => ({ path: 'weather', query: { city } }), parse: () => ({ celsius: 20 }) } },
})
const router = new ProviderRouter({ providers: [kraken(), acme], capabilities: { weather: { category: 'weather', ttlMs: 60_000, staleMs: 600_000 } } })
export const celsius: Promise<number> = router.request('weather', { city: 'Paris' }).then(({ data }) => data.celsius)
export const names: Capability[] = ['weather', 'ticker']
export const data: DataOf<'weather'> = { celsius: 1 }
// @ts-expect-error asked by its city
export const nowhere = router.request('weather', {})
// @ts-expect-error no such capability
export const wether: keyof Capabilities = 'wether'
`

const combinations = [
  ['tsc', 'node16', 'node16'],
  ['tsc', 'nodenext', 'nodenext'],
  ['tsc', 'esnext', 'bundler'],
  // TypeScript 6, whose API many tools still use
  ['tsc6', 'nodenext', 'nodenext'],
] as const

beforeAll(async () => {
  for (const extension of ['mts', 'cts']) {
    await writeFile(join(consumer, `uses.${extension}`), uses)
    await writeFile(join(consumer, `augments.${extension}`), augments)
  }
})

it.each(combinations)('%s accepts and refuses what it should with module %s and resolution %s, from .mts and .cts', async (...combination) => {
  expect(await complaints(...combination, ['uses.mts', 'uses.cts'])).toBe('')
})

// each format by itself: one program with both has two packages of the same name
it.each(['augments.mts', 'augments.cts'])('users add a capability by augmenting the module, in %s', async (file) => {
  expect(await complaints('tsc', 'nodenext', 'nodenext', [file])).toBe('')
  expect(await complaints('tsc6', 'nodenext', 'nodenext', [file])).toBe('')
})
