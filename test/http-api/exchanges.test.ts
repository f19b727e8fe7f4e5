import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/model/market.js'
import { fakeProvider } from '../../src/testing/index.js'
import { served } from './market-world.js'

const ALL: Exchange[] = [
  { id: 'small', name: 'Small', trustScore: 9, volume24hBtc: 10, country: 'Malta', yearEstablished: 2017, url: 'https://small.test' },
  { id: 'large', name: 'Large', trustScore: 6.9, volume24hBtc: 500 },
  { id: 'plain', name: 'Plain' },
  { id: 'seven', name: 'Seven', trustScore: 7, volume24hBtc: 40 },
]

const api = (all: Exchange[] = ALL) => {
  const provider = fakeProvider('lists', { answers: { exchanges: ({ limit }) => all.slice(0, limit) } })
  return { ...served([provider]), provider }
}

describe('/api/exchanges', () => {
  it('lists them with the figures of all, and null for what nobody tells', async () => {
    const { body } = await api().get('/api/exchanges?limit=2')
    expect(body).toMatchObject({ success: true, count: 2, source: 'lists', timestamp: '2026-01-01T00:00:00.000Z' })
    expect((body.exchanges as unknown[])[0]).toEqual({
      id: 'small',
      name: 'Small',
      year_established: 2017,
      country: 'Malta',
      url: 'https://small.test',
      trust_score: 9,
      trust_score_rank: null,
      trade_volume_24h_btc: 10,
      trade_volume_24h_btc_normalized: null,
      trade_volume_24h_usd: null,
      has_trading_incentive: null,
      centralized: null,
      image: null,
    })
    expect(body.statistics).toEqual({
      total_exchanges: 4,
      verified_exchanges: 2,
      total_volume_24h_btc: 550,
      total_volume_24h_usd: null,
      average_trust_score: 7.63,
      centralized_exchanges: null,
      decentralized_exchanges: null,
    })
    expect((body.top_by_volume as { id: string }[]).map(({ id }) => id)).toEqual(['large', 'seven', 'small'])
  })

  it('looks for verified ones among all before it cuts', async () => {
    const { get, provider } = api()
    const { body } = await get('/api/exchanges?limit=2&verified_only=true')
    expect((body.exchanges as { id: string }[]).map(({ id }) => id)).toEqual(['small', 'seven'])
    await get('/api/exchanges?limit=200')
    expect(provider.asked.map(({ params }) => params)).toEqual([{ limit: 200 }])
  })

  it('knows nobody to be verified where the source has no scores, and says so', async () => {
    const { get } = api([{ id: 'dollars', name: 'Dollars', volume24hUsd: 5 }])
    const { body } = await get('/api/exchanges?verified_only=true')
    expect(body).toMatchObject({
      count: 0,
      exchanges: [],
      statistics: { total_exchanges: 1, verified_exchanges: null, total_volume_24h_btc: null, total_volume_24h_usd: 5, average_trust_score: null },
      top_by_volume: [{ id: 'dollars' }],
      missing: [{ part: 'trust_score' }],
    })
  })

  it('asks on for verified ones where the first source has no scores', async () => {
    const plain = fakeProvider('plain', { answers: { exchanges: () => [{ id: 'dollars', name: 'Dollars', volume24hUsd: 5 }] } })
    const scored = fakeProvider('scored', { priority: 2, answers: { exchanges: () => ALL } })
    const { get } = served([plain, scored])
    expect((await get('/api/exchanges')).body).toMatchObject({ source: 'plain', count: 1 })
    expect(scored.asked).toHaveLength(0)
    expect((await get('/api/exchanges?verified_only=true')).body).toMatchObject({ source: 'scored', count: 2 })
  })

  it.each(['limit=0', 'limit=201', 'verified_only=yes'])('refuses %s', async (query) => {
    expect((await api().get(`/api/exchanges?${query}`)).status).toBe(400)
  })

  it('answers 503 where nobody lists exchanges', async () => {
    const { status, body } = await served([fakeProvider('prices')]).get('/api/exchanges')
    expect([status, String(body.error)]).toEqual([503, expect.stringContaining('exchanges')])
  })
})
