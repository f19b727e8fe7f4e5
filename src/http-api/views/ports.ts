import type { DatabaseReadings, SessionStatistics, SystemReadings, WorkerStatus } from '../ports.js'
import type { Api } from '../route.js'

/** What the server's own parts say. */
export interface Told {
  readonly machine: SystemReadings | undefined
  readonly database: DatabaseReadings | undefined
  readonly worker: WorkerStatus | undefined
  readonly sessions: SessionStatistics | undefined
}

/** Asks one part; one that fails to say how it is tells nothing, and the log has why. */
function told<T>({ record }: Api, path: string, ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    record.failed(error, path)
    return undefined
  }
}

/** Counters of the live stream, for a route that must answer whatever they do. */
export const sessionsTold = (api: Api, path: string): SessionStatistics | undefined => told(api, path, () => api.options.sessions?.statistics())

/** All parts. */
export const portsTold = (api: Api, path: string): Told => ({
  machine: told(api, path, () => api.options.system?.()),
  database: told(api, path, () => api.options.database?.()),
  worker: told(api, path, () => api.options.worker?.status()),
  sessions: sessionsTold(api, path),
})
