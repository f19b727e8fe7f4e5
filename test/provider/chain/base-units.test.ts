import { describe, expect, it } from 'vitest'
import { baseUnits, heightOf } from '../../../src/provider/chain/base-units.js'

describe('baseUnits', () => {
  it('keeps every digit, of texts of any length and of numbers that JSON kept exact', () => {
    expect(baseUnits('123456789012345678901234567890', 'wei')).toBe(123_456_789_012_345_678_901_234_567_890n)
    expect(baseUnits(Number.MAX_SAFE_INTEGER, 'sat')).toBe(9_007_199_254_740_991n)
    expect(baseUnits(0, 'sat')).toBe(0n)
  })

  it.each([2 ** 53, -1, 1.5, '1.5', '-1', '0x10', '1e3', '', null, undefined, true, {}])('refuses %s', (value) => {
    expect(() => baseUnits(value, 'wei')).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})

describe('heightOf', () => {
  it('takes numbers and digits, and no height is 0', () => {
    expect([heightOf(900_000, 'height'), heightOf('900000', 'height')]).toEqual([900_000, 900_000])
    for (const value of [0, '0', '99999999999999999999', -1]) expect(() => heightOf(value, 'height')).toThrow('height')
  })
})
