import { expect } from 'vitest'
import { z } from 'zod'
import { createHandler } from '../../../src/http-api/index.js'
import { matcher } from '../../../src/http-api/match.js'
import { allRoutes } from '../../../src/http-api/routes.js'
import type { Capability } from '../../../src/model/capabilities.js'
import { INTERVAL_MS } from '../../../src/model/interval.js'
import type { Ticker } from '../../../src/model/market.js'
import { pairOf } from '../../../src/model/symbol.js'
import type { AnyProvider } from '../../../src/provider/provider.js'
import { ProviderRouter } from '../../../src/router/provider-router.js'
import { fakeClock, type FakeAnswer, fakeProvider } from '../../../src/testing/index.js'
import { candlesOf } from '../../support/candle-series.js'

const routes = await allRoutes()

/** The begin of a day: whatever closed before is closed. */
export const NOW = Date.UTC(2026, 10, 1)
export const DAY = 86_400_000

/** An answer, taken apart. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** The API over these providers. What goes well is held against the schema of its route, and must not say more than that describes. */
export function served(providers: readonly AnyProvider[]) {
  const clock = fakeClock(NOW)
  const router = new ProviderRouter({
    providers,
    clock,
    random: () => 0.5,
    retries: 0,
    capabilities: { events: { category: 'events', ttlMs: 1_000, staleMs: 0 } },
  })
  const handler = createHandler(router, { clock, rateLimit: false })
  const paths = matcher(routes)
  async function ask(path: string, body?: unknown): Promise<Answered> {
    const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await handler(new Request(`http://api.test${path}`, init))
    const answer = (await response.json()) as Record<string, unknown>
    if (response.status === 200) {
      const { answer: schema } = paths.find(init.method ?? 'GET', path.split('?', 1)[0] ?? '').route
      expect(schema?.safeParse(answer).error).toBeUndefined()
      expect(Object.keys((schema as z.ZodObject).shape)).toEqual(expect.arrayContaining(Object.keys(answer)))
    }
    return { status: response.status, headers: response.headers, body: answer }
  }
  return { ask, router, clock }
}

/** A provider of one capability. */
export const provider = <C extends Capability>(id: string, capability: C, answer: FakeAnswer<C>) =>
  fakeProvider<C>(id, { answers: { [capability]: answer } as unknown as { readonly [K in C]: FakeAnswer<K> } })

/** Candles of these closes, the last of which is that of the hour or day before `NOW`; other markets are unknown. */
export const exchange = (closes: Readonly<Record<string, readonly number[]>>, id = 'exchange') =>
  provider(id, 'candles', ({ symbol, interval, limit = 100, since }) => {
    const known = closes[symbol]
    if (known === undefined) return 'not-found'
    const all = candlesOf(known, NOW - (NOW % INTERVAL_MS[interval]), interval)
    return since === undefined ? all.slice(-limit) : all.filter(({ openTime }) => openTime >= since).slice(0, limit)
  })

/** Prices of markets; others are unknown. */
export const ticking = (tickers: Readonly<Record<string, Partial<Ticker> & Pick<Ticker, 'last'>>>, id = 'ticking') =>
  provider(id, 'ticker', ({ symbol }) => {
    const known = tickers[symbol]
    return known === undefined ? 'not-found' : { ...pairOf(symbol), ...known }
  })

/** Says of every text how it sounds: up where it holds «up», down where «down». */
export const reader = () =>
  provider('reader', 'textSentiment', ({ texts }) =>
    texts.map((text) => {
      const score = text.includes('up') ? 0.8 : text.includes('down') ? -0.8 : 0
      return { label: score > 0 ? 'bullish' : score < 0 ? 'bearish' : 'neutral', score, confidence: 0.9, engine: 'reader' }
    }),
  )
