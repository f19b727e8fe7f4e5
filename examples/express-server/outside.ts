import type { Store } from 'feedmux'
import type { DatabaseReadings } from 'feedmux/http-api'
import type { Closable } from './ending.ts'
import { type History, openHistory, type Retention } from './history.ts'

/** The history in a file. A file that can't be opened is told, and the server goes on without history. */
export function historyIn(
  file: string,
  retention: Retention | undefined,
  say: (text: string) => void,
): { readonly history?: History; readonly database: () => DatabaseReadings } {
  try {
    const history = openHistory(file, retention)
    return { history, database: () => history.readings() }
  } catch (error) {
    say(`no history is kept: ${file} can't be opened (${error instanceof Error ? error.message : String(error)})`)
    return { database: () => ({ name: 'SQLite', connected: false }) }
  }
}

/** State shared through Redis, if there is an address. ioredis is loaded only then; a Redis that is away does not keep the server from starting. */
export async function storeAt(url: string | undefined, say: (text: string) => void): Promise<(Closable & { readonly store: Store }) | undefined> {
  if (url === undefined) return undefined
  const [{ Redis }, { redisStore }] = await Promise.all([import('ioredis'), import('feedmux/redis')])
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, enableOfflineQueue: false })
  let isAway = false
  client.on('error', () => {
    if (!isAway) say('Redis does not answer: this process works alone until it does')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) say('Redis answers again')
    isAway = false
  })
  await client.connect().catch(() => undefined)
  return { store: redisStore(client), close: () => client.disconnect() }
}
