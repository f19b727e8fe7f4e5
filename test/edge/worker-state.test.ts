import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keptState, type KeyValueStore } from '../../examples/cloudflare-worker/state.ts'
import { ProviderRouter, type Snapshot } from '../../src/index.js'
import { fakeProvider } from '../../src/testing/index.js'

const START = Date.UTC(2026, 10, 21)

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] })
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.useRealTimers()
})

/** Of a router that asked somebody. */
async function snapshotNow(): Promise<Snapshot> {
  const router = new ProviderRouter({ providers: [fakeProvider('a')] })
  await router.request('ticker', { symbol: 'BTC/USD' })
  return router.snapshot()
}

/** KV in memory, with what was written. */
function memory(held?: string): KeyValueStore & { readonly written: string[] } {
  const written: string[] = []
  return {
    written,
    async get() {
      return JSON.parse(written.at(-1) ?? held ?? 'null') as unknown
    },
    async put(_, value) {
      written.push(value)
    },
  }
}

describe('the state that the Worker keeps', () => {
  it('is written once in five minutes', async () => {
    const [store, snapshot] = [memory(), await snapshotNow()]
    const state = keptState(store)
    expect(await state.load()).toBeUndefined()
    for (const afterS of [0, 1, 299, 300, 301, 599, 600]) {
      vi.setSystemTime(START + afterS * 1_000)
      await state.save(() => snapshot)
    }
    expect(store.written).toHaveLength(3)
    expect(await state.load()).toEqual(snapshot)
  })

  it('is not written again by a new isolate within five minutes of what another one wrote', async () => {
    const snapshot = await snapshotNow()
    const store = memory(JSON.stringify({ ...snapshot, at: START - 200_000 }))
    const state = keptState(store)
    await state.load()
    expect(state.save(() => snapshot)).toBeUndefined()
    vi.setSystemTime(START + 100_000)
    await state.save(() => snapshot)
    expect(store.written).toHaveLength(1)
  })

  it('is written again in five minutes though what was read claims to come from the future, or from no time at all', async () => {
    const snapshot = await snapshotNow()
    for (const at of [START + 86_400_000, 'soon', undefined]) {
      vi.setSystemTime(START)
      const store = memory(JSON.stringify({ ...snapshot, at }))
      const state = keptState(store)
      await state.load()
      for (const afterS of [300, 301]) {
        vi.setSystemTime(START + afterS * 1_000)
        await state.save(() => snapshot)
      }
      expect(store.written).toHaveLength(1)
    }
  })

  it('is not waited for where KV hangs', async () => {
    vi.useFakeTimers({ now: START })
    const loading = keptState({ get: () => new Promise(() => undefined), put: async () => undefined }).load()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await loading).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not written before anybody was asked', () => {
    const store = memory()
    expect(keptState(store).save(() => new ProviderRouter({ providers: [fakeProvider('a')] }).snapshot())).toBeUndefined()
    expect(store.written).toEqual([])
  })

  it('costs nobody an answer where KV holds nonsense, fails or is not bound', async () => {
    const snapshot = await snapshotNow()
    expect(await keptState(memory('{')).load()).toBeUndefined()
    const failing = keptState({ get: () => Promise.reject(new Error('KV is down')), put: () => Promise.reject(new Error('KV is down')) })
    expect([await failing.load(), await failing.save(() => snapshot)]).toEqual([undefined, undefined])
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('KV is down'))
    const none = keptState(undefined)
    expect([await none.load(), none.save(() => snapshot)]).toEqual([undefined, undefined])
  })
})
