import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { bearer } from 'feedmux/http-api'
import { startWorld } from '../demo/world.ts'
import { createApp, exampleRouter } from './app.ts'

export interface StartOptions {
  /** 0: any that is free. @default 3000 */
  readonly port?: number | undefined
  /** Ask the real services. @default false: simulated ones on 127.0.0.1 */
  readonly live?: boolean | undefined
  /** Of the simulated prices. @default 1 */
  readonly seed?: number | undefined
  /** Opens the routes that change or probe something. */
  readonly token?: string | undefined
}

export interface RunningApp {
  readonly url: string
  close(): Promise<void>
}

/** Starts the app on 127.0.0.1. */
export async function start({ port = 3_000, live = false, seed = 1, token }: StartOptions = {}): Promise<RunningApp> {
  const world = live ? undefined : await startWorld(seed)
  const router = exampleRouter((id) => world?.hosts(id))
  const server = createAdaptorServer(createApp(router, token === undefined ? {} : { authorize: bearer(token) }))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await router.close()
      await world?.close()
    },
  }
}
