import type { Snapshot } from 'feedmux'

/** A KV namespace, as far as it is used here. */
export interface KeyValueStore {
  get(key: string, type: 'json'): Promise<unknown>
  put(key: string, value: string): Promise<void>
}

const KEY = 'router'

// at most 288 writes a day while nobody else writes: KV's free plan has 1,000, and takes one a second to the same key
const SAVE_EVERY_MS = 300_000

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
      const found = (await store?.get(KEY, 'json').catch(failed)) as Snapshot | null | undefined
      savedAt = Math.max(savedAt, found?.at ?? 0)
      return found ?? undefined
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

/** Whether nobody was asked yet. */
const isBlank = ({ picks }: Snapshot): boolean => Object.values(picks).every((capabilities) => Object.keys(capabilities).length === 0)

function failed(error: unknown): undefined {
  console.warn(`the router's state in KV: ${error instanceof Error ? error.message : String(error)}`)
}
