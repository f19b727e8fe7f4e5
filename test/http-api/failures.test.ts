import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import type { FailureReason } from '../../src/model/result.js'
import { type FakeAnswer, fakeProvider } from '../../src/testing/index.js'
import { served } from './served.js'

const price = '/api/market/price?symbol=ABC'
const saying = (answers: readonly FakeAnswer<'ticker'>[]) =>
  served(
    answers.map((ticker, i) => fakeProvider(`p${i}`, { priority: i + 1, answers: { ticker } })),
    { retries: 0 },
  )

describe('a question that nobody answered', () => {
  it.each<[status: number, FailureReason[]]>([
    [404, ['not-found', 'not-found']],
    [404, ['not-found', 'bad-request']],
    [400, ['bad-request', 'bad-request']],
    [504, ['timeout', 'timeout']],
    [502, ['timeout', 'network']],
    [502, ['not-found', 'unavailable']],
  ])('is %d after %j', async (status, reasons) => {
    expect((await saying(reasons.map((reason) => () => reason)).get(price)).status).toBe(status)
  })

  it('names whom it asked, in fields like all others', async () => {
    const slow: FakeAnswer<'ticker'> = () => {
      throw new ProviderError({ provider: 'p0', reason: 'rate-limited', status: 429, retryAfterMs: 30_000, host: 'p0.test' })
    }
    const { body } = await saying([slow, () => 'network']).get(price)
    expect(body['attempts']).toEqual([
      { provider: 'p0', host: 'p0.test', outcome: 'failed', reason: 'rate-limited', status: 429, latency_ms: 0, hedged: false, retry_after_ms: 30_000 },
      expect.objectContaining({ provider: 'p1', host: null, reason: 'network', status: null, retry_after_ms: null }),
    ])
  })

  it('is not unknown while somebody rests who may know it', async () => {
    const { get } = saying([() => 'rate-limited', () => 'not-found'])
    await get('/api/market/price?symbol=XYZ')
    const { status, body } = await get(price)
    expect([status, body['attempts']]).toEqual([
      502,
      [expect.objectContaining({ provider: 'p0', outcome: 'skipped', latency_ms: null }), expect.objectContaining({ provider: 'p1', reason: 'not-found' })],
    ])
  })

  it('is unknown where those that rest would not answer here at all', async () => {
    const { get } = saying([() => 'geo-blocked', () => 'not-found'])
    await get('/api/market/price?symbol=XYZ')
    expect((await get(price)).status).toBe(404)
    expect((await get(price)).status).toBe(404)
  })
})
