import { ConfigError } from '../errors.js'
import type { Limit } from '../provider/provider.js'
import type { Envelope, Store } from '../stores/store.js'
import { checkClient, type Hear, hearer, type RedisClient, type Send, sender } from './client.js'
import { TAKE } from './take.script.js'

const LONGEST_PATIENCE_MS = 60_000
/** Lifetimes without an end get this one, in Unix ms: Redis and JSON know no infinity. */
const LATEST = 8_640_000_000_000_000

/** Everything has a default. */
export interface RedisStoreOptions {
  /** Written before every key and channel: routers with the same one share. @default 'feedmux' */
  readonly prefix?: string | undefined
  /** How long a request waits for Redis before it goes on without, in ms, 60_000 at most. @default 50 */
  readonly timeoutMs?: number | undefined
  /** Larger answers are not stored. In characters of JSON. @default 262_144 */
  readonly maxLength?: number | undefined
  /** Name of the address that calls leave by: limits and bans per IP are shared by those that name the same. @default one address for all */
  readonly egress?: string | undefined
}

/**
 * Shared state in Redis (5 or later), for `new ProviderRouter({ store })`. Takes the client that you made, of `ioredis` or `redis`; it is yours to close. A
 * second connection, made by its `duplicate()`, listens; `router.close()` ends it. Throws `ConfigError` for what is no client and for wrong options.
 */
export function redisStore(client: RedisClient, { prefix = 'feedmux', timeoutMs, maxLength = 262_144, egress }: RedisStoreOptions = {}): Store {
  checkClient(client)
  if (!/^[\w.:{}-]+$/.test(prefix)) throw new ConfigError(`redisStore: prefix must be of letters, digits and _ . : { } -, got ${JSON.stringify(prefix)}`)
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= LONGEST_PATIENCE_MS))
    throw new ConfigError(`redisStore: timeoutMs must be > 0 and ≤ ${LONGEST_PATIENCE_MS}, got ${timeoutMs}`)
  if (!(maxLength > 0)) throw new ConfigError(`redisStore: maxLength must be > 0, got ${maxLength}`)
  return new RedisStore(client, prefix, maxLength, timeoutMs, egress)
}

class RedisStore implements Store {
  readonly patienceMs: number | undefined
  readonly egress: string | undefined
  readonly #send: Send
  readonly #hear: Hear
  readonly #prefix: string
  readonly #maxLength: number

  constructor(client: RedisClient, prefix: string, maxLength: number, patienceMs: number | undefined, egress: string | undefined) {
    this.patienceMs = patienceMs
    this.egress = egress
    this.#send = sender(client)
    this.#hear = hearer(client)
    this.#prefix = prefix
    this.#maxLength = maxLength
  }

  async get(key: string): Promise<Envelope | undefined> {
    const envelope = parsed(await this.#send('GET', this.#name(key))) as Partial<Envelope> | undefined
    return typeof envelope?.expiresAt === 'number' && envelope.expiresAt > Date.now() ? { value: envelope.value, expiresAt: envelope.expiresAt } : undefined
  }

  async set(key: string, { value, expiresAt: wanted }: Envelope): Promise<void> {
    const expiresAt = Math.min(wanted, LATEST)
    const lifeMs = Math.ceil(expiresAt - Date.now())
    const text = written({ value, expiresAt })
    if (!(lifeMs > 0) || text === undefined || text.length > this.#maxLength) return
    await this.#send('SET', this.#name(key), text, 'PX', `${lifeMs}`)
  }

  async delete(key: string): Promise<void> {
    await this.#send('DEL', this.#name(key))
  }

  async reserve(key: string, windows: readonly Limit[], cost: number, requests?: number): Promise<boolean> {
    return (await this.take(key, windows, cost, requests)) === 0
  }

  async take(key: string, windows: readonly Limit[], cost: number, requests = 1): Promise<number> {
    const waitMs = Number(await this.#send('EVAL', TAKE, '1', this.#name(key), `${cost}`, `${requests}`, ...windows.flatMap(windowArgs)))
    return waitMs < 0 ? Infinity : waitMs
  }

  async publish(channel: string, message: unknown): Promise<void> {
    await this.#send('PUBLISH', this.#name(channel), written(message) ?? 'null')
  }

  async subscribe(channel: string, listener: (message: unknown) => void, signal?: AbortSignal): Promise<() => void> {
    let hears = true
    const hear = (text: string): void => {
      const message = hears ? parsed(text) : undefined // what was on its way when it ended
      if (message !== undefined) listener(message)
    }
    const end = await this.#hear(this.#name(channel), hear, signal)
    return () => {
      hears = false
      end()
    }
  }

  #name(key: string): string {
    return `${this.#prefix}:${key}`
  }
}

/** The window's name holds all but its limit: windows of another span or kind count by themselves. */
function windowArgs({ requests, cost, perMs, resets = 'rolling' }: Limit): readonly string[] {
  const kind = requests === undefined ? 'cost' : 'requests'
  return [`${kind} ${resets === 'rolling' ? perMs : resets}`, kind, `${requests ?? cost}`, `${perMs}`, resets]
}

/** What another program wrote there is nothing of ours. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined
  } catch {
    return undefined
  }
}

/** Nothing for what JSON cannot hold. */
function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
