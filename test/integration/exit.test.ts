import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { endUpstreams, json, silent } from '../support/upstreams.js'

let folder = ''
let library = ''

/** The library in one file, so that a child needs neither a build nor a loader. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedmux-exit-'))
  library = join(folder, 'feedmux.cjs')
  await build({ entryPoints: [resolve('src/index.ts')], outfile: library, bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'error' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(endUpstreams)

/** What every script begins with: fifty providers, the first ones at the hosts given. */
const PRELUDE = `
  const [library, ...hosts] = process.argv.slice(1)
  const { ProviderRouter, defineProvider } = require(library)
  const endpoint = { request: () => ({ path: 'ticker' }), parse: (body, { symbol }) => ({ symbol, base: 'BTC', quote: 'USD', last: body.last }) }
  const provider = (n, facts = {}) => defineProvider({
    id: 'p' + n, name: 'P', homepage: 'https://p.example', docs: 'https://p.example', priority: n + 1, hosts: [hosts[Math.min(n, hosts.length - 1)]],
    limits: [{ requests: 600, perMs: 60000, scope: 'ip' }, { requests: 100000, perMs: 86400000, scope: 'ip', resets: 'utc-day' }], endpoints: { ticker: endpoint }, ...facts,
  })
  const make = (options = {}, facts = {}) => new ProviderRouter({ providers: Array.from({ length: 50 }, (_, n) => provider(n, facts)), ...options })
  const BTC = { symbol: 'BTC/USD' }
  const expect = (what, holds) => { if (!holds) { console.error('not so: ' + what); process.exit(3) } }
  const failing = async () => { throw new TypeError('fetch failed') }
`

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  /** From the script's last line to the end of its process. */
  readonly ms: number
  readonly output: string
}

async function ended(script: string, ...hosts: string[]): Promise<Ended> {
  const main = `${PRELUDE}\n;(async () => {\n${script}\nconsole.log('last line')\n})()`
  const child = spawn(process.execPath, ['-e', main, library, ...hosts], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000, killSignal: 'SIGKILL' })
  let output = ''
  let lastAt = performance.now()
  const collect = (chunk: Buffer): void => {
    output += chunk.toString()
    lastAt = performance.now()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, ms: performance.now() - lastAt, output }
}

const good = (): Promise<{ url: string }> => json(200, { last: 100 })

const CASES: readonly [string, string][] = [
  ['is made, and nothing is asked', `expect('made', make().status().providers.length === 50)`],
  ['answers once over HTTP', `const { provider } = await make().request('ticker', BTC); expect(provider, provider === 'p0')`],
  [
    'answers once through a fetch of its own',
    `const fetch = async () => new Response('{"last":1}'); expect('answer', (await make({ fetch }).request('ticker', BTC)).data.last === 1)`,
  ],
  [
    'fails',
    `const error = await make({ fetch: failing }).request('ticker', BTC).catch((e) => e); expect(String(error), error.name === 'AllProvidersFailedError' && error.attempts.length === 4)`,
  ],
  [
    'fails alone, with its retries',
    `const router = new ProviderRouter({ providers: [provider(0)], fetch: failing }); const error = await router.request('ticker', BTC).catch((e) => e); expect(String(error), error.attempts?.length === 2)`,
  ],
  [
    'opens breakers',
    `const router = make({ fetch: failing, cache: false, retries: 0, maxAttempts: 50 }); for (let n = 0; n < 5; n++) await router.request('ticker', BTC).catch(() => {}); expect('open', router.status().providers.every(({ breaker }) => breaker.state === 'open'))`,
  ],
  [
    'tells listeners of everything',
    `let heard = 0; const router = make({ fetch: failing }); for (const name of ['request-settled', 'attempt-failed', 'cache-missed', 'breaker-changed']) router.on(name, () => heard++); await router.request('ticker', BTC).catch(() => {}); expect('heard ' + heard, heard === 6)`,
  ],
  [
    'rests after a 429',
    `const router = make({ fetch: async () => new Response('{}', { status: 429, headers: { 'retry-after': '600' } }) }); await router.request('ticker', BTC).catch(() => {}); expect('cooldown', router.status().providers[0].cooldown.reason === 'rate-limited')`,
  ],
  [
    'paces its calls',
    `const router = make({ fetch: async () => new Response('{"last":1}'), cache: false }, { minSpacingMs: 60000 }); for (let n = 0; n < 3; n++) await router.request('ticker', BTC); expect('used', router.status().providers[2].successes === 1)`,
  ],
  [
    'answers from its cache, stale too',
    `const router = make({ fetch: async () => new Response('{"last":1}'), cache: { ttlMs: 1 } }); await router.request('ticker', BTC); await new Promise((r) => setTimeout(r, 20)); expect('stale', (await router.request('ticker', BTC, { stale: 'while-revalidate' })).source === 'stale')`,
  ],
  [
    'probes on and on',
    `const router = make({ fetch: async () => new Response('{"last":1}') }); router.startProbes({ everyMs: 60000 }); await router.checkHealth('p0')`,
  ],
  ['is closed', `const router = make(); await router.request('ticker', BTC); await router.close()`],
]

it.each(CASES)('a process whose router %s ends by itself', async (_, script) => {
  const { code, signal, ms, output } = await ended(script, (await good()).url)
  expect({ code, signal, output }).toEqual({ code: 0, signal: null, output: 'last line\n' })
  expect(ms).toBeLessThan(2_000)
})

const HANGING: readonly [string, string][] = [
  [
    'was hedged',
    `const { provider, attempts } = await make({ hedge: { afterMs: 50 } }).request('ticker', BTC); expect('hedged', provider === 'p1' && attempts.length === 2)`,
  ],
  [
    'timed out',
    `const { provider, attempts } = await make({ timeoutMs: 100 }).request('ticker', BTC); expect('failover', provider === 'p1' && attempts[0].reason === 'timeout')`,
  ],
  [
    'was left by its caller',
    `const signal = AbortSignal.timeout(100); const error = await make().request('ticker', BTC, { signal }).catch((e) => e); expect('reason', error === signal.reason)`,
  ],
  [
    'was shared by callers with less time',
    `const router = make(); const controller = new AbortController(); const first = router.request('ticker', BTC, { signal: controller.signal }).catch(() => {}); const second = await router.request('ticker', BTC, { signal: controller.signal, totalTimeoutMs: 100, maxAttempts: 1 }).catch((e) => e); expect(String(second), second.name === 'AllProvidersFailedError'); controller.abort(); await first`,
  ],
]

it.each(HANGING)('a process whose request to a hanging provider %s ends by itself', async (_, script) => {
  const { code, signal, ms, output } = await ended(script, (await silent()).url, (await good()).url)
  expect({ code, signal, output }).toEqual({ code: 0, signal: null, output: 'last line\n' })
  expect(ms).toBeLessThan(2_000)
})
