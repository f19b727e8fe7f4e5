import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Limit } from '../../src/provider/provider.js'
import { type OwnRedis, ownRedis } from '../support/redis.js'
import { StrictLimits } from '../support/strict-limits.js'
import { endUpstreams, upstream, type Upstream } from '../support/upstreams.js'

const LIMITS: readonly Limit[] = [
  { requests: 20, perMs: 2_000, scope: 'ip' },
  { requests: 60, perMs: 60_000, scope: 'ip' },
]

/** One process of several: it asks 12 at once and then ten a second, and tells how many were answered, and by how many 429. */
const CHILD = `
import { Redis } from 'ioredis'
import { defineProvider, ProviderRouter } from './src/index.ts'
import { redisStore } from './src/redis/index.ts'

const [redisUrl, host, forMs] = process.argv.slice(2)
const endpoint = { request: ({ symbol }) => ({ path: 'ticker', query: { symbol } }), parse: (body, { symbol }) => ({ symbol, base: 'A', quote: 'USD', last: body.last }) }
const facts = { id: 'p', name: 'P', homepage: 'https://p.example', docs: 'https://p.example', limits: ${JSON.stringify(LIMITS)}, hosts: [host] }
const provider = defineProvider({ ...facts, endpoints: { ticker: endpoint } })
const client = redisUrl === 'alone' ? undefined : new Redis(redisUrl)
const store = client && redisStore(client, { timeoutMs: 10_000 })
const router = new ProviderRouter({ providers: [provider], cache: false, store, totalTimeoutMs: 3_000 })
let unavailable = 0
router.on('store-unavailable', () => unavailable++)
const asked = []
const ask = () => asked.push(router.request('ticker', { symbol: 'A' + asked.length + '/USD' }).then(() => 1, () => 0))
for (let i = 0; i < 12; i++) ask()
for (const until = Date.now() + Number(forMs); Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 100))) ask()
const answered = (await Promise.all(asked)).reduce((sum, one) => sum + one, 0)
console.log(JSON.stringify({ answered, refused: router.status().providers[0].rateLimitHits, unavailable }))
await router.close()
client?.disconnect()
`

let folder = ''
let child = ''
let redis: OwnRedis

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedmux-processes-'))
  child = join(folder, 'child.mjs')
  const banner = { js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(resolve('package.json'))});` }
  const stdin = { contents: CHILD, resolveDir: resolve('.'), loader: 'ts' as const }
  const built = await build({ stdin, bundle: true, platform: 'node', format: 'esm', target: 'node22', banner, write: false, logLevel: 'error' })
  await writeFile(child, built.outputFiles[0]?.contents ?? '')
  redis = await ownRedis()
})
afterAll(async () => {
  await endUpstreams()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Ended {
  readonly answered: number
  readonly refused: number
  readonly unavailable: number
}

async function ended(...args: readonly string[]): Promise<Ended> {
  const one = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000, killSignal: 'SIGKILL' })
  let output = ''
  one.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await once(one, 'close')
  return JSON.parse(output) as Ended
}

/** Serves within its limits, and a 429 above them. */
const server = (limits: StrictLimits): Promise<Upstream> =>
  upstream((_, response) => {
    const isServed = limits.arrive(performance.now())
    response.writeHead(isServed ? 200 : 429, { 'content-type': 'application/json' }).end(isServed ? '{"last":100}' : '{}')
  })

it('five processes that share one limit are never refused by a strict server, and three that do not are', { timeout: 30_000 }, async () => {
  const [together, apart] = [new StrictLimits(LIMITS), new StrictLimits(LIMITS)]
  const [at, otherAt] = [await server(together), await server(apart)]
  const [ends, others] = await Promise.all([
    Promise.all(Array.from({ length: 5 }, () => ended(redis.url, at.url, '3000'))),
    Promise.all(Array.from({ length: 3 }, () => ended('alone', otherAt.url, '0'))),
  ])
  const sum = (all: readonly Ended[], name: keyof Ended): number => all.reduce((total, one) => total + one[name], 0)
  expect(sum(ends, 'unavailable')).toBe(0)
  expect([together.violations, sum(ends, 'refused')]).toEqual([0, 0])
  // one that is sent just before its caller's deadline may arrive and not be answered
  expect(sum(ends, 'answered')).toBeGreaterThanOrEqual(0.8 * together.arrived)
  expect(together.arrived).toBeGreaterThan(18) // of more than one window
  expect(ends.filter(({ answered }) => answered > 0).length).toBeGreaterThan(1)
  expect(apart.violations).toBeGreaterThan(0)
  expect(sum(others, 'refused')).toBeGreaterThan(0)
})
