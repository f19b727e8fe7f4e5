import { describe, expect, it } from 'vitest'
import { AmbiguousAssetError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeAnswer, fakeProvider } from '../../src/testing/index.js'
import { ask, NOW, order, price, reasons, world } from './world.js'

const options = { cache: false, retries: 0 } as const
const HOUR = 3_600_000

describe('a question for dollars', () => {
  it('is asked in the kind of dollar that a provider has, and the answer says which it is', async () => {
    const { clock } = world()
    const a = fakeProvider('a', { dollarQuote: 'USDT', answers: { ticker: ({ symbol }) => price(symbol) } })
    const one = new ProviderRouter({ providers: [a], ...options, clock })
    expect(await one.request('ticker', { symbol: 'BTC/USD' })).toMatchObject({ data: { symbol: 'BTC/USDT', quote: 'USDT' } })
    expect(await one.request('ticker', { symbol: 'BTC/EUR' })).toMatchObject({ data: { symbol: 'BTC/EUR' } })
    expect(a.asked.map(({ params }) => params)).toEqual([{ symbol: 'BTC/USDT' }, { symbol: 'BTC/EUR' }])
  })

  it('goes to real dollars only, where that is wanted', async () => {
    const { provider, router } = world()
    const one = router([provider('tether', { dollarQuote: 'USDT' }), provider('dollar', { priority: 2 })], { ...options, dollarQuotes: 'strict' })
    expect(await ask(one)).toMatchObject({ provider: 'dollar', data: { quote: 'USD' } })
    expect(await ask(one, 'BTC/USDT')).toMatchObject({ provider: 'tether' })
  })
})

describe('an asset that a provider does not know', () => {
  it('is not asked there for six hours, by nobody, while others are', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    a.mood = 'not-found'
    const one = router([a, b], options)
    expect(await ask(one, 'NEW/USD')).toMatchObject({ provider: 'b' })
    expect(one.plan('ticker', { symbol: 'NEW/USD' }).excluded).toEqual([{ provider: 'a', reason: 'unknown-asset', until: NOW + 6 * HOUR }])
    a.mood = 'ok'
    expect(await ask(one, 'BTC/USD')).toMatchObject({ provider: 'a' })
    await clock.advance(6 * HOUR - 1)
    expect(await ask(one, 'NEW/USD')).toMatchObject({ provider: 'b' })
    await clock.advance(1)
    expect(await ask(one, 'NEW/USD')).toMatchObject({ provider: 'a' })
  })

  it('is not waited for', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'not-found'
    const one = router([a], options)
    await ask(one, 'NEW/USD')
    expect(await ask(one, 'NEW/USD', { totalTimeoutMs: 24 * HOUR })).toMatchObject({ name: 'NoProviderError', retryAfterMs: 6 * HOUR })
    expect([a.asked.length, clock.pending]).toEqual([1, 0])
  })

  it('because its table lacks it, costs no call', async () => {
    const { provider, router } = world()
    const [a, b] = [provider('a', { assets: { BTC: 'bitcoin' } }), provider('b', { priority: 2 })]
    const one = router([a, b], options)
    expect([order(one, 'BTC/USD'), order(one, 'ETH/USD')]).toEqual([['a', 'b'], ['b']])
    expect(reasons(one, 'ETH/USD')).toEqual({ a: 'unknown-asset' })
  })

  it('becomes known by an override', () => {
    const { provider, router } = world()
    const a = provider('a', { assets: { BTC: 'bitcoin' } })
    expect(order(router([a], { ...options, assets: { NEW: { a: 'new-coin' } } }), 'NEW/USD')).toEqual(['a'])
    expect(order(router([a], { ...options, assets: { NEW: { b: 'new-coin' } } }), 'NEW/USD')).toEqual([])
  })

  it('loses no other of a batch', async () => {
    const { clock } = world()
    const tickers: FakeAnswer<'tickers'> = ({ symbols }) => symbols.filter((symbol) => symbol !== 'NOPE/USD').map((symbol) => price(symbol))
    const one = new ProviderRouter({ providers: [fakeProvider('a', { answers: { tickers } })], ...options, clock })
    expect(await one.request('tickers', { symbols: ['BTC/USD', 'NOPE/USD', 'ETH/USD'] })).toMatchObject({
      data: [{ base: 'BTC' }, { base: 'ETH' }],
      missing: ['NOPE/USD'],
    })
  })
})

describe('a symbol that several assets share', () => {
  it('is refused with all of them, before any call', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a], options)
    const error = (await ask(one, 'BEAM/USD')) as AmbiguousAssetError
    expect(error).toBeInstanceOf(AmbiguousAssetError)
    expect(error.symbol).toBe('BEAM')
    expect(error.candidates.map(({ name }) => name)).toEqual(['Beam (privacy coin)', 'Beam (gaming network)'])
    expect(error.message).toContain('assets: { "BEAM": { … } }')
    expect(a.asked).toEqual([])
  })

  it('is refused inside a batch, too', async () => {
    const { clock } = world()
    const tickers: FakeAnswer<'tickers'> = ({ symbols }) => symbols.map((symbol) => price(symbol))
    const a = fakeProvider('a', { answers: { tickers } })
    const one = new ProviderRouter({ providers: [a], ...options, clock })
    await expect(one.request('tickers', { symbols: ['BTC/USD', 'BEAM/USD'] })).rejects.toBeInstanceOf(AmbiguousAssetError)
    expect(a.asked).toEqual([])
  })

  it('is asked where one was chosen, and only there', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a'), provider('b')], { ...options, assets: { BEAM: { b: 'beam-2' } } })
    expect(await ask(one, 'BEAM/USD')).toMatchObject({ provider: 'b' })
    expect(reasons(one, 'BEAM/USD')).toEqual({ a: 'unknown-asset' })
    const tickers: FakeAnswer<'tickers'> = ({ symbols }) => symbols.map((symbol) => price(symbol))
    const [first, second] = [fakeProvider('first', { answers: { tickers } }), fakeProvider('second', { answers: { tickers } })]
    const batch = new ProviderRouter({ providers: [first, second], ...options, clock, assets: { BEAM: { second: 'beam-2' } } })
    expect(await batch.request('tickers', { symbols: ['BTC/USD', 'BEAM/USD'] })).toMatchObject({ parts: [{ symbols: ['BTC/USD'] }, { symbols: ['BEAM/USD'] }] })
    expect([first, second].map(({ asked }) => asked.map(({ params }) => params))).toEqual([[{ symbols: ['BTC/USD'] }], [{ symbols: ['BEAM/USD'] }]])
  })
})
