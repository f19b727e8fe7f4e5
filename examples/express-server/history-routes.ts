import { type Request, type Response, Router } from 'express'
import type { History } from './history.ts'
import { symbolOf } from './live/channels.ts'
import type { ServerRouter } from './providers.ts'

const HOUR_MS = 3_600_000
const MOST_HOURS = 720
const MOST_POINTS = 1_000
/** More than thirty days of any symbol or provider. */
const MOST_ROWS = 50_000

/** What sparklines are drawn from: prices and how providers were, out of the history. */
export function historyRoutes(history: History | undefined, router: ServerRouter): Router {
  const routes = Router()
  routes.get('/prices', (request, response) => {
    const asked = readOf(request, 'symbol')
    const symbol = asked === undefined ? undefined : symbolOf(asked.name)
    if (asked === undefined || symbol === undefined)
      return refuse(response, 400, 'bad-request', 'symbol and, if wanted, hours from 1 to 720 expected: ?symbol=BTC&hours=24')
    if (history === undefined) return refuse(response, 503, 'unavailable', 'no history is kept: start the server with a database')
    const points = thinned(history.since('prices', asked.from, { symbol }, MOST_ROWS)).map(({ at, price, provider }) => ({ at: iso(at), price, provider }))
    response.json({ symbol, points, count: points.length })
  })
  routes.get('/health', (request, response) => {
    const asked = readOf(request, 'provider')
    if (asked === undefined) return refuse(response, 400, 'bad-request', 'provider and, if wanted, hours from 1 to 720 expected: ?provider=kraken&hours=24')
    if (!router.providers.some(({ id }) => id === asked.name)) return refuse(response, 404, 'not-found', `no provider "${asked.name}"`)
    if (history === undefined) return refuse(response, 503, 'unavailable', 'no history is kept: start the server with a database')
    const points = thinned(history.since('health', asked.from, { provider: asked.name }, MOST_ROWS)).map(
      ({ at, status, success_rate, latency_ms, requests }) => ({ at: iso(at), status, success_rate, latency_ms, requests }),
    )
    response.json({ provider: asked.name, points, count: points.length })
  })
  return routes
}

/** The whole time with fewer points: the newest of them is always there. */
function thinned<T>(rows: readonly T[]): readonly T[] {
  const step = Math.ceil(rows.length / MOST_POINTS)
  return step <= 1 ? rows : rows.filter((_, index) => (rows.length - 1 - index) % step === 0)
}

function readOf({ query }: Request, parameter: string): { readonly name: string; readonly from: number } | undefined {
  const { [parameter]: name, hours = '24', ...others } = query
  const isHours = typeof hours === 'string' && /^\d{1,3}$/.test(hours) && Number(hours) >= 1 && Number(hours) <= MOST_HOURS
  if (typeof name !== 'string' || !/^[\w./$-]{1,64}$/.test(name) || !isHours || Object.keys(others).length > 0) return undefined
  return { name, from: Date.now() - Number(hours) * HOUR_MS }
}

const iso = (at: unknown): string => new Date(Number(at)).toISOString()

const refuse = (response: Response, status: number, code: string, error: string): void =>
  void response.status(status).json({ success: false, error, code, timestamp: new Date().toISOString(), data: null })
