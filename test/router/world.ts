import { type Mock, vi } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import type { FailureReason, RouterResult } from '../../src/model/result.js'
import { pairOf } from '../../src/model/symbol.js'
import type { Ticker } from '../../src/model/market.js'
import type { RequestOptions, RouterOptions } from '../../src/router/options.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeClock, fakeClock, type FakeOptions, type FakeProvider, fakeProvider } from '../../src/testing/index.js'

/** What a provider does when it is asked. `hang`: nothing, ever. */
type Mood =
  | 'ok'
  | 'hang'
  | FailureReason
  | { readonly reason: FailureReason; readonly status?: number; readonly retryAfterMs?: number }
  | { readonly takesMs: number }

/** A provider of tickers whose mood a test may change at any time. */
export interface Moody extends FakeProvider<'ticker'> {
  mood: Mood
  /** Price that it gives. */
  last: number
}

export type TickerRouter = ProviderRouter<readonly FakeProvider<'ticker'>[]>

/** Start of every test's time: the beginning of a minute, an hour and a day. */
export const NOW = Date.UTC(2026, 0, 1)

/** One price. */
export const price = (symbol: string, last = 100): Ticker => ({ ...pairOf(symbol), last })

/** Time that only the test moves, and providers and routers that live in it. */
export interface World {
  readonly clock: FakeClock
  readonly provider: (id: string, facts?: FakeOptions<'ticker'>) => Moody
  readonly router: (providers: readonly FakeProvider<'ticker'>[], options?: Partial<RouterOptions>) => TickerRouter
}

export function world(): World {
  const clock = fakeClock(NOW)
  return {
    clock,
    provider: (id, facts = {}) => {
      const provider: Moody = Object.assign(
        fakeProvider(id, { ...facts, answers: { ticker: ({ symbol }) => answer(clock, id, provider.mood, price(symbol, provider.last)) } }),
        { mood: 'ok' as const, last: 100 },
      )
      return provider
    },
    router: (providers, options) => new ProviderRouter({ clock, random: () => 0.5, ...options, providers }),
  }
}

function answer<T>(clock: FakeClock, provider: string, mood: Mood, data: T): T | FailureReason | Promise<T> {
  if (mood === 'ok') return data
  if (mood === 'hang') return new Promise(() => undefined)
  if (typeof mood === 'string') return mood
  if ('reason' in mood) throw new ProviderError({ provider, ...mood })
  return new Promise((resolve) => clock.setTimeout(() => resolve(data), mood.takesMs))
}

/** The answer, or the error as a value. */
export const ask = (router: TickerRouter, symbol = 'BTC/USD', options: RequestOptions = {}): Promise<RouterResult<Ticker> | Error> =>
  router.request('ticker', { symbol }, options).catch((error: unknown) => error as Error)

/** Asks `count` times, one after the other; gives who answered, or the name of the error. */
export async function askTimes(router: TickerRouter, count: number, symbol = 'BTC/USD', options: RequestOptions = {}): Promise<string[]> {
  const who: string[] = []
  for (let i = 0; i < count; i++) {
    const result = await ask(router, symbol, options)
    who.push(result instanceof Error ? result.name : result.provider)
  }
  return who
}

/** Remembers what it was told. */
export const listener = (): Mock<(told: unknown) => void> => vi.fn<(told: unknown) => void>()

/** Status of one provider. */
export function statusOf(router: TickerRouter, id: string): ReturnType<TickerRouter['status']>['providers'][number] {
  const found = router.status().providers.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no provider ${id}`)
  return found
}

/** Whom a request would ask, in order. */
export const order = (router: TickerRouter, symbol = 'BTC/USD', options: RequestOptions = {}): string[] =>
  router.plan('ticker', { symbol }, options).candidates.map(({ provider }) => provider)

/** Why the others would not be asked. */
export const reasons = (router: TickerRouter, symbol = 'BTC/USD', options: RequestOptions = {}): Record<string, string> =>
  Object.fromEntries(router.plan('ticker', { symbol }, options).excluded.map(({ provider, reason }) => [provider, reason]))
