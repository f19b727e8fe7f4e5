import type { Snapshot } from 'feedmux'

/** A KV namespace, as far as it is used here. */
export interface KeyValueStore {
  get(key: string, type: 'json'): Promise<unknown>
  put(key: string, value: string): Promise<void>
}

const KEY = 'router'

// at most 288 writes a day while nobody else writes: KV's free plan has 1,000, and takes one a second to the same key
const SAVE_EVERY_MS = 300_000

// longer than KV ever takes when it is well
const LOAD_MS = 1_000

/** A router's state in KV. What fails there costs nobody an answer. */
export interface KeptState {
  load(): Promise<Snapshot | undefined>
  /** The write, where one is due and there is something to keep; nothing otherwise. */
  save(take: () => Snapshot): Promise<void> | undefined
}

/** Without a store nothing is kept. */
export function keptState(store: KeyValueStore | undefined): KeptState {
  // when somebody saved last, as far as is known here, Unix ms
  let savedAt = 0
  return {
    async load() {
      const found = store && ((await inTime(store.get(KEY, 'json')).catch(failed)) as Partial<Snapshot> | null | undefined)
      const at = typeof found?.at === 'number' ? found.at : 0
      savedAt = Math.max(savedAt, Math.min(at, Date.now())) // another machine's clock may be ahead
      return (found as Snapshot | null | undefined) ?? undefined
    },
    save(take) {
      const now = Date.now()
      if (store === undefined || now - savedAt < SAVE_EVERY_MS) return undefined
      const snapshot = take()
      if (isBlank(snapshot)) return undefined
      savedAt = now
      return store.put(KEY, JSON.stringify(snapshot)).catch(failed)
    },
  }
}

async function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not read within ${LOAD_MS} ms`)), LOAD_MS)
  })
  return Promise.race([reading, late]).finally(() => clearTimeout(timer))
}

/** Whether nobody was asked yet. */
const isBlank = ({ picks }: Snapshot): boolean => Object.values(picks).every((capabilities) => Object.keys(capabilities).length === 0)

function failed(error: unknown): undefined {
  console.warn(`the router's state in KV: ${error instanceof Error ? error.message : String(error)}`)
}
