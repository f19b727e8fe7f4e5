import { describe, expect, it } from 'vitest'
import { santiment } from '../../src/providers/santiment.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, requestOf } from '../support/ask.js'

const day = (n: number, value: number | null) => ({ datetime: `2026-10-${n}T00:00:00Z`, value })
const figure = (...days: object[]) => ({ timeseriesDataJson: days })
const at = (n: number) => Date.UTC(2026, 9, n)
const url = 'https://api.santiment.net/graphql'
const field = (metric: string) => `getMetric(metric: "${metric}") { timeseriesDataJson(slug: $slug, from: "utc_now-4d", to: "utc_now", interval: "1d") }`
const query = (...fields: string[]) => `query ($slug: String!) { ${fields.join(' ')} }`
const NOBODY = { message: 'The slug "nosuch" is not an existing slug.' }

describeProvider(
  santiment,
  {
    answers: [
      {
        capability: 'social',
        params: { asset: 'BTC' },
        url,
        sentHeaders: { authorization: 'Apikey {key}' },
        sent: { query: query(field('twitter_followers')), variables: { slug: 'bitcoin' } },
        body: { data: { getMetric: figure(day(30, 8_100_000), day(31, 8_100_250)) } },
        data: { asset: 'BTC', followers: 8_100_250, asOf: at(31) },
        drifted: { data: { getMetric: { timeseriesData: [day(31, 8_100_250)] } } },
      },
      {
        capability: 'networkMetrics',
        params: { asset: 'ETH' },
        url,
        sent: { query: query(field('daily_active_addresses')), variables: { slug: 'ethereum' } },
        body: { data: { getMetric: figure(day(29, 500_000), day(30, 510_000), day(31, null)) } },
        data: { asset: 'ETH', at: at(30), activeAddresses: 510_000 },
        drifted: { data: { getMetric: figure({ date: '2026-10-31', value: 1 }) } },
      },
    ],
    unknown: [
      { capability: 'social', body: { data: { getMetric: { timeseriesDataJson: null } }, errors: [NOBODY] } },
      { capability: 'social', body: { data: { getMetric: figure() } } },
      { capability: 'networkMetrics', body: { data: { getMetric: { timeseriesDataJson: null } }, errors: [NOBODY] } },
    ],
    errors: [
      {
        says: 'too many calls, with the wait in words',
        status: 429,
        body: { errors: { details: 'API Rate Limit Reached. Try again in 12 seconds' } },
        reason: 'rate-limited',
        retryAfterMs: 12_000,
      },
      {
        says: 'a month that is used up',
        status: 429,
        headers: { 'x-ratelimit-remaining-month': '0' },
        body: { errors: { details: 'API Rate Limit Reached. Try again in 864000 seconds' } },
        reason: 'quota-exhausted',
        retryAfterMs: 864_000_000,
      },
      {
        says: 'a limit within a 200',
        body: { errors: { details: 'API Rate Limit Reached. Try again in 5 seconds' } },
        reason: 'rate-limited',
        retryAfterMs: 5_000,
      },
      {
        says: 'a wait that is longer than any but the window of the month',
        status: 429,
        body: { errors: { details: 'API Rate Limit Reached. Try again in 90000 seconds' } },
        reason: 'quota-exhausted',
        retryAfterMs: 90_000_000,
      },
      { says: 'a key that is refused in other words', status: 400, body: { errors: { details: 'Invalid apikey' } }, reason: 'unauthorized' },
      { says: 'a refusal within a 200', body: { errors: [{ message: 'unauthorized' }] }, reason: 'unauthorized' },
      { says: 'an error that only speaks of keys', body: { errors: [{ message: 'apikey parameter is optional' }] }, reason: 'unavailable' },
      { says: 'a bad key', status: 400, body: { errors: { details: "Apikey 'abc' is not valid" } }, reason: 'unauthorized' },
      {
        says: 'a figure of a paid plan',
        body: { data: null, errors: [{ message: 'Both `from` and `to` parameters are outside the allowed interval you can query' }] },
        reason: 'unauthorized',
      },
      { says: 'a query that it no longer takes', status: 400, body: { errors: [{ message: 'Cannot query field "getMetric"' }] }, reason: 'bad-response' },
      { says: 'an error without known words', body: { data: null, errors: [{ message: 'Internal error' }] }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('santiment', () => {
  const paid = santiment({ plan: 'pro', apiKey: 'a-key-of-a-plan' })
  const params = { asset: 'BTC' }
  const parts = { followers: figure(day(31, 100)), posts: figure(day(30, 4_000)), positive: figure(day(30, 750)), negative: figure(day(30, 250)) }

  it('asks for what is held back in the free plan only where it is paid for, and counts each figure as a call', () => {
    const { body } = requestOf(paid, 'social', params) as { body: { query: string } }
    expect(body.query.match(/getMetric/g)).toHaveLength(4)
    expect(paid.endpoints.social.cost).toBe(4)
    expect(santiment().endpoints.social.cost).toBe(1)
  })

  it('gives the share of the positive, and is as old as the oldest figure', () => {
    expect(ask(paid, 'social', params, { body: { data: parts } })).toEqual({
      asset: 'BTC',
      followers: 100,
      posts24h: 4_000,
      sentimentPercent: 75,
      asOf: at(30),
    })
  })

  it('makes no share of sums of different days, or of nothing', () => {
    const none = { ...parts, positive: figure(day(30, 0)), negative: figure(day(30, 0)) }
    expect(ask(paid, 'social', params, { body: { data: none } })).not.toHaveProperty('sentimentPercent')
    const apart = { ...parts, positive: figure(day(29, 750)) }
    expect(ask(paid, 'social', params, { body: { data: apart } })).not.toHaveProperty('sentimentPercent')
  })

  it('gives what came where another figure failed', () => {
    const body = { data: { ...parts, posts: { timeseriesDataJson: null }, positive: null }, errors: [{ message: 'Internal error' }] }
    expect(ask(paid, 'social', params, { body })).toEqual({ asset: 'BTC', followers: 100, asOf: at(30) })
  })

  it('reads a series that comes as a text', () => {
    const body = { data: { getMetric: { timeseriesDataJson: JSON.stringify([day(31, 7)]) } } }
    expect(ask(santiment(), 'social', params, { body })).toEqual({ asset: 'BTC', followers: 7, asOf: at(31) })
    const broken = { data: { getMetric: { timeseriesDataJson: '[{' } } }
    expect(() => ask(santiment(), 'social', params, { body: broken })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('learns what is left of each window', () => {
    const headers = new Headers({
      'x-ratelimit-remaining-month': '990',
      'x-ratelimit-limit-month': '1000',
      'x-ratelimit-remaining-minute': '99',
      'x-ratelimit-remaining-hour': 'many',
    })
    expect(santiment().usage?.(headers, {})).toEqual([
      { perMs: 60_000, kind: 'cost', remaining: 99 },
      { perMs: 2_592_000_000, kind: 'cost', remaining: 990, limit: 1_000 },
    ])
  })

  it('leaves a failing status without words to the status', () => {
    expect(failureOf(santiment(), 'social', params, { status: 502, headers: new Headers(), body: '<html></html>' })).toBeUndefined()
  })
})
