import type { NetworkMetrics } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { unknown } from '../provider/ids.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { rowsOf } from '../provider/rows.js'

const ID = 'glassnode'
const DAY_MS = 86_400_000
// The first is known of every asset, the others of some; a plan may lack any of them.
const METRICS = [
  'addresses/active_count',
  'transactions/count',
  'mining/hash_rate_mean',
  'mining/difficulty_latest',
  'fees/volume_sum',
  'blockchain/block_height',
] as const
// Its difficulty is in hashes per block; chains count it in units of what the easiest block takes.
const EASIEST_BLOCK = new Map([
  ['BTC', 2 ** 32],
  ['LTC', 2 ** 32],
])

/**
 * Glassnode: how a chain did on the last whole day. Needs a key of a plan with API access, which is paid, so it is off unless `enabled: true`. One
 * question takes six calls.
 */
export function glassnode(options: ProviderOptions = {}): Provider<'networkMetrics'> {
  return defineProvider<'networkMetrics'>(
    {
      id: ID,
      name: 'Glassnode',
      homepage: 'https://glassnode.com',
      docs: 'https://docs.glassnode.com/basic-api/api-key',
      hosts: ['https://api.glassnode.com/v1'],
      // Unverified: contracts differ. Give `limits` for yours.
      limits: [{ requests: 60, perMs: 60_000, scope: 'key' }],
      key: { required: true, in: 'header', name: 'X-Api-Key' },
      enabled: false,
      metered: true,
      probe: { capability: 'networkMetrics', params: { asset: 'BTC' } },
      endpoints: {
        networkMetrics: {
          calls: METRICS.length,
          request: ({ asset }, { native, now }) =>
            METRICS.map((metric, place) => ({
              path: `metrics/${metric}`,
              query: {
                a: native[asset] ?? asset,
                i: '24h',
                // the last days are enough: without it all of history comes
                s: Math.floor((now - 4 * DAY_MS) / 1_000),
                c: metric === 'fees/volume_sum' ? 'USD' : undefined,
              },
              optional: place > 0,
            })),
          parse: (bodies, { asset }) => metricsOf(read.array(bodies, 'answers'), asset),
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

/** What all series say of one day, the last that the first of them has. */
function metricsOf(bodies: readonly unknown[], asset: string): NetworkMetrics {
  const [addresses, ...others] = bodies.map((body, place) => (body === undefined ? [] : pointsOf(body, METRICS[place] ?? 'answer')))
  const last = addresses?.at(-1)
  if (last === undefined) throw unknown(ID, asset)
  const [transactions24h, hashRate, difficulty, feesUsd24h, blockHeight] = others.map((points) => points.find(({ at }) => at === last.at)?.value)
  const easiest = EASIEST_BLOCK.get(asset)
  return known<NetworkMetrics>({
    asset,
    at: last.at,
    hashRate: hashRate || undefined,
    difficulty: difficulty === undefined || easiest === undefined ? undefined : difficulty / easiest || undefined,
    activeAddresses: last.value,
    transactions24h,
    feesUsd24h,
    blockHeight: blockHeight || undefined,
  })
}

interface Point {
  readonly at: number
  readonly value: number
}

/** `t` is the start of the day in Unix seconds; a day without a figure may have null for it. */
const pointsOf = (body: unknown, metric: string): Point[] =>
  rowsOf(body, metric)
    .filter(({ v }) => v !== null)
    .map(({ t, v }) => ({ at: read.seconds(t, 't'), value: read.amount(v, 'v') }))
    .toSorted((a, b) => a.at - b.at)

/** An asset that it does not have is a wrong parameter there: the words are unverified. */
function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { message, error } = membersOf(body)
  const words = [body, message, error].find((text) => typeof text === 'string')
  return status === 400 && typeof words === 'string' && /\basset\b/i.test(words) ? { reason: 'not-found', message: words } : undefined
}
