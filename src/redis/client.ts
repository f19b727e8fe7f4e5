import { ConfigError } from '../errors.js'

/** As much of `ioredis` (5, 6) as the store needs. */
export interface IoredisLike {
  call(command: string, ...args: string[]): Promise<unknown>
  duplicate(): IoredisSubscriberLike
}

/** A second connection of `ioredis`. */
interface IoredisSubscriberLike {
  subscribe(channel: string): Promise<unknown>
  on(event: string, listener: (...told: unknown[]) => void): unknown
  disconnect(): void
}

/** As much of `redis` (node-redis 4 to 6) as the store needs. */
export interface NodeRedisLike {
  sendCommand(args: string[]): Promise<unknown>
  duplicate(): NodeRedisSubscriberLike
}

/** A second connection of node-redis. */
interface NodeRedisSubscriberLike {
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  on(event: string, listener: (...told: unknown[]) => void): unknown
  disconnect(): unknown
}

/** A connection that you made: the store sends its commands over it, and makes a second one of the same kind to listen. */
export type RedisClient = IoredisLike | NodeRedisLike

/** Sends one command; gives the reply as the client reads it. */
export type Send = (...command: readonly [string, ...string[]]) => Promise<unknown>

/** Hears what is published; gives what ends it, once it is heard. `signal` ends what does not stand yet: a Redis that is away is sought for ever. */
export type Hear = (channel: string, listener: (text: string) => void, signal?: AbortSignal) => Promise<() => void>

const isIoredis = (client: RedisClient): client is IoredisLike => typeof (client as Partial<IoredisLike>).call === 'function'

/** Throws `ConfigError` for what is no such client. */
export function checkClient(client: RedisClient): void {
  const { call, sendCommand, duplicate } = (client ?? {}) as Partial<IoredisLike & NodeRedisLike>
  if (typeof client === 'object' && client !== null && 'masters' in client)
    throw new ConfigError('redisStore: a cluster of redis (node-redis) takes commands otherwise than a client: use the Cluster of ioredis')
  if (typeof duplicate === 'function' && typeof (call ?? sendCommand) === 'function') return
  throw new ConfigError(`redisStore: a client of ioredis or redis is expected, like redisStore(new Redis(url)), got ${typeof client}`)
}

/** How commands are sent with this client. */
export function sender(client: RedisClient): Send {
  return isIoredis(client) ? (command, ...args) => client.call(command, ...args) : (...command) => client.sendCommand([...command])
}

/** How a second connection of this client listens. It keeps no process alive. */
export function hearer(client: RedisClient): Hear {
  return isIoredis(client) ? byIoredis(client) : byNodeRedis(client)
}

const ignored = (): void => undefined

/** Waits for its connection, whatever the client does: what it hears it hears once that stands. A cluster takes no such options. */
const PATIENT = { enableOfflineQueue: true, maxRetriesPerRequest: null, autoResubscribe: true }

const byIoredis =
  (client: IoredisLike): Hear =>
  async (channel, listener, signal) => {
    const isCluster = (client as { isCluster?: boolean }).isCluster === true
    const other = isCluster ? client.duplicate() : (client as { duplicate(options: object): IoredisSubscriberLike }).duplicate(PATIENT)
    other.on('error', ignored) // it connects anew by itself
    other.on('connect', () => (other as { stream?: { unref?(): void } }).stream?.unref?.())
    // the client may write a prefix of its own before the name
    other.on('message', (name, text) => (name as string).endsWith(channel) && listener(text as string))
    return ends(other.subscribe(channel), () => other.disconnect(), signal)
  }

const byNodeRedis =
  (client: NodeRedisLike): Hear =>
  async (channel, listener, signal) => {
    const other = client.duplicate()
    other.on('error', ignored) // without a listener it would end the process
    const connected = other.connect().then(() => {
      ;(other as { unref?(): void }).unref?.()
      return other.subscribe(channel, (text) => listener(text))
    })
    const late = other as Partial<{ destroy(): void }> // since 5
    // one that is closed already says so by an error
    const end = async (): Promise<unknown> => (late.destroy ? late.destroy() : other.disconnect())
    return ends(connected, () => void end().catch(ignored), signal)
  }

async function ends(ready: Promise<unknown>, end: () => void, signal: AbortSignal | undefined): Promise<() => void> {
  const isGivenUp = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  ready.catch(ignored) // what is given up fails later
  try {
    await Promise.race([ready, isGivenUp])
    return end
  } catch (error) {
    end()
    throw error
  }
}
