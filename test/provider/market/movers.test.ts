import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { moversOf, strongest } from '../../../src/provider/market/movers.js'

describe('movers', () => {
  const market = (base: string | undefined, change: number | undefined, turnover: number | undefined = 1e6) => ({
    base,
    price: 2,
    changePercent: change,
    turnover,
  })
  const ids = (rows: Parameters<typeof moversOf>[0], direction: 'gainers' | 'losers', limit?: number) =>
    moversOf(rows, { direction, limit }).map(({ id }) => id)

  it('are the strongest of one direction', () => {
    const rows = [market('A', 1), market('Bx', -4), market('C', 9), market('D', 0), market('E', -2)]
    expect(ids(rows, 'gainers')).toEqual(['C', 'A'])
    expect(ids(rows, 'losers')).toEqual(['Bx', 'E'])
    expect(moversOf(rows, { direction: 'losers', limit: 1 })).toStrictEqual([{ id: 'Bx', symbol: 'BX', priceUsd: 2, change24hPercent: -4, volume24hUsd: 1e6 }])
  })

  it('are ten where no limit is asked', () => {
    expect(
      ids(
        Array.from({ length: 15 }, (_, i) => market(`A${i}`, i + 1)),
        'gainers',
      ),
    ).toHaveLength(10)
  })

  it('are traded for at least 100,000 dollars a day', () => {
    expect(ids([market('THIN', 80, 99_999), market('BTC', 1, 100_000)], 'gainers')).toEqual(['BTC'])
  })

  it('are no bets on what is traded there too, whatever else ends like one', () => {
    const rows = ['BTC', 'BTCUP', 'BTCDOWN', 'BTC3L', 'BTC5S', 'BTCBULL', 'JUP', 'SYRUP'].map((base) => market(base, 1))
    expect(ids(rows, 'gainers')).toEqual(['BTC', 'JUP', 'SYRUP'])
  })

  it('are known in all respects; when none is, the answer has drifted', () => {
    const partly = [market(undefined, 5), market('A', undefined), { ...market('B', 5), price: undefined }, { ...market('C', 5), turnover: undefined }]
    expect(ids([...partly, market('D', 1)], 'gainers')).toEqual(['D'])
    expect(() => moversOf(partly, { direction: 'gainers' })).toThrow(BadResponseError)
  })

  it('are measured from the open where the change is not told', () => {
    const opened = { base: 'A', price: '3', open24h: '2', turnover: 1e6 }
    expect(moversOf([opened], { direction: 'gainers' })).toMatchObject([{ change24hPercent: 50 }])
    expect(moversOf([{ ...opened, changePercent: '49' }], { direction: 'gainers' })).toMatchObject([{ change24hPercent: 49 }])
    expect(ids([market(undefined, 5), { ...market(undefined, 5), turnover: 'n/a' }, market('D', 1)], 'gainers')).toEqual(['D'])
    expect(() => moversOf([{ ...opened, turnover: 'n/a' }], { direction: 'gainers' })).toThrow(BadResponseError)
  })

  it('are ranked by change, and all went the asked way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ change: fc.double({ noNaN: true, noDefaultInfinity: true }) })),
        fc.constantFrom('gainers' as const, 'losers' as const),
        (moves, direction) => {
          const sizes = strongest(moves, direction).map(({ change }) => (direction === 'gainers' ? change : -change))
          expect(sizes).toEqual(sizes.filter((size) => size > 0).toSorted((a, b) => b - a))
          expect(sizes).toHaveLength(moves.filter(({ change }) => (direction === 'gainers' ? change > 0 : change < 0)).length)
        },
      ),
    )
  })
})
