import type { RouterResult } from 'feedmux'
import type { History, Row } from './history.ts'
import type { ServerRouter } from './providers.ts'

/** Coins that pages show. */
export const COINS = ['BTC/USD', 'ETH/USD', 'BNB/USD', 'SOL/USD', 'ADA/USD'] as const

const ETHEREUM = 'eip155:1'

/** What collecting needs. */
export interface Collecting {
  readonly router: ServerRouter
  /** Without one everything is asked for all the same: then it is in the router's cache for whoever comes next. */
  readonly history?: History | undefined
  readonly now: () => number
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined
}

/** One thing to collect; gives how many records were saved. */
export type Task = (collecting: Collecting) => Promise<number>

const save = <T extends keyof typeof TABLE_OF>(kind: T, { history }: Collecting, rows: readonly Row<(typeof TABLE_OF)[T]>[]): number =>
  history?.save(TABLE_OF[kind], rows) ?? 0

const TABLE_OF = { price: 'prices', candle: 'candles', news: 'news', mood: 'sentiment', gas: 'gas', health: 'health' } as const

function price(symbol: string): Task {
  return async (collecting) => {
    const { data, provider, fetchedAt }: RouterResult<{ last: number; change24hPercent?: number }> = await collecting.router.request(
      'ticker',
      { symbol },
      { signal: collecting.signal },
    )
    return save('price', collecting, [{ at: fetchedAt, symbol, price: data.last, change_24h: data.change24hPercent ?? null, provider }])
  }
}

const gas: Task = async (collecting) => {
  const { data, provider, fetchedAt } = await collecting.router.request('gasPrice', { chain: ETHEREUM }, { signal: collecting.signal })
  return save('gas', collecting, [{ at: fetchedAt, chain: ETHEREUM, slow: data.slow ?? null, standard: data.standard, fast: data.fast ?? null, provider }])
}

const mood: Task = async (collecting) => {
  const { data, provider } = await collecting.router.request('fearGreed', { limit: 1 }, { signal: collecting.signal })
  return save(
    'mood',
    collecting,
    data.map(({ value, label }) => ({ at: collecting.now(), kind: 'fear-greed', value, label, provider })),
  )
}

function candles(symbol: string): Task {
  return async (collecting) => {
    const { data, provider } = await collecting.router.request('candles', { symbol, interval: '1h', limit: 24 }, { signal: collecting.signal })
    const rows = data
      .filter(({ closed }) => closed !== false)
      .map(({ openTime: at, open, high, low, close, volume = null }) => ({ at, symbol, interval: '1h', open, high, low, close, volume, provider }))
    return save('candle', collecting, rows)
  }
}

/** Articles, and how their headlines sound. */
const news: Task = async (collecting) => {
  const { data } = await collecting.router.request('news', { limit: 30 }, { signal: collecting.signal })
  if (data.length === 0) return 0
  const tones = await collecting.router.request('textSentiment', { texts: data.map(({ title }) => title) }, { signal: collecting.signal })
  const rows = data.map(({ id, title, url, publisher, publishedAt: at }, index) => {
    return { at, id, title, url, publisher, sentiment: tones.data[index]?.score ?? null }
  })
  return save('news', collecting, rows)
}

/** Of the router itself: asks nobody. */
const health: Task = async (collecting) => {
  const { at, providers } = collecting.router.status()
  const rows = providers.map(({ id, health: status, successRate, latencyMs, requests }) => {
    return { at, provider: id, status, success_rate: successRate ?? null, latency_ms: latencyMs ?? null, requests }
  })
  return save('health', collecting, rows)
}

/** What pages show. */
const ui: readonly Task[] = [...COINS.map(price), gas, mood, health]

/** What each kind of collection asks for. */
export const TASKS = { ui, historical: [...ui, ...COINS.map(candles), news] } as const
