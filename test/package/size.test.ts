import { expect, it } from 'vitest'
import { budget, budgetOf, measure } from '../../scripts/size.mjs'

it('the core with its dependencies and each provider stay within their size', async () => {
  const { core, providers } = await measure()
  expect(core).toBeLessThanOrEqual(budget.core)
  expect(Object.entries(providers).filter(([id, bytes]) => bytes > budgetOf(id))).toEqual([])
  // an empty bundle would pass as well
  expect(core).toBeGreaterThan(10_000)
  expect(Object.values(providers).every((bytes) => bytes > 100)).toBe(true)
})
