import type { Route } from './route.js'
import { aiRoutes } from './routes/ai.js'
import { backtestRoutes } from './routes/backtest.js'
import { coinsRoutes } from './routes/coins.js'
import { diagnosticsRoutes } from './routes/diagnostics.js'
import { exchangesRoutes } from './routes/exchanges.js'
import { indicatorsRoutes } from './routes/indicators.js'
import { logsRoutes } from './routes/logs.js'
import { marketRoutes } from './routes/market.js'
import { metricsRoutes } from './routes/metrics.js'
import { monitoringRoutes } from './routes/monitoring.js'
import { multiSourceRoutes } from './routes/multi-source.js'
import { newsRoutes } from './routes/news.js'
import { pagesRoutes } from './routes/pages.js'
import { planRoutes } from './routes/plan.js'
import { poolsRoutes } from './routes/pools.js'
import { portfolioRoutes } from './routes/portfolio.js'
import { providersRoutes } from './routes/providers.js'
import { reportsRoutes } from './routes/reports.js'
import { resourcesRoutes } from './routes/resources.js'
import { sessionsRoutes } from './routes/sessions.js'
import { socialRoutes } from './routes/social.js'
import { systemRoutes } from './routes/system.js'
import { tradingRoutes } from './routes/trading.js'
import { workerRoutes } from './routes/worker.js'

/** All routes, by area. */
export const routes: readonly Route[] = [
  ...monitoringRoutes,
  ...providersRoutes,
  ...poolsRoutes,
  ...systemRoutes,
  ...planRoutes,
  ...sessionsRoutes,
  ...workerRoutes,
  ...marketRoutes,
  ...multiSourceRoutes,
  ...tradingRoutes,
  ...exchangesRoutes,
  ...coinsRoutes,
  ...newsRoutes,
  ...indicatorsRoutes,
  ...aiRoutes,
  ...socialRoutes,
  ...backtestRoutes,
  ...portfolioRoutes,
  ...logsRoutes,
  ...diagnosticsRoutes,
  ...resourcesRoutes,
  ...reportsRoutes,
  ...metricsRoutes,
  ...pagesRoutes,
]
