import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { RouterOptions } from '../../src/router/options.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { NOW, price } from './world.js'

function merging(options: Partial<RouterOptions> = {}) {
  const clock = fakeClock(NOW)
  const both = fakeProvider('both', {
    answers: {
      ticker: ({ symbol }) => price(symbol, 1),
      tickers: ({ symbols }) => symbols.filter((symbol) => !symbol.startsWith('X')).map((symbol) => price(symbol, 2)),
    },
  })
  const single = fakeProvider('single', { answers: { ticker: ({ symbol }) => price(symbol, 3) }, priority: 2 })
  const router = new ProviderRouter({ providers: [both, single], clock, random: () => 0.5, merge: true, ...options })
  const ask = (symbol: string, signal?: AbortSignal) => router.request('ticker', { symbol }, { signal })
  return { router, clock, both, single, ask }
}

describe('prices that are wanted at the same time', () => {
  it('are asked for as one batch, each symbol once', async () => {
    const { ask, router, both, clock } = merging()
    const all = Promise.all([ask('BTC/USD'), ask('ETH/USD'), ask('BTC/USD'), router.request('tickers', { symbols: ['SOL/USD', 'BTC/USD'] })])
    await clock.advance(14)
    expect(both.asked).toEqual([])
    await clock.advance(1)
    const [btc, eth, again, batch] = await all
    expect(both.asked.map(({ capability, params }) => [capability, params])).toEqual([['tickers', { symbols: ['BTC/USD', 'ETH/USD', 'SOL/USD'] }]])
    expect([btc.data.symbol, eth.data.symbol, again.data.symbol, btc.provider]).toEqual(['BTC/USD', 'ETH/USD', 'BTC/USD', 'both'])
    expect([batch.data.map(({ symbol }) => symbol), batch.missing]).toEqual([['SOL/USD', 'BTC/USD'], undefined])
  })

  it('are remembered one by one', async () => {
    const { ask, both, clock } = merging()
    const all = Promise.all([ask('BTC/USD'), ask('ETH/USD')])
    await clock.advance(15)
    await all
    expect([(await ask('ETH/USD')).source, both.asked.length]).toEqual(['cache', 1])
  })

  it('are asked for alone where nobody else came, or the batch lacks them', async () => {
    const { ask, both, clock } = merging()
    const alone = ask('BTC/USD')
    await clock.advance(15)
    expect([(await alone).data.last, both.asked.map(({ capability }) => capability)]).toEqual([1, ['ticker']])
    const two = Promise.all([ask('ETH/USD'), ask('X/USD')])
    await clock.advance(15)
    expect((await two).map(({ data }) => data.last)).toEqual([2, 1]) // a batch may hold only the largest
  })

  it('are asked for alone where the batch fails, or nobody has batches', async () => {
    const clock = fakeClock(NOW)
    const failing = fakeProvider('failing', { answers: { tickers: () => 'unavailable', ticker: ({ symbol }) => price(symbol) } })
    for (const providers of [[failing], [fakeProvider('single')]]) {
      const router = new ProviderRouter({ providers, clock, random: () => 0.5, retries: 0, merge: { windowMs: 25 } })
      const two = Promise.all(['BTC/USD', 'ETH/USD'].map((symbol) => router.request('ticker', { symbol })))
      await clock.advance(25)
      expect((await two).map(({ data }) => data.symbol)).toEqual(['BTC/USD', 'ETH/USD'])
    }
  })

  it('let go whoever leaves, without the others', async () => {
    const { ask, clock, both } = merging()
    const leaver = new AbortController()
    const left = ask('BTC/USD', leaver.signal)
    const others = Promise.all([ask('ETH/USD'), ask('SOL/USD')])
    leaver.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    await clock.advance(15)
    expect((await others).map(({ data }) => data.symbol)).toEqual(['ETH/USD', 'SOL/USD'])
    expect(both.asked).toHaveLength(1)
  })

  it('wait for nobody unless that was chosen, or where a request has wishes of its own', async () => {
    const plain = merging({ merge: false })
    expect((await plain.ask('BTC/USD')).provider).toBe('both')
    const { router } = merging()
    expect((await router.request('ticker', { symbol: 'BTC/USD' }, { only: ['single'] })).provider).toBe('single')
    expect(() => merging({ merge: { windowMs: 50 } })).toThrow(ConfigError)
  })
})
