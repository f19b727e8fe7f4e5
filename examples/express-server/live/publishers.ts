import type { RouterEvents } from 'feedmux'
import type { Handler } from 'feedmux/http-api'
import type { Alert } from '../alerts.ts'
import { COINS } from '../collecting.ts'
import type { ServerRouter } from '../providers.ts'
import { answerOf, statisticsOf, timestamp } from './answers.ts'
import type { LiveClients } from './clients.ts'
import { priceUpdate } from './prices.ts'

/** How often each channel speaks, in ms. */
export interface Rhythm {
  /** @default 5_000 */
  readonly prices?: number | undefined
  /** @default 60_000 */
  readonly market?: number | undefined
  /** @default 60_000 */
  readonly news?: number | undefined
  /** Where nothing changes. @default 300_000 */
  readonly providers?: number | undefined
  /** @default 10_000 */
  readonly stats?: number | undefined
}

type BreakerChange = RouterEvents['breaker-changed']

const SOON_MS = 1_000
const MOST_ARTICLES = 20
const CHANGES = ['breaker-changed', 'cooldown-started', 'cooldown-ended', 'provider-isolated', 'provider-restored', 'provider-retired'] as const

interface Source {
  readonly everyMs: number
  tell(): Promise<void>
}

/** Fills the channels while somebody listens, and asks nobody else. */
export class Publishers {
  readonly #router: ServerRouter
  readonly #clients: LiveClients
  readonly #sources: Readonly<Record<string, Source>>
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #states = new Map<string, BreakerChange['state']>()
  #soon: NodeJS.Timeout | undefined

  constructor(router: ServerRouter, handler: Handler, clients: LiveClients, rhythm: Rhythm = {}) {
    this.#router = router
    this.#clients = clients
    const seen = new Set<string>()
    this.#sources = sourcesOf(router, handler, clients, seen, rhythm)
    clients.onAudience((channel, isWanted) => {
      const source = this.#sources[channel]
      if (source === undefined) return
      clearInterval(this.#timers.get(channel))
      if (!isWanted) return
      if (channel === 'news') seen.clear()
      this.#timers.set(
        channel,
        setInterval(() => this.#attempt(channel), source.everyMs),
      )
      this.#attempt(channel)
    })
    for (const name of CHANGES) router.on(name, this.#changed)
    router.on('breaker-changed', this.#breaker)
  }

  alert({ type, message, severity, provider }: Alert): void {
    this.#clients.publish('alerts', { type: 'alert', data: { alert_type: type, message, severity, provider }, timestamp: timestamp() })
  }

  close(): void {
    for (const name of CHANGES) this.#router.off(name, this.#changed)
    this.#router.off('breaker-changed', this.#breaker)
    for (const timer of this.#timers.values()) clearInterval(timer)
    clearTimeout(this.#soon)
  }

  /** What can't be told now is told the next time. */
  #attempt(channel: string): void {
    this.#sources[channel]?.tell().catch(() => undefined)
  }

  readonly #changed = (): void => {
    if (this.#clients.audience('providers') === 0) return
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      this.#attempt('providers')
    }, SOON_MS)
  }

  readonly #breaker = ({ provider, capability, state, openUntil }: BreakerChange): void => {
    const name = capability === undefined ? provider : `${provider} ${capability}`
    const next = openUntil === undefined ? null : new Date(openUntil).toISOString()
    const data = { provider, capability: capability ?? null, from: this.#states.get(name) ?? 'closed', to: state, next_attempt_at: next }
    this.#states.set(name, state)
    this.#clients.publish('breakers', { type: 'breaker_changed', data, timestamp: timestamp() })
  }
}

function sourcesOf(router: ServerRouter, handler: Handler, clients: LiveClients, seen: Set<string>, rhythm: Rhythm): Readonly<Record<string, Source>> {
  const { prices = 5_000, market = 60_000, news = 60_000, providers = 300_000, stats = 10_000 } = rhythm
  return {
    prices: { everyMs: prices, tell: () => tellPrices(router, clients) },
    market: { everyMs: market, tell: () => tellAnswer(handler, clients, 'market', 'market_update', '/api/market') },
    providers: { everyMs: providers, tell: () => tellAnswer(handler, clients, 'providers', 'provider_stats', '/api/stats') },
    news: { everyMs: news, tell: () => tellNews(router, clients, seen) },
    stats: { everyMs: stats, tell: async () => clients.publish('stats', { type: 'stats_update', data: statisticsOf(clients.statistics()) }) },
  }
}

async function tellPrices(router: ServerRouter, clients: LiveClients): Promise<void> {
  const found = await Promise.allSettled(COINS.map(async (symbol) => priceUpdate(symbol, await router.request('ticker', { symbol }))))
  for (const one of found) if (one.status === 'fulfilled') clients.publish('prices', one.value)
}

async function tellAnswer(handler: Handler, clients: LiveClients, channel: string, type: string, path: string): Promise<void> {
  const data = await answerOf(handler, path)
  if (data !== undefined) clients.publish(channel, { type, data, timestamp: timestamp() })
}

/** Articles that were not told yet, newest first. */
async function tellNews(router: ServerRouter, clients: LiveClients, seen: Set<string>): Promise<void> {
  const { data } = await router.request('news', { limit: MOST_ARTICLES })
  const fresh = data.filter(({ id }) => !seen.has(id))
  seen.clear()
  for (const { id } of data) seen.add(id)
  if (fresh.length === 0) return
  const articles = fresh.map(({ id, title, url, publisher, publishedAt }) => ({
    id,
    title,
    url,
    source: publisher,
    published_at: new Date(publishedAt).toISOString(),
  }))
  clients.publish('news', { type: 'news_update', data: { articles, count: articles.length }, timestamp: timestamp() })
}
