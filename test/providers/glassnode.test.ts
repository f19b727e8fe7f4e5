import { describe, expect, it } from 'vitest'
import { glassnode } from '../../src/providers/glassnode.js'
import { describeProvider, several } from '../../src/testing/index.js'

const DAY = Date.UTC(2026, 9, 31)
const points = (...values: (number | null)[]) => values.map((v, i) => ({ t: DAY / 1_000 - 86_400 * (values.length - 1 - i), v }))
const url = (metric: string, more = '') => `https://api.glassnode.com/v1/metrics/${metric}?a=BTC&i=24h&s=${Date.UTC(2026, 9, 28, 12) / 1_000}${more}`

describeProvider(
  glassnode,
  {
    answers: [
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url: [
          url('addresses/active_count'),
          url('transactions/count'),
          url('mining/hash_rate_mean'),
          url('mining/difficulty_latest'),
          url('fees/volume_sum', '&c=USD'),
          url('blockchain/block_height'),
        ],
        sentHeaders: { 'x-api-key': '{key}' },
        body: several(points(700_000, 745_123), points(390_000, 402_310), points(1e21, 1.1e21), points(2 ** 78), points(350_000.5), points(921_000)),
        data: {
          asset: 'BTC',
          at: DAY,
          hashRate: 1.1e21,
          difficulty: 2 ** 46,
          activeAddresses: 745_123,
          transactions24h: 402_310,
          feesUsd24h: 350_000.5,
          blockHeight: 921_000,
        },
        drifted: several({ data: [] }, [], [], [], [], []),
      },
      {
        capability: 'networkMetrics',
        params: { asset: 'ETH' },
        body: several(points(500_000, null), points(1_100_000, 1_200_000), undefined, undefined, undefined, undefined),
        data: { asset: 'ETH', at: DAY - 86_400_000, activeAddresses: 500_000, transactions24h: 1_100_000 },
        drifted: several([{ time: 1, value: 2 }], [], undefined, undefined, undefined, undefined),
      },
    ],
    unknown: [
      { capability: 'networkMetrics', status: 400, body: { message: 'invalid asset' } },
      { capability: 'networkMetrics', body: several([], [], [], [], [], []) },
    ],
    errors: [
      { says: 'a bad key', status: 401, body: 'Unauthorized', reason: 'unauthorized' },
      { says: 'a plan without the figure', status: 403, body: { message: 'forbidden' }, reason: 'unauthorized' },
      { says: 'too many calls', status: 429, body: { message: 'rate limit' }, reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('glassnode', () => {
  it('is off until it is turned on, since it is paid', () => {
    expect(glassnode().enabled).toBe(false)
    expect(glassnode({ enabled: true }).enabled).toBe(true)
  })
})
