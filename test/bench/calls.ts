import { type AnyProvider, defineProvider, ProviderError, ProviderRouter, type RouterOptions } from 'feedmux'
import { type AskPeer, cockatielCall, ethersCall, naiveCall, viemCall } from './peers.ts'

const TICKER = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 100_000, bid: 99_999, ask: 100_001 }
const PARAMS = { symbol: 'BTC/USD' }

/** A provider in the same process that answers at once. */
export function instant(id: string, facts: { limits?: AnyProvider['limits']; fails?: boolean } = {}): AnyProvider {
  const { limits, fails = false } = facts
  return defineProvider({
    id,
    name: id,
    homepage: 'https://example.test',
    docs: 'https://example.test/docs',
    ...(limits && { limits }),
    endpoints: { ticker: { call: () => (fails ? Promise.reject(new ProviderError({ provider: id, reason: 'unavailable' })) : Promise.resolve(TICKER)) } },
  })
}

function router(options: RouterOptions): ProviderRouter {
  return new ProviderRouter({ cache: false, ...options })
}

const untimed = { timeoutMs: Infinity, totalTimeoutMs: Infinity }

/** The calls that are compared, by name; each maker gives a call that is ready to be made. */
export const calls = {
  /** No timeout, no limits, no signal. */
  bare: (): AskPeer => {
    const bare = router({ providers: [instant('first'), instant('second')], ...untimed })
    return () => bare.request('ticker', PARAMS)
  },
  viem: (): AskPeer => viemCall(false),
  /** Timeout, limiter, signal and events. */
  full: (): AskPeer => {
    const limits = [
      { requests: 1e9, perMs: 1_000, scope: 'ip' as const },
      { requests: 1e11, perMs: 60_000, scope: 'ip' as const },
    ]
    const full = router({ providers: [instant('first', { limits }), instant('second', { limits })] })
    let heard = 0
    full.on('attempt-succeeded', () => heard++)
    full.on('request-settled', () => heard++)
    const { signal } = new AbortController()
    return () => full.request('ticker', PARAMS, { signal })
  },
  cockatiel: (): AskPeer => cockatielCall(TICKER),
  ethers: (): AskPeer => ethersCall(),
  naive: (): AskPeer => naiveCall(TICKER),
  /** The first of two is down, and known to be. */
  firstDown: (): AskPeer => {
    const down = router({
      providers: [
        { ...instant('first', { fails: true }), priority: 1 },
        { ...instant('second'), priority: 2 },
      ],
      ...untimed,
    })
    return () => down.request('ticker', PARAMS)
  },
  /** The same with a first one that is well. */
  bothUp: (): AskPeer => {
    const up = router({
      providers: [
        { ...instant('first'), priority: 1 },
        { ...instant('second'), priority: 2 },
      ],
      ...untimed,
    })
    return () => up.request('ticker', PARAMS)
  },
  viemFirstDown: (): AskPeer => viemCall(true),
  /** Always fresh in the cache. */
  cached: (): AskPeer => {
    const cached = new ProviderRouter({ providers: [instant('first'), instant('second')], cache: { ttlMs: 3_600_000 } })
    return () => cached.request('ticker', PARAMS)
  },
} as const satisfies Record<string, () => AskPeer>

/** Name of a call. */
export type CallName = keyof typeof calls
