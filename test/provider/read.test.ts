import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { known, read } from '../../src/provider/read.js'

const NOON = Date.UTC(2026, 10, 1, 12)
const notNumbers = [null, undefined, '', ' ', '\n', true, false, [], [1], {}, Number.NaN, Infinity, -Infinity, 'Infinity', 'NaN', '1,000', '1 2', 'price']

describe('numbers', () => {
  it('are numbers and the texts that hold one', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (number) => read.number(number, 'x') === number && read.number(String(number), 'x') === number,
      ),
    )
    expect([read.number('0.10000000', 'x'), read.number('5.313E-5', 'x'), read.number('-3', 'x')]).toEqual([0.1, 5.313e-5, -3])
  })

  it.each(notNumbers)('are never %j', (value) => {
    for (const reader of [read.number, read.positive, read.amount, read.millis, read.seconds]) expect(() => reader(value, 'x')).toThrow(BadResponseError)
  })

  it('are > 0 as prices, and ≥ 0 as amounts', () => {
    expect([read.positive('1e-12', 'x'), read.amount(0, 'x'), read.amount('0.0', 'x')]).toEqual([1e-12, 0, 0])
    for (const value of [0, '0', '0.00', -1]) expect(() => read.positive(value, 'x')).toThrow(BadResponseError)
    expect(() => read.amount('-0.1', 'x')).toThrow(BadResponseError)
  })

  it.each([null, undefined, '', 0, '0', '0.00000000'])('> 0 or none: %j is none', (value) => {
    expect(read.positiveOrNone(value, 'x')).toBeUndefined()
  })

  it('> 0 or none: a number that cannot be is refused, not left out', () => {
    expect(read.positiveOrNone('1.5', 'x')).toBe(1.5)
    for (const value of [-1, '-0.5', 'price', false, {}]) expect(() => read.positiveOrNone(value, 'x')).toThrow(BadResponseError)
  })
})

describe('texts, lists and records', () => {
  it('are given as they are', () => {
    const [list, record] = [[1, null], { a: null }]
    expect(read.string(' a ', 'x')).toBe(' a ')
    expect(read.array(list, 'x')).toBe(list)
    expect(read.object(record, 'x')).toBe(record)
  })

  it('are not taken for each other', () => {
    for (const value of ['', 1, null, undefined, [], {}]) expect(() => read.string(value, 'x')).toThrow(BadResponseError)
    for (const value of ['a', 1, null, undefined, { length: 0 }]) expect(() => read.array(value, 'x')).toThrow(BadResponseError)
    for (const value of ['a', 1, null, undefined, []]) expect(() => read.object(value, 'x')).toThrow(BadResponseError)
  })
})

describe('times', () => {
  const time = fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2100, 0, 1) - 1 })

  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('are Unix ms, out of ms, of seconds with fractions and of ISO texts', () => {
    fc.assert(
      fc.property(time, (ms) => {
        const iso = new Date(ms).toISOString()
        return read.millis(String(ms), 'x') === ms && read.seconds(ms / 1_000, 'x') === ms && read.isoTime(iso, 'x') === ms
      }),
    )
  })

  it('are never taken in the wrong unit', () => {
    fc.assert(
      fc.property(time, (ms) => {
        expect(() => read.millis(Math.floor(ms / 1_000), 'x')).toThrow(BadResponseError)
        expect(() => read.seconds(ms, 'x')).toThrow(BadResponseError)
        expect(() => read.millis(ms * 1_000, 'x')).toThrow(BadResponseError)
      }),
    )
  })

  it.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('without a zone are UTC, on a machine in %s too', (zone) => {
    vi.stubEnv('TZ', zone)
    const texts = ['2026-11-01T12:00:00', '2026-11-01T12:00:00.000', '2026-11-01T12:00:00Z', '2026-11-01T14:00:00+02:00', '2026-11-01T07:00:00-0500']
    expect(texts.map((text) => read.isoTime(text, 'x'))).toEqual(texts.map(() => NOON))
    expect(read.isoTime('2026-11-01', 'x')).toBe(Date.UTC(2026, 10, 1))
  })

  it.each(['', 'yesterday', '2026-13-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-11-01T12:00:00+99:99', NOON, null])('are not %j', (value) => {
    expect(() => read.isoTime(value, 'x')).toThrow(BadResponseError)
  })
})

describe('what is optional', () => {
  it('is none where nothing stands, else what its reader says', () => {
    expect([undefined, null, ''].map((value) => read.optional(read.amount, value, 'x'))).toEqual([undefined, undefined, undefined])
    expect(read.optional(read.amount, 0, 'x')).toBe(0)
    expect(() => read.optional(read.amount, 'much', 'x')).toThrow(BadResponseError)
  })
})

describe('the error', () => {
  it.each([
    [null, 'null'],
    [undefined, 'nothing'],
    ['', 'an empty text'],
    ['free', 'a string'],
    [[], 'a list'],
    [{}, 'an object'],
    [true, 'a boolean'],
    [-1.5, '-1.5'],
  ])('names the place and the kind of %j', (value, kind) => {
    expect(() => read.positive(value, 'bid.0')).toThrow(
      expect.objectContaining({ reason: 'bad-response', message: expect.stringContaining(`bid.0: a number > 0 expected, got ${kind}`) }),
    )
  })

  it('never repeats a text: bodies can echo a key', () => {
    const echo = 'wrong key: s3cr3t-0123456789'
    for (const reader of [read.number, read.object, read.array, read.isoTime])
      expect(() => reader(echo, 'x')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cr3t') }))
  })
})

describe('known', () => {
  it('leaves out what is undefined, and only that', () => {
    expect(known({ a: 1, b: undefined, c: 0, d: '', e: false })).toStrictEqual({ a: 1, c: 0, d: '', e: false })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.option(fc.integer(), { nil: undefined })), (data) => {
        const wanted = Object.entries(data).filter(([, value]) => value !== undefined)
        expect(Object.entries(known(data))).toEqual(wanted)
      }),
    )
  })
})
