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

/** Hears what is published; gives what ends it. */
export type Hear = (channel: string, listener: (text: string) => void) => Promise<() => void>

const isIoredis = (client: RedisClient): client is IoredisLike => typeof (client as Partial<IoredisLike>).call === 'function'

/** Throws `ConfigError` for what is no such client. */
export function checkClient(client: RedisClient): void {
  const { call, sendCommand, duplicate } = (client ?? {}) as Partial<IoredisLike & NodeRedisLike>
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
const PATIENT = { enableOfflineQueue: true, maxRetriesPerRequest: null }

const byIoredis =
  (client: IoredisLike): Hear =>
  async (channel, listener) => {
    const isCluster = (client as { isCluster?: boolean }).isCluster === true
    const other = isCluster ? client.duplicate() : (client as { duplicate(options: object): IoredisSubscriberLike }).duplicate(PATIENT)
    other.on('error', ignored) // it connects anew by itself
    other.on('connect', () => (other as { stream?: { unref?(): void } }).stream?.unref?.())
    // the client may write a prefix of its own before the name
    other.on('message', (name, text) => (name as string).endsWith(channel) && listener(text as string))
    return ends(other.subscribe(channel), () => other.disconnect())
  }

const byNodeRedis =
  (client: NodeRedisLike): Hear =>
  async (channel, listener) => {
    const other = client.duplicate()
    other.on('error', ignored) // without a listener it would end the process
    const connected = other.connect().then(() => {
      ;(other as { unref?(): void }).unref?.()
      return other.subscribe(channel, (text) => listener(text))
    })
    const late = other as Partial<{ destroy(): void }> // since 5
    return ends(connected, () => void (late.destroy ? late.destroy() : Promise.resolve(other.disconnect()).catch(ignored)))
  }

async function ends(ready: Promise<unknown>, end: () => void): Promise<() => void> {
  try {
    await ready
    return end
  } catch (error) {
    end()
    throw error
  }
}
