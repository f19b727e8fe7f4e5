import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/stores/memory.js'
import { fakeClock } from '../../src/testing/index.js'
import { keepsTheContract } from '../support/store-contract.js'

const store = memoryStore()
describe('a store in the memory of the process', () => {
  keepsTheContract(() => store)
})

it('keeps no more values than it was told: the oldest goes first', async () => {
  const small = memoryStore({ maxEntries: 2, clock: fakeClock(0) })
  for (const key of ['a', 'b', 'c']) await small.set(key, { value: key, expiresAt: 1_000 })
  expect(await small.get('a')).toBeUndefined()
  expect((await small.get('c'))?.value).toBe('c')
})
