import { describe, expect, it } from 'vitest'
import { magicEden } from '../../src/providers/magic-eden.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const HOST = 'https://api-mainnet.magiceden.dev/v2/collections'
const stats = { symbol: 'some_cats', floorPrice: 1_250_000_000, listedCount: 40, avgPrice24hr: 1_300_000_000.5, volumeAll: 9e15, volume24hr: 37_500_000_000 }
const about = { symbol: 'some_cats', name: 'Some Cats', description: '', image: 'https://img.example/cats.png' }
const params = { slug: 'some_cats' }
const url = [`${HOST}/some_cats/stats`, `${HOST}/some_cats`]

describeProvider(
  magicEden,
  {
    answers: [
      {
        capability: 'nftCollection',
        params,
        url,
        body: several(stats, about),
        data: { id: 'some_cats', name: 'Some Cats', floorPrice: 1.25, floorPriceSymbol: 'SOL', volume24h: 37.5 },
        drifted: several({ ...stats, floorPrice: { lamports: 1 } }, about),
      },
      {
        capability: 'nftCollection',
        params,
        url,
        body: several({ symbol: 'some_cats', listedCount: 2, volumeAll: 5 }, undefined),
        data: { id: 'some_cats', name: 'some_cats', floorPriceSymbol: 'SOL' },
        drifted: several({ floor: 1, listed: 2 }, undefined),
      },
    ],
    unknown: [
      { capability: 'nftCollection', body: several({ symbol: 'some_cats', listedCount: 0, volumeAll: 0 }, undefined) },
      { capability: 'nftCollection', status: 400, body: { errors: [{ msg: 'Invalid value', param: 'symbol' }] } },
      { capability: 'nftCollection', status: 404, body: { error: 'collection not found' } },
    ],
    errors: [{ says: 'a gateway that fails', status: 503, body: 'Service Unavailable', reason: 'unavailable' }],
  },
  { describe, it },
)

describe('magic-eden', () => {
  it('is asked by its own symbol, never by contract', () => {
    const { nftCollection } = magicEden().endpoints
    const asked = [params, { chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', contract: 'Coll1' }, { slug: '..' }, { slug: '' }]
    expect(asked.map((one) => nftCollection.supports?.(one))).toEqual([true, false, false, false])
  })

  it('does not take the volume of all time for that of a day', () => {
    expect(ask(magicEden(), 'nftCollection', params, { body: [{ ...stats, volume24hr: undefined }, about] })).not.toHaveProperty('volume24h')
  })
})
