import { describe, expect, it } from 'vitest'
import { providersOf } from '../../src/cli/choose.js'
import { registry } from '../../src/cli/registry.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { ConfigError } from '../../src/errors.js'
import { ABSENT_PROVIDERS, retiredProvider, whyAbsent } from '../../src/provider/retired.js'
import { ask, NOW, order, world } from './world.js'

const RETIRED = [
  ['nomics', '2023-03-31', 'coinpaprika or coinlore'],
  ['bscscan', '2025-08-15', 'publicnode for chain 56'],
  ['polygonscan', '2025-08-15', 'etherscan with chain 137'],
  ['arbiscan', '2025-08-15', 'etherscan with chain 42161'],
  ['optimistic-etherscan', '2025-08-15', 'blockscout with chain 10'],
  ['reservoir', '2025-10-15', 'opensea, coingecko or magic-eden'],
  ['nftport', undefined, 'opensea, coingecko or magic-eden'],
  ['simplehash', undefined, 'opensea, coingecko or magic-eden'],
] as const

describe('a retired provider', () => {
  it.each(RETIRED)('%s is known since %s, with its replacement', (id, since, replacement) => {
    expect(retiredProvider(id)).toEqual({ ...(since && { since }), replacement })
  })

  it('is one of these and no other', () => {
    const retired = Object.keys(ABSENT_PROVIDERS).filter((id) => retiredProvider(id))
    expect(retired.toSorted()).toEqual(RETIRED.map(([id]) => id).toSorted())
  })

  it.each(RETIRED)('%s is refused by a router with the name of what replaces it', async (id, since, replacement) => {
    const { router, provider } = world()
    const one = router([provider('kraken')])
    const message = `no provider '${id}' (retired${since ? ` on ${since}` : ''}, use ${replacement}), the router has kraken`
    const error = await ask(one, 'BTC/USD', { only: [id] })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ message })
    expect(await ask(one, 'BTC/USD', { except: [id] })).toMatchObject({ message })
    expect(() => one.isolate(id)).toThrow(new ConfigError(message))
    expect(() => one.plan('ticker', { symbol: 'BTC/USD' }, { only: [id] })).toThrow(new ConfigError(message))
  })

  it.each(RETIRED)('%s is refused by the command line in the same words', (id, _, replacement) => {
    const choosing = (): unknown => providersOf([id], { registry, env: {} })
    expect(choosing).toThrow(UsageError)
    expect(choosing).toThrow(`use ${replacement}): choose aave, alchemy`)
  })

  it('gives its id back to whoever makes a provider of that name', async () => {
    const { router, provider, clock } = world()
    const one = router([provider('nomics')])
    expect(clock.now()).toBe(NOW)
    expect(order(one, 'BTC/USD', { only: ['nomics'] })).toEqual(['nomics'])
    expect(await ask(one, 'BTC/USD', { only: ['nomics'] })).toMatchObject({ provider: 'nomics' })
  })
})

describe('a service that has no provider here', () => {
  it('says why, and what to use instead', async () => {
    const { router, provider } = world()
    expect(await ask(router([provider('kraken')]), 'BTC/USD', { only: ['compound'] })).toMatchObject({
      name: 'ConfigError',
      message: `no provider 'compound' (its own REST API is retired or no longer kept, use defillama, filtered by project), the router has kraken`,
    })
    expect(whyAbsent('whale-alert')).toBe(' (paid)')
  })

  it('is none of the registered ones', () => {
    expect(Object.keys(ABSENT_PROVIDERS).filter((id) => id in registry)).toEqual([])
  })

  it.each(['nope', 'constructor', 'toString', '__proto__', ''])('is not invented: %j says nothing', async (id) => {
    const { router, provider } = world()
    expect(whyAbsent(id)).toBe('')
    expect(retiredProvider(id)).toBeUndefined()
    expect(await ask(router([provider('kraken')]), 'BTC/USD', { only: [id] })).toMatchObject({ message: `no provider '${id}', the router has kraken` })
  })
})
