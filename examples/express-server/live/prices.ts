import { AllProvidersFailedError, NoProviderError, type RouterResult, type Ticker } from 'feedmux'
import type { ServerRouter } from '../providers.ts'
import { timestamp } from './answers.ts'
import { priceChannel, shortName, symbolOfChannel } from './channels.ts'
import type { LiveClients } from './clients.ts'

/** The price as clients get it. */
export interface Price {
  readonly type: 'price'
  readonly symbol: string
  readonly price: number
  /** Id of the provider. */
  readonly source: string
  readonly stale: boolean
  readonly age_ms: number
  readonly timestamp: string
}

/** Why there is none. */
export interface NoPrice {
  readonly type: 'error'
  readonly symbol: string
  readonly error: string
  readonly code: 'unknown-symbol' | 'no-price' | 'too-many-symbols'
  readonly timestamp: string
}

/** A symbol that nobody has is asked for again after this time. */
const UNKNOWN_MS = 60_000
const MOST_UNKNOWN = 500
/** Symbols that are asked for at the same time: each costs questions to providers. */
const MOST_SYMBOLS = 200

/** Prices for everybody who wants them: one question for each symbol, however many listen; from a channel's first client to its last one. */
export class LivePrices {
  readonly #router: ServerRouter
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #unknown = new Map<string, { readonly until: number; readonly answer: NoPrice }>()

  constructor(router: ServerRouter, clients: LiveClients, everyMs: number) {
    this.#router = router
    const tell = async (symbol: string): Promise<void> => clients.publish(priceChannel(symbol), await this.look(symbol))
    clients.onAudience((channel, isWanted) => {
      const symbol = symbolOfChannel(channel)
      if (symbol === undefined) return
      clearInterval(this.#timers.get(channel))
      this.#timers.delete(channel)
      if (isWanted)
        this.#timers.set(
          channel,
          setInterval(() => void tell(symbol), everyMs),
        )
    })
  }

  /** The price that clients get, out of the router and its cache; or why there is none. */
  async look(symbol: string): Promise<Price | NoPrice> {
    const known = this.#unknown.get(symbol)
    if (known !== undefined && known.until > Date.now()) return { ...known.answer, timestamp: timestamp() }
    if (this.#timers.size >= MOST_SYMBOLS && !this.#timers.has(priceChannel(symbol)))
      return noPrice(symbol, 'too-many-symbols', `${MOST_SYMBOLS} symbols are followed already`)
    try {
      const { data, provider, source, ageMs } = await this.#router.request('ticker', { symbol })
      const age = { stale: source === 'stale', age_ms: Math.round(ageMs) }
      return { type: 'price', symbol: shortName(symbol), price: data.last, source: provider, ...age, timestamp: timestamp() }
    } catch (error) {
      return this.#remember(symbol, whyNot(symbol, error))
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearInterval(timer)
    this.#timers.clear()
  }

  #remember(symbol: string, answer: NoPrice): NoPrice {
    if (answer.code === 'unknown-symbol') this.#unknown.set(symbol, { until: Date.now() + UNKNOWN_MS, answer })
    if (this.#unknown.size > MOST_UNKNOWN) this.#unknown.delete(this.#unknown.keys().next().value ?? '')
    return answer
  }
}

/** A price as the channel `prices` tells it. */
export const priceUpdate = (symbol: string, { data }: RouterResult<Ticker>): object => ({
  type: 'price_update',
  data: { symbol: shortName(symbol), price: data.last, change_24h: data.change24hPercent ?? null },
  timestamp: timestamp(),
})

// Nobody has it, or nobody answers: only the second may be better in a moment.
function whyNot(symbol: string, error: unknown): NoPrice {
  const isUnknown =
    (AllProvidersFailedError.is(error) && error.failures.length > 0 && error.failures.every(({ reason }) => reason === 'not-found')) ||
    (NoProviderError.is(error) && error.retryAfterMs === undefined)
  const name = shortName(symbol)
  if (isUnknown) return noPrice(symbol, 'unknown-symbol', `no provider has a price of ${name}`)
  return noPrice(symbol, 'no-price', `there is no price of ${name} now: no provider answered`)
}

const noPrice = (symbol: string, code: NoPrice['code'], error: string): NoPrice => ({
  type: 'error',
  symbol: shortName(symbol),
  error,
  code,
  timestamp: timestamp(),
})
