import { describe, expect, it } from 'vitest'
import { budget, budgetOf, exceptions, measure, sharedBudget, textOf } from '../../scripts/size.mjs'
import * as factories from '../../src/providers/index.js'

describe('the size', async () => {
  const { core, shared, providers, own, ids } = await measure((id, index) => index % 4 === 0 || Object.hasOwn(exceptions, id)) // a sample: `npm run size` weighs all
  const all = Object.values(shared).reduce((sum, bytes) => sum + bytes, 0)
  const sizes = Object.entries(providers).map(([id, alone]) => ({ id, alone, own: own[id] ?? 0, ids: ids[id] ?? 0 }))

  it('of the core with its dependencies is within its budget', () => {
    expect(core).toBeLessThanOrEqual(budget.core)
    // an empty bundle would pass as well
    expect(core).toBeGreaterThan(10_000)
  })

  it('of what providers share, of the code of each, and of its ids are within theirs', () => {
    expect(Object.entries(shared).filter(([kind, bytes]) => bytes > (sharedBudget[kind] ?? 0))).toEqual([])
    expect(sizes.filter((size) => size.own > budgetOf(size.id) || size.ids > budget.ids)).toEqual([])
    expect([
      Object.values(shared).every((bytes) => bytes > 300),
      sizes.length > 15,
      sizes.every((size) => size.alone > 200 && size.alone > size.own - 200), // as much as compressing wavers,
    ]).toEqual([true, true, true])
  })

  it('of the parts is all there is', () => {
    // but for what one text compresses worse than another
    expect(sizes.filter((size) => size.alone > (all + size.own + size.ids) * 1.05)).toEqual([])
  })

  it('is excepted only where it has to be', () => {
    expect(Object.keys(exceptions).filter((id) => !((own[id] ?? 0) > budget.provider))).toEqual([])
  })
})

describe('a bundle with one provider out of feedmux/providers', () => {
  const hostsOf = Object.fromEntries(Object.entries(factories).map(([name, factory]) => [name, (factory().hosts ?? []).map((host) => new URL(host).hostname)]))

  it.each(Object.entries(hostsOf))('holds no other than %s', async (name, own) => {
    const text = await textOf(`export { ${name} } from 'feedmux/providers'`)
    expect(own.filter((host) => text.includes(host))).toEqual(own)
    const others = Object.values(hostsOf).flat()
    expect(others.filter((host) => !own.includes(host) && text.includes(host))).toEqual([])
  })

  it('is as large as that of the provider by its own name', async () => {
    const [out = '', direct = ''] = await Promise.all(
      ['feedmux/providers', 'feedmux/providers/kraken'].map((from) => textOf(`export { kraken } from '${from}'`)),
    )
    // but for the names that minifying chose
    expect(Math.abs(out.length - direct.length) / direct.length).toBeLessThan(0.01)
  })

  it('grows with each other', async () => {
    const text = await textOf(`export { kraken, okx } from 'feedmux/providers'`)
    expect([text.includes('api.kraken.com'), text.includes('www.okx.com'), text.includes('api.gemini.com')]).toEqual([true, true, false])
  })
})
