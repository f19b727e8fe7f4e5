import { matcher, type Matcher } from './match.js'
import type { Route } from './route.js'

/** Routes that are loaded together. */
interface Area {
  /** Their paths, or what those begin with; of several areas that fit, the longest beginning counts. */
  readonly paths: readonly string[]
  load(): Promise<readonly Route[]>
}

/**
 * All areas, in the order of the documentation. Each is loaded when somebody asks for the first of its paths: making the schemas of all takes longer than most
 * requests do, and a function that starts for one of them would pay for every one.
 */
const AREAS: readonly Area[] = [
  {
    paths: ['/health', '/ready', '/api/status', '/api/health', '/api/stats'],
    load: async () => (await import('./routes/monitoring.js')).monitoringRoutes,
  },
  { paths: ['/api/providers'], load: async () => (await import('./routes/providers.js')).providersRoutes },
  { paths: ['/api/pools'], load: async () => (await import('./routes/pools.js')).poolsRoutes },
  { paths: ['/api/system'], load: async () => (await import('./routes/system.js')).systemRoutes },
  { paths: ['/api/plan'], load: async () => (await import('./routes/plan.js')).planRoutes },
  { paths: ['/api/sessions', '/api/broadcast'], load: async () => (await import('./routes/sessions.js')).sessionsRoutes },
  { paths: ['/api/worker'], load: async () => (await import('./routes/worker.js')).workerRoutes },
  {
    paths: ['/api/market', '/api/sentiment', '/api/trending', '/api/defi', '/api/v1/coingecko', '/api/direct'],
    load: async () => (await import('./routes/market.js')).marketRoutes,
  },
  { paths: ['/api/multi-source'], load: async () => (await import('./routes/multi-source.js')).multiSourceRoutes },
  { paths: ['/api/trading'], load: async () => (await import('./routes/trading.js')).tradingRoutes },
  { paths: ['/api/exchanges'], load: async () => (await import('./routes/exchanges.js')).exchangesRoutes },
  { paths: ['/api/coins', '/api/metadata', '/api/cache'], load: async () => (await import('./routes/coins.js')).coinsRoutes },
  { paths: ['/api/news'], load: async () => (await import('./routes/news.js')).newsRoutes },
  { paths: ['/api/indicators'], load: async () => (await import('./routes/indicators.js')).indicatorsRoutes },
  { paths: ['/api/ai', '/api/hf', '/api/sentiment/analyze'], load: async () => (await import('./routes/ai.js')).aiRoutes },
  { paths: ['/api/social', '/api/events'], load: async () => (await import('./routes/social.js')).socialRoutes },
  { paths: ['/api/backtest', '/api/correlations'], load: async () => (await import('./routes/backtest.js')).backtestRoutes },
  { paths: ['/api/portfolio', '/api/alerts', '/api/watchlist'], load: async () => (await import('./routes/portfolio.js')).portfolioRoutes },
  { paths: ['/api/logs'], load: async () => (await import('./routes/logs.js')).logsRoutes },
  { paths: ['/api/diagnostics'], load: async () => (await import('./routes/diagnostics.js')).diagnosticsRoutes },
  { paths: ['/api/resources'], load: async () => (await import('./routes/resources.js')).resourcesRoutes },
  { paths: ['/api/resources/discovery', '/api/reports'], load: async () => (await import('./routes/reports.js')).reportsRoutes },
  { paths: ['/metrics'], load: async () => (await import('./routes/metrics.js')).metricsRoutes },
  { paths: ['/', '/docs', '/openapi.json'], load: async () => (await import('./routes/pages.js')).pagesRoutes },
]

const areas = new Map(AREAS.flatMap((area) => area.paths.map((path) => [path, area] as const)))
const deepest = Math.max(...[...areas.keys()].map((path) => path.split('/').length))
const matchers = new Map<Area, Promise<Matcher>>()
const nothing = matcher([])

/** What finds the routes of the area that a path belongs to; without an area, nothing is found. */
export function matcherAt(path: string): Promise<Matcher> | Matcher {
  const area = areaOf(path)
  if (area === undefined) return nothing
  const known = matchers.get(area)
  if (known !== undefined) return known
  const loading = area.load().then(matcher)
  matchers.set(area, loading)
  loading.catch(() => matchers.delete(area)) // a file that was missing may be there the next time
  return loading
}

function areaOf(path: string): Area | undefined {
  // only as much of it as counts: a path of thousands of slashes would keep everybody waiting
  for (let beginning = path.split('/', deepest).join('/'); beginning !== ''; beginning = beginning.slice(0, beginning.lastIndexOf('/'))) {
    const area = areas.get(beginning)
    if (area !== undefined) return area
  }
  return undefined
}

/** Every route, for the documentation. */
export const allRoutes = async (): Promise<readonly Route[]> => (await Promise.all(AREAS.map((area) => area.load()))).flat()
