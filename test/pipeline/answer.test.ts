import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import type { Capability } from '../../src/model/capabilities.js'
import { checked } from '../../src/pipeline/answer.js'
import type { Ask } from '../../src/pipeline/ask.js'
import { frozen } from '../../src/pipeline/frozen.js'
import { price } from '../router/world.js'

const asked = (capability: Capability, params: object): Ask =>
  ({ capability, params, symbols: (params as { symbols?: string[] }).symbols, ambiguous: false, preferences: { strictDollars: false } }) as unknown as Ask
const ticker = (data: unknown, symbol = 'BTC/USD'): unknown => checked(data, asked('ticker', { symbol })).data

describe('an answer', () => {
  it.each([0, -1, Number.NaN, Infinity, undefined, null])('with the price %s is refused', (last) => {
    expect(() => ticker({ ...price('BTC/USD'), last })).toThrow(BadResponseError)
  })

  it.each([undefined, null])('that is %s is refused', (data) => {
    expect(() => ticker(data)).toThrow(BadResponseError)
  })

  it('for another pair is refused', () => {
    expect(() => ticker(price('ETH/USD'))).toThrow(BadResponseError)
    expect(() => ticker(price('BTC/EUR'))).toThrow(BadResponseError)
    expect(() => ticker(price('BTC/USD'), 'BTC/USDT')).toThrow(BadResponseError)
  })

  it('in another kind of dollar is taken for what it says it is', () => {
    expect(ticker(price('BTC/USDT'))).toMatchObject({ symbol: 'BTC/USDT', quote: 'USDT' })
  })

  it('keeps candles that can be and refuses those that cannot', () => {
    const candle = { openTime: 1, open: 2, high: 3, low: 1, close: 2 }
    const candles = (one: object): unknown => checked([candle, one], asked('candles', {})).data
    expect(candles(candle)).toHaveLength(2)
    for (const wrong of [
      { low: 4 },
      { high: 1.5 },
      { low: 0 },
      { low: 2.5 },
      { high: Infinity },
      { open: Number.NaN },
      { openTime: 0 },
      { close: undefined },
    ]) {
      expect(() => candles({ ...candle, ...wrong })).toThrow(BadResponseError)
    }
  })

  it('to a batch names what it lacks', () => {
    const batch = (data: unknown): unknown => checked(data, asked('tickers', { symbols: ['BTC/USD', 'ETH/USD'] }))
    expect(batch([price('BTC/USDT')])).toMatchObject({ missing: ['ETH/USD'] })
    expect(batch([price('BTC/USD'), price('ETH/USD')])).not.toHaveProperty('missing')
    expect(batch([])).toMatchObject({ missing: ['BTC/USD', 'ETH/USD'] })
    expect(() => batch([price('BTC/USD', 0), price('ETH/USD')])).toThrow(BadResponseError)
  })
})

describe('frozen', () => {
  it('freezes plain data all the way down, and changes nothing in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as unknown
        expect(frozen(value)).toBe(value)
        expect(JSON.stringify(value)).toBe(JSON.stringify(json))
        expect(isDeepFrozen(value)).toBe(true)
      }),
    )
  })
})

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
