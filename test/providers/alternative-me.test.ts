import { describe, expect, it } from 'vitest'
import { alternativeMe } from '../../src/providers/alternative-me.js'
import { describeProvider } from '../../src/testing/index.js'
import { type Answered, ask, sent } from '../support/ask.js'

const row = (value: string, label: string, timestamp: string) => ({ value, value_classification: label, timestamp })
const body = (...data: object[]) => ({ name: 'Fear and Greed Index', data, metadata: { error: null } })
const fearGreed = (answer: Answered, limit?: number) => ask(alternativeMe(), 'fearGreed', { limit }, answer)

describeProvider(
  alternativeMe,
  {
    answers: [
      {
        capability: 'fearGreed',
        params: { limit: 2 },
        url: 'https://api.alternative.me/fng/?limit=2&format=json',
        body: body(row('61', 'Greed', '1763683200'), row('0', 'Extreme Fear', '1763596800')),
        data: [
          { value: 61, label: 'Greed', at: 1_763_683_200_000 },
          { value: 0, label: 'Extreme Fear', at: 1_763_596_800_000 },
        ],
        drifted: body(row('61', 'Greed', '11-20-2025')),
      },
    ],
    errors: [
      { says: 'an error inside a 200', body: { name: 'Fear and Greed Index', data: [], metadata: { error: 'internal error' } }, reason: 'unavailable' },
      { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' },
      { says: 'a gateway that failed', status: 502, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

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

  it.each([
    ['no list', { data: {} }],
    ['an empty list', body()],
    ['a value above 100', body(row('101', 'Greed', '1763683200'))],
    ['a value that is no number', body(row('', 'Greed', '1763683200'))],
    ['no word', body(row('61', '', '1763683200'))],
  ])('calls %s a bad response', (_, drifted) => {
    expect(() => fearGreed({ status: 200, body: drifted })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
