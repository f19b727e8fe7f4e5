import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import type { Limit } from '../../src/provider/provider.js'
import type { Store } from '../../src/stores/store.js'

const rolling = (requests: number, perMs: number): Limit => ({ requests, perMs, scope: 'ip' })
const HOUR = 3_600_000
let named = 0
const fresh = (): string => `contract:${process.pid}:${named++}`

/** What every store does, inside a `describe`; `make` gives clients of one and the same state. */
export function keepsTheContract(make: () => Store): void {
  it('gives a value back as it was kept, to whoever asks', async () => {
    const key = fresh()
    await make().set(key, { value: { price: 1.5, list: ['a', null] }, expiresAt: Date.now() + HOUR })
    expect((await make().get(key))?.value).toEqual({ price: 1.5, list: ['a', null] })
  })

  it('forgets a value at the moment that was named, not before', async () => {
    const key = fresh()
    const expiresAt = Date.now() + 300
    await make().set(key, { value: 1, expiresAt })
    expect(await make().get(key)).toEqual({ value: 1, expiresAt })
    await pause(350)
    expect(await make().get(key)).toBeUndefined()
  })

  it('forgets a value when it is told to, and knows none that was never kept', async () => {
    const key = fresh()
    await make().set(key, { value: 1, expiresAt: Date.now() + HOUR })
    await make().delete(key)
    expect(await make().get(key)).toBeUndefined()
    expect(await make().get(fresh())).toBeUndefined()
  })

  it('takes a call out of every window, or out of none', async () => {
    const key = fresh()
    const [wide, narrow] = [rolling(3, HOUR), rolling(1, HOUR / 2)]
    expect(await make().reserve(key, [wide, narrow], 1)).toBe(true)
    for (let i = 0; i < 5; i++) expect(await make().reserve(key, [wide, narrow], 1)).toBe(false)
    expect(await make().reserve(fresh(), [wide], 1, 3)).toBe(true)
  })

  it('counts several requests and their cost as what they are', async () => {
    const key = fresh()
    const windows: Limit[] = [rolling(10, HOUR), { cost: 100, perMs: HOUR, scope: 'ip' }]
    expect(await make().reserve(key, windows, 60, 2)).toBe(true)
    expect(await make().reserve(key, windows, 41, 1)).toBe(false)
    expect(await make().reserve(key, windows, 40, 8)).toBe(true)
    expect(await make().reserve(key, windows, 0, 1)).toBe(false)
  })

  it('tells when there is room again, and that there never is for too much', async () => {
    const key = fresh()
    const windows = [rolling(2, 400)]
    expect(await make().take?.(key, windows, 1, 2)).toBe(0)
    const waitMs = (await make().take?.(key, windows, 1)) ?? 0
    expect(waitMs).toBeGreaterThan(300)
    expect(waitMs).toBeLessThan(600)
    await pause(waitMs + 30)
    expect(await make().take?.(key, windows, 1)).toBe(0)
    expect(await make().take?.(fresh(), windows, 1, 3)).toBe(Infinity)
  })

  it('keeps windows that start anew at a date', async () => {
    const key = fresh()
    const windows: Limit[] = [{ requests: 1, perMs: 30 * 24 * HOUR, scope: 'key', resets: 'utc-month' }]
    const endOfMonth = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1)
    expect(await make().take?.(key, windows, 1)).toBe(0)
    expect(Math.abs(((await make().take?.(key, windows, 1)) ?? 0) - (endOfMonth - Date.now()))).toBeLessThan(5_000)
  })

  it('never takes more than the limit of 200 calls at once', async () => {
    const key = fresh()
    const stores = Array.from({ length: 5 }, make)
    const taken = await Promise.all(Array.from({ length: 200 }, async (_, i) => stores[i % 5]?.reserve(key, [rolling(37, HOUR), rolling(50, 2 * HOUR)], 1)))
    expect(taken.filter(Boolean)).toHaveLength(37)
  })

  it('carries a message to all who listen to its channel, until they end it', async () => {
    const channel = fresh()
    const [one, other, elsewhere] = [vi.fn<(message: unknown) => void>(), vi.fn<(message: unknown) => void>(), vi.fn<(message: unknown) => void>()]
    const [end, endOther, endElsewhere] = await Promise.all([
      make().subscribe(channel, one),
      make().subscribe(channel, other),
      make().subscribe(fresh(), elsewhere),
    ])
    await make().publish(channel, { from: 1, list: ['a'] })
    await vi.waitFor(() => expect(other).toHaveBeenCalledTimes(1), 5_000)
    await vi.waitFor(() => expect(one).toHaveBeenCalledWith({ from: 1, list: ['a'] }), 5_000)
    end()
    await make().publish(channel, 2)
    await vi.waitFor(() => expect(other).toHaveBeenCalledTimes(2), 5_000)
    expect(one).toHaveBeenCalledTimes(1)
    expect(elsewhere).not.toHaveBeenCalled()
    endOther()
    endElsewhere()
  })
}
