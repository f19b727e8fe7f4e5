import { describe, expect, it } from 'vitest'
import { alternativeMe } from '../../src/providers/alternative-me.js'
import { type Answered, ask, sent } from '../support/ask.js'

const row = (value: string, label: string, timestamp: string) => ({ value, value_classification: label, timestamp })
const body = (...data: object[]) => ({ name: 'Fear and Greed Index', data, metadata: { error: null } })
const fearGreed = (answer: Answered, limit?: number) => ask(alternativeMe(), 'fearGreed', { limit }, answer)

describe('alternative.me', () => {
  it('is asked for so many values, never for dates as text', () => {
    const url = new URL(sent(alternativeMe(), 'fearGreed', { limit: 3 }))
    expect(url.origin + url.pathname).toBe('https://api.alternative.me/fng/')
    expect(url.searchParams.get('limit')).toBe('3')
    expect(url.searchParams.has('date_format')).toBe(false)
  })

  it('gives numbers and Unix ms for its texts, newest first, with its own words', () => {
    const answer = { status: 200, body: body(row('20', 'Extreme Fear', '1763596800'), row('61', 'Greed', '1763683200')) }
    expect(fearGreed(answer, 2)).toEqual([
      { value: 61, label: 'Greed', at: 1_763_683_200_000 },
      { value: 20, label: 'Extreme Fear', at: 1_763_596_800_000 },
    ])
  })

  it('gives one value where no limit is asked, and 0 is a value', () => {
    const answer = { status: 200, body: body(row('0', 'Extreme Fear', '1763683200'), row('61', 'Greed', '1763596800')) }
    expect(fearGreed(answer)).toEqual([{ value: 0, label: 'Extreme Fear', at: 1_763_683_200_000 }])
  })

  it('takes an error told inside a 200 for its own trouble', () => {
    const answer = { status: 200, body: { name: 'Fear and Greed Index', data: [], metadata: { error: 'internal error' } } }
    expect(() => fearGreed(answer)).toThrow(expect.objectContaining({ reason: 'unavailable' }))
  })

  it.each([
    ['no list', { data: {} }],
    ['an empty list', body()],
    ['a value above 100', body(row('101', 'Greed', '1763683200'))],
    ['a value that is no number', body(row('', 'Greed', '1763683200'))],
    ['a date instead of seconds', body(row('61', 'Greed', '11-21-2026'))],
    ['no word', body(row('61', '', '1763683200'))],
    ['HTML', '<html></html>'],
  ])('calls %s a bad response', (_, drifted) => {
    expect(() => fearGreed({ status: 200, body: drifted })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
