import type {
  Breakers,
  BinanceHealth,
  HealthRow,
  ProviderRow,
  ProvidersHealth,
  ProviderStatistics,
  StatisticsRow,
  SystemStatus,
} from '../../examples/status-widget/answers.js'

/** Seconds since the epoch, of an answer that was just given. */
export const now = (): number => Math.floor(Date.now() / 1_000)
const iso = (inSeconds = 0): string => new Date(Date.now() + inSeconds * 1_000).toISOString()

export const provider = (name: string, change: Partial<ProviderRow> = {}): ProviderRow => ({
  provider_id: name.toLowerCase().replaceAll(' ', '-'),
  name,
  status: 'online',
  response_time_ms: 126,
  success_rate: 100,
  last_check: now() - 2,
  error: null,
  status_code: null,
  resource_count: 4,
  cached_until: null,
  ...change,
})

/** Names of the fixture's providers; the test says how each is. */
const NAMES = ['Binance', 'Kraken', 'Coinbase Exchange', 'OKX', 'CoinPaprika', 'CoinGecko', 'Alternative.me']

/** `GET /api/system/status`, all well but for what a test changes. */
export const status = (change: Partial<SystemStatus> = {}): SystemStatus => ({
  overall_health: 'online',
  services: [
    { name: 'router', status: 'online', last_check: now(), response_time_ms: 41 },
    { name: 'cache', status: 'online', last_check: now(), response_time_ms: null },
    { name: 'pool default', status: 'online', last_check: now(), response_time_ms: 38 },
  ],
  endpoints: [{ path: '/api/market/price', method: 'GET', status: 'online', requests: 12, success_rate: 100, avg_response_ms: 31 }],
  coins: ['BTC', 'ETH', 'BNB', 'SOL', 'ADA'].map((symbol, n) => ({ symbol, status: 'online', last_update: now(), price: 65_000 / 10 ** n })),
  resources: { cpu_percent: 12.5, memory_percent: 40, memory_used_mb: 812, memory_total_mb: 2_030, uptime_seconds: 3_700, load_avg: [0.5, 0.4, 0.3] },
  providers_detailed: NAMES.map((name) => provider(name)),
  ai_models: { transformers_loaded: true, sentiment_models: 2, hf_api_active: false, engine: 'lexicon', last_call: now() - 4 },
  infrastructure: { database_status: 'SQLite', database_entries: 127, background_worker: 'running', worker_next_run: now() + 245, websocket_active: true },
  resource_breakdown: {
    total: 31,
    by_source: { keyless: 28, keyed: 2, computed: 1 },
    by_category: { market_price: { total: 12, online: 10 }, news: { total: 19, online: 19 } },
  },
  error_details: [],
  performance: { avg_response_ms: 126, fastest_provider: 'Kraken', fastest_time_ms: 7.8, cache_hit_rate: 78 },
  timestamp: now(),
  ...change,
})

export const healthRow = (name: string, change: Partial<HealthRow> = {}): HealthRow => ({
  name,
  priority: 1,
  status: 'healthy',
  available: true,
  success_rate: 100,
  consecutive_failures: 0,
  response_time_ms: 40,
  last_check: iso(),
  ...change,
})

/** `GET /api/system/providers/health` */
export function health(rows: readonly HealthRow[] = NAMES.map((name) => healthRow(name))): ProvidersHealth & { success: true } {
  const count = (wanted: string): number => rows.filter(({ status: is }) => is === wanted).length
  return {
    success: true,
    timestamp: iso(),
    providers: { market_price: rows.slice(), news: rows.slice(0, 2) },
    summary: {
      total_categories: 2,
      healthy_providers: count('healthy'),
      degraded_providers: count('degraded'),
      down_providers: count('down'),
      unknown_providers: count('unknown'),
    },
  }
}

/** `GET /api/system/binance/health`; `backoff`: seconds that the second host still rests. */
export function binance(backoff?: number): BinanceHealth & { success: true; timestamp: string } {
  const host = (url: string) => ({
    url,
    available: true,
    success_rate: 100,
    total_requests: 9,
    consecutive_failures: 0,
    avg_response_time_ms: 30,
    backoff_until: null,
  })
  const resting = { ...host('api-gcp.binance.com'), available: false, success_rate: 0, consecutive_failures: 2, backoff_until: iso(backoff) }
  const unused = { ...host('data-api.binance.vision'), success_rate: null, total_requests: 0, avg_response_time_ms: null }
  const endpoints = [host('https://api.binance.com'), backoff === undefined ? host('api-gcp.binance.com') : resting, unused]
  return {
    success: true,
    timestamp: iso(),
    binance_health: { connector_type: 'Binance Global', endpoints },
    summary: { total_endpoints: 3, available_endpoints: backoff === undefined ? 3 : 2, in_backoff: backoff === undefined ? 0 : 1 },
  }
}

/** `GET /api/system/circuit-breakers`; `open`: name and seconds until its trial. */
export function breakers(open: Readonly<Record<string, number>> = {}): Breakers & { success: true; timestamp: string } {
  const rows = NAMES.map((name) => ({
    provider: name.toLowerCase(),
    name,
    circuit_open: name in open,
    state: name in open ? 'open' : 'closed',
    next_attempt_at: name in open ? iso(open[name]) : null,
    consecutive_failures: name in open ? 5 : 0,
  }))
  const count = Object.keys(open).length
  return {
    success: true,
    timestamp: iso(),
    circuit_breakers: { market_price: rows, news: rows.slice(0, 2) },
    summary: { total_providers: rows.length, circuit_breakers_open: count, circuit_breakers_closed: rows.length - count },
  }
}

/** `GET /api/system/providers/stats`: Kraken with all there can be, and OKX that was asked nothing. */
export function statistics(change: Partial<StatisticsRow> = {}): ProviderStatistics & { success: true } {
  const kraken: StatisticsRow = {
    provider_id: 'kraken',
    name: 'Kraken',
    status: 'online',
    total_requests: 1_234,
    p50_ms: 40,
    p95_ms: 80,
    p99_ms: 120,
    share: { target: 25, actual: 18.2 },
    quota: [
      { kind: 'requests', window_seconds: 60, used: 54, limit: 60, percentage: 90 },
      { kind: 'requests', window_seconds: 1, used: 9, limit: 9, percentage: 100 },
      { kind: 'cost', window_seconds: 86_400, used: 200, limit: 200, percentage: 100 },
      { kind: 'spacing', window_seconds: 10, used: 1, limit: 1, percentage: 100 },
    ],
    last_error: 'timeout after 800 ms',
    last_failure: iso(-60),
    ...change,
  }
  const okx: StatisticsRow = {
    ...kraken,
    provider_id: 'okx',
    name: 'OKX',
    status: 'unknown',
    total_requests: 0,
    p50_ms: null,
    p95_ms: null,
    p99_ms: null,
    share: { target: null, actual: null },
    quota: [],
    last_error: null,
    last_failure: null,
  }
  return { success: true, statistics: { market_price: { providers: [kraken, okx] }, news: { providers: [kraken] } } }
}
