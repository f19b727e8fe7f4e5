// What the elements read of the HTTP API. Unknown is null. Times: seconds since the epoch, or ISO 8601.

export interface ProviderRow {
  provider_id?: string
  name: string
  status: string
  response_time_ms: number | null
  /** Percent. */
  success_rate: number | null
  last_check: number | null
  error: string | null
  status_code: number | null
  resource_count: number | null
  cached_until: number | null
}

/** `GET /api/system/status` */
export interface SystemStatus {
  overall_health: string
  services: { name: string; status: string; last_check: number | null; response_time_ms: number | null }[]
  endpoints: { path: string; method?: string; status: string; requests?: number; success_rate: number | null; avg_response_ms: number | null }[]
  coins: { symbol: string; status: string; last_update: number | null; price: number | null }[]
  resources: {
    cpu_percent: number | null
    memory_percent: number | null
    memory_used_mb: number | null
    memory_total_mb: number | null
    uptime_seconds: number | null
    load_avg: number[] | null
  }
  providers_detailed: ProviderRow[]
  ai_models: {
    transformers_loaded: boolean | null
    sentiment_models: number | null
    hf_api_active: boolean | null
    engine?: string | null
    last_call?: number | null
  }
  infrastructure: {
    database_status: string | null
    database_entries: number | null
    background_worker: string | null
    worker_next_run: number | string | null
    websocket_active: boolean | null
  }
  resource_breakdown: { total: number; by_source: Record<string, number>; by_category: Record<string, number | { total: number; online: number }> }
  error_details: { provider: string; count: number; type: string; message: string; action: string }[]
  performance: {
    avg_response_ms: number | null
    fastest_provider: string | null
    fastest_time_ms: number | null
    /** Percent. */
    cache_hit_rate: number | null
  }
  timestamp: number
}

export interface HealthRow {
  name: string
  priority: number
  status: string
  available: boolean
  success_rate: number | null
  consecutive_failures: number
  response_time_ms: number | null
  last_check: string | null
}

export interface HostRow {
  url: string
  available: boolean
  success_rate: number | null
  total_requests: number
  consecutive_failures: number
  avg_response_time_ms: number | null
  backoff_until: string | null
}

/** `GET /api/system/providers/health` */
export interface ProvidersHealth {
  timestamp: string
  providers: Record<string, HealthRow[]>
  summary: { total_categories: number; healthy_providers: number; degraded_providers: number; down_providers: number; unknown_providers?: number }
}

/** `GET /api/system/binance/health` */
export interface BinanceHealth {
  binance_health: { connector_type: string; endpoints: HostRow[] }
  /** All of them, where there is Binance.US, too. */
  connectors?: { connector_type: string; endpoints: HostRow[] }[]
  summary: { total_endpoints: number; available_endpoints: number; in_backoff: number }
}

/** `GET /api/system/circuit-breakers` */
export interface Breakers {
  circuit_breakers: Record<string, BreakerRow[]>
  summary: { total_providers: number; circuit_breakers_open: number; circuit_breakers_closed: number; capability_breakers_open?: number }
}

export interface BreakerRow {
  provider: string
  name?: string
  circuit_open: boolean
  state: string
  next_attempt_at: string | null
  consecutive_failures: number
  /** Of single capabilities, those that are not closed. */
  capabilities_resting?: { capability: string; state: string; next_attempt_at: string | null }[]
}

/** What the health widget shows at once; `binance` is null where no Binance is configured. */
export interface Health {
  health: ProvidersHealth
  binance: BinanceHealth | null
  breakers: Breakers
}

export interface QuotaWindow {
  kind: 'requests' | 'cost' | 'spacing'
  window_seconds: number
  used: number
  limit: number
  percentage: number | null
}

export interface StatisticsRow {
  provider_id: string
  name: string
  status: string
  total_requests: number
  p50_ms: number | null
  p95_ms: number | null
  p99_ms: number | null
  /** Percent. */
  share: { target: number | null; actual: number | null }
  quota: QuotaWindow[]
  last_error: string | null
  last_failure: string | null
}

/** `GET /api/system/providers/stats` */
export interface ProviderStatistics {
  statistics: Record<string, { providers: StatisticsRow[] }>
}

/** Of `GET /api/system/history` */
export interface HistoryPoint {
  at: string
  requests: number
  failures: number
  p95_ms: number | null
}

export interface ProviderDetail extends StatisticsRow {
  points: HistoryPoint[]
  /** What it wants to be named with; null where nothing is. */
  attribution: { text: string; url: string; required: boolean } | null
}
