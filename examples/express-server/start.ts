import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bearer, createHandler, type ClientLimit, type Handler } from 'feedmux/http-api'
import { startWorld, type World } from '../demo/world.ts'
import { type AlertRules, alerts } from './alerts.ts'
import { addressOf, appOf } from './app.ts'
import { ending } from './ending.ts'
import type { Retention } from './history.ts'
import { historyRoutes } from './history-routes.ts'
import { answerOf } from './live/answers.ts'
import { EventStreams } from './live/events.ts'
import { Publishers, type Rhythm } from './live/publishers.ts'
import { LiveSocket, type SocketOptions } from './live/web-socket.ts'
import { httpServer, isLoopback } from './listening.ts'
import { historyIn, storeAt } from './outside.ts'
import { type Keys, liveProviders, type Models, routerOver, type ServerRouter, simulatedProviders } from './providers.ts'
import { systemReadings } from './readings.ts'
import { recording } from './recording.ts'
import { simulationRoutes } from './simulation.ts'
import { Webhook, type WebhookOptions } from './webhook.ts'
import { BackgroundWorker, type WorkerOptions } from './worker.ts'

/** How the server runs. Everything has a default. */
export interface ServerOptions {
  /** 0: any free one. @default 8000 */
  readonly port?: number | undefined
  /** @default '0.0.0.0' */
  readonly host?: string | undefined
  /** The real services. @default false: simulated ones on 127.0.0.1 */
  readonly live?: boolean | undefined
  /** Of the simulated prices. @default 1 */
  readonly seed?: number | undefined
  /** Lets its bearer use guarded routes; without one they are off. */
  readonly token?: string | undefined
  /** File of the history, or ':memory:'. @default ':memory:' */
  readonly database?: string | undefined
  readonly retention?: Retention | undefined
  readonly keys?: Keys | undefined
  /** Texts are read by Hugging Face's models where its token is given. @default true */
  readonly sentiment?: boolean | undefined
  readonly models?: Models | undefined
  /** State is shared with other processes through Redis. */
  readonly redisUrl?: string | undefined
  /** Of each client. @default 600 requests a minute, this machine itself without limit */
  readonly rateLimit?: ClientLimit | false | undefined
  /** Origins of pages that may read the API, the event stream and the history, import the elements, and connect to the WebSocket where `socket` has no `origins` of its own. */
  readonly cors?: readonly string[] | undefined
  /** Proxies in front whose `X-Forwarded-For` is believed. */
  readonly trustProxy?: number | undefined
  readonly webhook?: WebhookOptions | undefined
  readonly rules?: AlertRules | undefined
  readonly socket?: SocketOptions | undefined
  readonly rhythm?: Rhythm | undefined
  /** `false`: nothing is collected in the background. */
  readonly worker?: WorkerOptions | false | undefined
  /** How long requests under way may take when it closes, in ms. @default 10_000 */
  readonly patienceMs?: number | undefined
  /** How long a client may take to send its headers, in ms. @default 10_000 */
  readonly headersTimeoutMs?: number | undefined
  /** How long a whole request may take to arrive, in ms; at least what its headers may take. @default 30_000 */
  readonly requestTimeoutMs?: number | undefined
  /** How long the API waits for a body, in ms. @default 10_000 */
  readonly bodyTimeoutMs?: number | undefined
  /** Of all clients together; those of the WebSocket and of event streams count. @default 5_000 */
  readonly maxConnections?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Told what a person at the console should know. */
  readonly say?: ((text: string) => void) | undefined
}

/** Load tests and probes of this machine are not held up. */
const OTHERS: ClientLimit = { by: (_request, { address }) => (isLoopback(address) ? undefined : address) }

/** A server that runs. */
export interface RunningServer {
  /** `http://127.0.0.1:8000` */
  readonly url: string
  readonly router: ServerRouter
  /** The simulated services, where they are. */
  readonly world?: World | undefined
  /** Ends what is under way, then everything. */
  close(): Promise<void>
}

/** Starts the server. It comes up without any network too: then it says that it is not ready. Throws for options that are wrong and a port that is taken. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { say = () => undefined, live = false } = options
  const end = ending()
  try {
    const world = live ? undefined : end.later(await startWorld(options.seed ?? 1, { coingecko: 'pro' }))
    const store = await storeAt(options.redisUrl, say)
    if (store !== undefined) end.later(store)
    const providers = world === undefined ? liveProviders(options) : simulatedProviders(world)
    const router = end.later(routerOver(providers, { fetch: options.fetch, store: store?.store }))
    const { app, socket, streams } = parts(options, world, router, end)
    const server = end.later(await httpServer(app, options))
    socket.attach(server.server, (request) => addressOf(app, request))
    // connections that stay open end first: the server waits for them
    end.later({
      close() {
        streams.close()
        return socket.close()
      },
    })
    say(`feedmux listens at ${server.url}${world === undefined ? '' : ' (simulated providers)'}`)
    return { url: server.url, router, world, close: () => end.all() }
  } catch (error) {
    await end.all()
    throw error
  }
}

/** What is behind the port: each part ends when the server does, in the opposite order. */
function parts(options: ServerOptions, world: World | undefined, router: ServerRouter, end: ReturnType<typeof ending>) {
  const { say = () => undefined, token, cors, trustProxy, webhook: hook } = options
  const system = end.later(systemReadings())
  const { history, database } = historyIn(options.database ?? ':memory:', options.retention, say)
  if (history !== undefined) end.later(history)
  const worker = options.worker === false ? undefined : end.later(new BackgroundWorker({ router, history }, options.worker))
  const socket = end.later(new LiveSocket(router, () => answerOf(handler, '/api/stats'), { origins: cors, ...options.socket }))
  const handler: Handler = createHandler(router, {
    ...(token !== undefined && { authorize: bearer(token) }),
    ...(cors !== undefined && { cors: { origins: cors } }),
    rateLimit: options.rateLimit ?? OTHERS,
    bodyTimeoutMs: options.bodyTimeoutMs,
    service: { name: 'feedmux example server', version: versionOf() },
    system: () => system.read(),
    database,
    worker,
    sessions: socket.clients,
  })
  end.later(handler)
  const streams = end.later(new EventStreams(router, handler))
  const channels = end.later(new Publishers(router, handler, socket.clients, options.rhythm))
  const kept = history === undefined ? undefined : end.later(recording(router, history, say))
  const sent = hook === undefined ? undefined : end.later(new Webhook({ failed: say, ...hook }))
  const tell: Parameters<typeof alerts>[2] = (alert) => {
    channels.alert(alert)
    kept?.alert(alert)
    sent?.send(alert)
  }
  end.later(alerts(router, options.rules ?? {}, tell))
  worker?.start()
  const isWarm = (): boolean =>
    worker === undefined || router.status().providers.some(({ successes, capabilities }) => successes > 0 && capabilities.includes('ticker'))
  const own = { simulation: simulationRoutes(world, router), history: historyRoutes(history, router) }
  const app = appOf({ handler, stream: (request, response) => streams.serve(request, response), ...own, isWarm, cors, trustProxy })
  return { app, socket, streams }
}

const versionOf = (): string => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  return version
}
