import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { moodsOf } from '../../src/provider/moods.js'
import { read } from '../../src/provider/read.js'
import { rowOf, rowsOf, some } from '../../src/provider/rows.js'
import { NOW } from '../support/ask.js'

describe('rows', () => {
  it('are a list of objects', () => {
    expect(rowsOf([{ a: 1 }], 'list')).toEqual([{ a: 1 }])
    for (const drifted of [{ a: 1 }, [[1]], [null], null]) expect(() => rowsOf(drifted, 'list')).toThrow(BadResponseError)
  })

  it('of what always holds something are at least one', () => {
    expect(some([1], 'list')).toEqual([1])
    expect(() => some([], 'list')).toThrow('list: at least one row expected')
  })

  it('hold that of the asked market, and are refused where they do not', () => {
    const rows = [{ instId: 'ETH-USDT' }, { instId: 'BTC-USDT', last: 1 }]
    expect(rowOf(rows, 'instId', 'BTC-USDT')).toEqual({ instId: 'BTC-USDT', last: 1 })
    for (const name of ['btc-usdt', 'XRP-USDT']) expect(() => rowOf(rows, 'instId', name)).toThrow(BadResponseError)
  })
})

describe('moods', () => {
  const mood = (value: unknown, ago = 0) => ({ value, value_classification: 'Fear', time: NOW - ago })
  const moods = (rows: readonly Record<string, unknown>[], limit?: number) => moodsOf(rows, { limit }, ({ time }) => read.millis(time, 'time'))

  it('come newest first, the newest alone where no number is asked', () => {
    const rows = [mood('30', 2_000), mood('32'), mood(31, 1_000)]
    expect(moods(rows)).toEqual([{ value: 32, label: 'Fear', at: NOW }])
    expect(moods(rows, 2).map(({ value }) => value)).toEqual([32, 31])
  })

  it('lie between 0 and 100, and there is one at least', () => {
    expect(moods([mood(0, 1), mood(100)], 2).map(({ value }) => value)).toEqual([100, 0])
    for (const rows of [[mood(101)], [mood(-1)], [mood(null)], [{ ...mood(1), value_classification: '' }], []])
      expect(() => moods(rows)).toThrow(BadResponseError)
  })
})
