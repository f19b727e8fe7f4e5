import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { levelsOf, tradesOf } from '../../../src/provider/market/books.js'
import { read } from '../../../src/provider/read.js'
import { NOW } from '../../support/ask.js'

const price = fc.double({ min: 1e-12, max: 1e9, noNaN: true })

describe('an order book', () => {
  const bids = [
    ['10', '1'],
    [9.5, 2, 'more'],
  ]
  const asks = [
    ['10.5', '3'],
    ['11', '4'],
  ]

  it('has so many levels as asked of each side', () => {
    expect(levelsOf({ bids, asks }, 20)).toEqual({
      bids: [
        [10, 1],
        [9.5, 2],
      ],
      asks: [
        [10.5, 3],
        [11, 4],
      ],
    })
    expect(levelsOf({ bids, asks }, 1)).toEqual({ bids: [[10, 1]], asks: [[10.5, 3]] })
    expect(levelsOf({ bids: [], asks: [] }, 20)).toEqual({ bids: [], asks: [] })
  })

  it('is read from rows of any form', () => {
    const level = (row: unknown) => {
      const { px, sz } = read.object(row, 'level')
      return [px, sz]
    }
    expect(levelsOf({ bids: [{ px: '10', sz: '1' }], asks: [] }, 20, level)).toEqual({ bids: [[10, 1]], asks: [] })
  })

  it('may be crossed', () => {
    expect(levelsOf({ bids: asks.toReversed(), asks: bids.toReversed() }, 1)).toEqual({ bids: [[11, 4]], asks: [[9.5, 2]] })
  })

  it.each([
    ['without a side', { bids }],
    ['with bids that rise', { bids: bids.toReversed(), asks }],
    ['with asks that fall', { bids, asks: asks.toReversed() }],
    ['with a price of 0', { bids: [['0', '1']], asks }],
    ['with an amount of 0', { bids, asks: [['10.5', '0']] }],
    ['with a level that is none', { bids: [10, 9.5], asks }],
  ])('%s is refused', (_, book) => {
    expect(() => levelsOf(book, 20)).toThrow(BadResponseError)
  })

  it('keeps any prices that come best first, equal ones too', () => {
    fc.assert(
      fc.property(fc.array(price), (prices) => {
        const rising = prices.toSorted((a, b) => a - b).map((each): [number, number] => [each, 1])
        expect(levelsOf({ bids: rising.toReversed(), asks: rising }, 1_000)).toEqual({ bids: rising.toReversed(), asks: rising })
      }),
    )
  })
})

describe('trades', () => {
  const trade = (id: unknown, at: number) => ({ id, price: '10', amount: '1', side: undefined, at })

  it('come newest last; those of one time keep their order', () => {
    const got = tradesOf([trade(3, NOW), trade(1, NOW - 1), trade(4, NOW), trade(2, NOW - 1)], {})
    expect(got.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
  })

  it('are the newest up to the limit, a hundred without one', () => {
    const many = Array.from({ length: 150 }, (_, i) => trade(i, NOW + i))
    expect(tradesOf(many, { limit: 2 }).map(({ at }) => at)).toEqual([NOW + 148, NOW + 149])
    expect(tradesOf(many, {})).toHaveLength(100)
  })

  it('have an id where there is one, as a text, and a side where it is told', () => {
    expect(tradesOf([{ ...trade('a-1', NOW), side: 'sell' }], {})).toStrictEqual([{ id: 'a-1', price: 10, amount: 1, side: 'sell', at: NOW }])
    for (const id of [undefined, null, '', {}]) expect(tradesOf([trade(id, NOW)], {})).toStrictEqual([{ price: 10, amount: 1, at: NOW }])
  })

  it('without a price or an amount are refused', () => {
    expect(() => tradesOf([{ ...trade(1, NOW), price: '0' }], {})).toThrow(BadResponseError)
    expect(() => tradesOf([{ ...trade(1, NOW), amount: null }], {})).toThrow(BadResponseError)
  })
})
