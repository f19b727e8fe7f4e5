import { describe, expect, it } from 'vitest'
import { rarible } from '../../src/providers/rarible.js'
import { describeProvider, several } from '../../src/testing/index.js'

const HOST = 'https://api.rarible.org/v0.1'
const amount = (currency: string, value: number) => ({ currency, value })
const stats = {
  highestSale: [amount('USD', 90000), amount('ETH', 40)],
  floorPrice: [amount('USD', 5000.5), amount('ETH', 2.25)],
  marketCap: [amount('ETH', 20000), amount('USD', 45000000)],
  volume: [amount('ETH', 900000)],
  listed: 40,
  items: 9_999,
  owners: 4_000,
}
const params = { chain: 'eip155:1', contract: '0xCA75' }
const id = 'ETHEREUM:0xca75'
const url = [`${HOST}/data/collections/${id}/statistics`, `${HOST}/collections/${id}`]

describeProvider(
  rarible,
  {
    answers: [
      {
        capability: 'nftCollection',
        params,
        url,
        sentHeaders: { 'x-api-key': '{key}' },
        body: several(stats, { id, blockchain: 'ETHEREUM', name: 'Some Cats' }),
        data: {
          id,
          name: 'Some Cats',
          floorPrice: 2.25,
          floorPriceSymbol: 'ETH',
          floorPriceUsd: 5_000.5,
          owners: 4_000,
          supply: 9_999,
          marketCapUsd: 45_000_000,
        },
        drifted: several({ ...stats, floorPrice: '2.25' }, undefined),
      },
      {
        capability: 'nftCollection',
        params: { slug: 'POLYGON:0xca75' },
        url: url.map((one) => one.replace('ETHEREUM', 'POLYGON')),
        body: several({ ...stats, floorPrice: [], marketCap: [], owners: 0 }, undefined),
        data: { id: 'POLYGON:0xca75', name: 'POLYGON:0xca75', supply: 9_999 },
        drifted: several({ items: 9_999, floor: 1 }, undefined),
      },
    ],
    unknown: [
      { capability: 'nftCollection', status: 400, body: { code: 'NOT_FOUND', message: 'Collection not found' } },
      { capability: 'nftCollection', status: 404, body: { code: 'NOT_FOUND', message: 'Collection not found' } },
    ],
    errors: [
      { says: 'INVALID_INPUT', status: 400, body: { code: 'INVALID_INPUT', message: 'no' }, reason: 'bad-request' },
      { says: 'a wrong key', status: 403, body: { message: 'Forbidden' }, reason: 'unauthorized' },
    ],
  },
  { describe, it },
)

describe('rarible', () => {
  it('is asked on chains that it has, and by slugs of its own form', () => {
    const { nftCollection } = rarible().endpoints
    const asked = [params, { ...params, chain: 'eip155:7777777' }, { slug: id }, { slug: 'some-cats' }, { slug: 'ETHEREUM:0x/../..' }]
    expect(asked.map((one) => nftCollection.supports?.(one))).toEqual([true, false, true, false, false])
  })
})
