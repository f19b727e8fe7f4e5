import { describe, expect, it } from 'vitest'
import { opensea } from '../../src/providers/opensea.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const HOST = 'https://api.opensea.io/api/v2/collections'
const interval = (name: string, volume: unknown) => ({ interval: name, volume, volume_diff: 0, volume_change: 0, sales: 3, sales_diff: 0, average_price: 1 })
const stats = (total: object = {}, day: unknown = 12.5) => ({
  total: { volume: 9e5, sales: 7e4, average_price: 3.5, num_owners: 4_000, market_cap: 25_000, floor_price: 2.5, floor_price_symbol: 'weth', ...total },
  intervals: [interval('seven_day', 700), interval('one_day', day), interval('thirty_day', 3_000)],
})
const about = { collection: 'some-cats', name: 'Some Cats', total_supply: 9_999, contracts: [{ address: '0xCA75', chain: 'ethereum' }] }
const data = { id: 'some-cats', name: 'Some Cats', floorPrice: 2.5, floorPriceSymbol: 'WETH', volume24h: 12.5, owners: 4_000, supply: 9_999 }
const params = { slug: 'some-cats' }
const url = [`${HOST}/some-cats/stats`, `${HOST}/some-cats`]

describeProvider(
  opensea,
  {
    answers: [
      {
        capability: 'nftCollection',
        params,
        url,
        sentHeaders: { 'x-api-key': '{key}' },
        body: several(stats(), about),
        data,
        drifted: several({ stats: stats().total, intervals: [] }, about),
      },
      {
        capability: 'nftCollection',
        params,
        url,
        body: several(stats({ floor_price: 0, floor_price_symbol: '', num_owners: 0, market_cap: 0 }, 0), undefined),
        data: { id: 'some-cats', name: 'some-cats', volume24h: 0 },
        drifted: several({ total: stats().total }, undefined),
      },
    ],
    unknown: [
      { capability: 'nftCollection', status: 404, body: { errors: ['Collection not found'] } },
      { capability: 'nftCollection', status: 400, body: { errors: ['Collection with slug some-cats not found'] } },
    ],
    errors: [
      { says: 'no key, or a wrong or empty one', status: 401, body: { errors: ['Invalid API key'] }, reason: 'unauthorized' },
      { says: 'a question that it does not take', status: 400, body: { errors: ['Invalid slug'] }, reason: 'bad-request' },
      {
        says: 'too many requests',
        status: 429,
        headers: { 'retry-after': '30' },
        body: { detail: 'Request was throttled.' },
        reason: 'rate-limited',
        retryAfterMs: 30_000,
      },
    ],
  },
  { describe, it },
)

describe('opensea', () => {
  it('is not asked by contract', () => {
    const { nftCollection } = opensea().endpoints
    const asked = [params, { chain: 'eip155:1', contract: '0xCA75' }, { slug: '..' }, { slug: '' }]
    expect(asked.map((one) => nftCollection.supports?.(one))).toEqual([true, false, false, false])
  })

  it('knows no volume where it tells none of one day', () => {
    const body = [{ ...stats(), intervals: [interval('seven_day', 700)] }, about]
    expect(ask(opensea(), 'nftCollection', params, { body })).not.toHaveProperty('volume24h')
  })
})
