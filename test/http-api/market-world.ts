import { expect } from 'vitest'
import { z } from 'zod'
import { createHandler, type Handler } from '../../src/http-api/create-handler.js'
import type { HandlerOptions } from '../../src/http-api/options.js'
import { allRoutes } from '../../src/http-api/routes.js'
import { matcher } from '../../src/http-api/match.js'
import { pairOf } from '../../src/model/symbol.js'
import type { Candle, Ticker } from '../../src/model/market.js'
import type { ParamsOf } from '../../src/model/capabilities.js'
import { INTERVAL_MS } from '../../src/model/interval.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import type { RouterOptions } from '../../src/router/options.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeClock, fakeClock } from '../../src/testing/index.js'

const routes = await allRoutes()

/** Start of every test's time: the beginning of a minute, an hour and a day. */
export const NOW = Date.UTC(2026, 0, 1)

/** An answer that a test looks at. */
interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** The API of some providers, in time that only the test moves. */
export interface Served {
  readonly clock: FakeClock
  readonly router: ProviderRouter
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Seen>
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Seen>
}

const paths = matcher(routes)

/** Serves these providers; every answer with status 200 has to be what its route's schema says. */
export function served(providers: readonly AnyProvider[], options: Partial<RouterOptions> = {}, own: HandlerOptions = {}): Served {
  const clock = fakeClock(NOW)
  const router = new ProviderRouter({ clock, random: () => 0.5, retries: 0, ...options, providers })
  const handler = createHandler(router, { clock, ...own })
  return {
    clock,
    router,
    get: (path, headers = {}) => seen(handler, new Request(`https://api.test${path}`, { headers })),
    post: (path, body, headers = {}) =>
      seen(
        handler,
        new Request(`https://api.test${path}`, {
          method: 'POST',
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
  }
}

async function seen(handler: Handler, request: Request): Promise<Seen> {
  const response = await handler(request)
  const text = await response.text()
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
  if (response.status === 200) {
    const { answer } = paths.find(request.method, new URL(request.url).pathname).route
    expect(undescribed(answer, body)).toEqual([])
  }
  return { status: response.status, headers: response.headers, body }
}

/** What an answer has that its schema does not speak of, or has in another way. */
function undescribed(answer: z.ZodType | undefined, body: object): unknown[] {
  const strict = answer instanceof z.ZodObject ? answer.strict() : answer
  return strict?.safeParse(body).error?.issues ?? []
}

/** A ticker of `asked`, as documented. */
export const ticker = (symbol: string, last: number, more: Partial<Ticker> = {}): Ticker => ({ ...pairOf(symbol), last, ...more })

/** So many candles until now; the last one is running. */
export function candles({ interval, limit = 100 }: ParamsOf<'candles'>): Candle[] {
  const step = INTERVAL_MS[interval]
  return Array.from({ length: limit }, (_, index) => {
    const open = 100 + index
    const openTime = NOW - (limit - 1 - index) * step
    return { openTime, open, high: open + 2, low: open - 1, close: open + 1, volume: 10, closed: openTime + step <= NOW }
  })
}
