import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { Clock } from '../model/clock.js'
import { BITCOIN } from '../provider/chain/accounts.js'
import type { AnyProvider, HttpRequest, RequestContext } from '../provider/provider.js'
import { ProviderRouter } from '../router/provider-router.js'
import { isPublicAddress } from './public-address.js'

/** What looking at one candidate found. `capability` is what was asked. */
export interface Seen {
  readonly alive: boolean
  readonly capability?: string
  readonly latencyMs?: number
  /** In words without keys and addresses. */
  readonly reason?: string
}

/** What looking may use. */
export interface LookOptions {
  readonly timeoutMs: number
  readonly allowPrivate: boolean
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly clock?: Clock | undefined
}

const PARAMS: { readonly [C in Capability]?: ParamsOf<C> } = {
  ticker: { symbol: 'BTC/USD' },
  tickers: { symbols: ['BTC/USD', 'ETH/USD'] },
  candles: { symbol: 'BTC/USD', interval: '1h', limit: 10 },
  volume: { symbol: 'BTC/USD' },
  orderBook: { symbol: 'BTC/USD' },
  trades: { symbol: 'BTC/USD', limit: 10 },
  movers: { direction: 'gainers' },
  social: { asset: 'BTC' },
  networkMetrics: { asset: 'BTC' },
  gasPrice: { chain: 'eip155:1' },
  blockNumber: { chain: 'eip155:1' },
  balance: { account: `${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa` },
}

/** A stranger's answer is worked through by a stranger's expressions: neither is to be long. */
const MOST_BYTES = 1_000_000

/** Asks a candidate one question, alone, once, and looks whether the answer can be read. Never throws. */
export async function seeIfAlive(provider: AnyProvider, { timeoutMs, allowPrivate, fetch, clock }: LookOptions): Promise<Seen> {
  const capability = (provider.probe?.capability ?? Object.keys(provider.endpoints)[0]) as Capability | undefined
  if (capability === undefined) return { alive: false, reason: 'nothing to ask' }
  const router = new ProviderRouter({
    providers: [{ ...provider, endpoints: shortened(provider), enabled: true, reuseMs: 0 }],
    retries: 0,
    maxAttempts: 1,
    timeoutMs,
    totalTimeoutMs: timeoutMs,
    cache: false,
    clock,
    fetch: allowPrivate ? fetch : outwards(fetch),
  })
  try {
    const { latencyMs } = await router.request(capability, provider.probe?.params ?? PARAMS[capability] ?? {})
    return { alive: true, capability, latencyMs }
  } catch (error) {
    return { alive: false, capability, reason: reasonOf(error) }
  } finally {
    await router.close()
  }
}

/** Its endpoints, with less patience for long answers. */
function shortened({ endpoints }: AnyProvider): AnyProvider['endpoints'] {
  const short = Object.entries(endpoints).map(([capability, endpoint]) => {
    if (!('request' in endpoint)) return [capability, endpoint]
    const request = (params: unknown, context: RequestContext): HttpRequest[] =>
      [endpoint.request(params as never, context)].flat().map((one) => ({ ...one, maxBytes: Math.min(one.maxBytes ?? MOST_BYTES, MOST_BYTES) }))
    return [capability, { ...endpoint, request }]
  })
  return Object.fromEntries(short) as AnyProvider['endpoints']
}

function reasonOf(error: unknown): string {
  if (AllProvidersFailedError.is(error)) return error.failures[0]?.message ?? 'no answer'
  if (NoProviderError.is(error)) return error.excluded[0]?.reason ?? 'cannot be asked'
  return error instanceof Error ? error.message : 'no answer'
}

/** A `fetch` that only goes to public servers, and where a redirect does not lead on. */
function outwards(fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init)): typeof globalThis.fetch {
  return (input, init) => {
    const address = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    if (!isPublicAddress(address)) return Promise.reject(new TypeError('not a public address'))
    return fetch(input, { ...init, redirect: 'manual' })
  }
}
