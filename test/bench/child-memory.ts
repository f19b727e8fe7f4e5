// What a router keeps, in a process of its own: per provider, per call, and while nothing happens.
import { type AnyProvider, ProviderRouter, roundRobin } from 'feedmux'
import { instant } from './calls.ts'

const PROVIDERS = 1_000
const CALLS = 1_000_000
const WARM_UP = 50_000
const IDLE_MS = 2_000
const PARAMS = { symbol: 'BTC/USD' }

function used(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function idleMs(): Promise<number> {
  const before = process.cpuUsage()
  return new Promise((resolve) =>
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before)
      resolve((user + system) / 1e3)
    }, IDLE_MS),
  )
}

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

/** Bytes of a router's state per provider, after a request to each. */
async function perProvider(): Promise<{ router: ProviderRouter; bytes: number }> {
  const warm = new ProviderRouter({ providers: [instant('warm')], cache: false })
  await warm.request('ticker', PARAMS)
  const providers: AnyProvider[] = Array.from({ length: PROVIDERS }, (_, index) => instant(`provider-${index}`))
  const before = used()
  const router = new ProviderRouter({ providers, strategy: roundRobin(), cache: false })
  for (let turn = 0; turn < PROVIDERS; turn++) await router.request('ticker', PARAMS)
  return { router, bytes: (used() - before) / PROVIDERS }
}

/** Bytes that stay after a call. */
async function perCall(): Promise<number> {
  const router = new ProviderRouter({ providers: [instant('first'), instant('second')], cache: false })
  for (let turn = 0; turn < WARM_UP; turn++) await router.request('ticker', PARAMS)
  const before = used()
  for (let turn = 0; turn < CALLS; turn++) await router.request('ticker', PARAMS)
  const bytes = Math.max(0, used() - before) / CALLS
  return router.status().inFlight === 0 ? bytes : NaN
}

const kept = await perCall()
used()
const alone = await idleMs()
const { router, bytes } = await perProvider()
const held = timers()
const busy = await idleMs()
const providers = router.status().providers.length
console.log(JSON.stringify({ providers, perProvider: bytes, kept, timers: held, idlePercent: Math.max(0, ((busy - alone) / IDLE_MS) * 100) }))
