import { BadResponseError } from '../errors.js'
import type { NetworkMetrics } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { unknown } from '../provider/ids.js'
import type { NativeIds, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const ID = 'coinmetrics'
const METRICS = ['AdrActCnt', 'TxCnt', 'HashRate', 'DiffLast', 'DiffMean', 'FeeTotUSD', 'BlkHgt']

// Hashes in one unit of `HashRate`, which differs by asset (docs.coinmetrics.io, «Mean Hash Rate»). For others none is documented.
const TH = 1e12
const GH = 1e9
const HASHES = new Map([
  ['BTC', TH],
  ['BCH', TH],
  ['BSV', TH],
  ['LTC', TH],
  ['ETC', TH],
  ['DASH', GH],
  ['BTG', GH],
  ['VTC', GH],
  ['ZEC', GH],
])

/**
 * Community data of Coin Metrics: how a chain did on the last whole day. No key. CC BY-NC 4.0: for non-commercial use only, and its source must be
 * named. Which figures there are differs by asset: Bitcoin and Ethereum have most, many have none.
 */
export function coinmetrics(options: ProviderOptions = {}): Provider<'networkMetrics'> {
  return defineProvider<'networkMetrics'>(
    {
      id: ID,
      name: 'Coin Metrics Community',
      homepage: 'https://coinmetrics.io',
      docs: 'https://docs.coinmetrics.io/api/v4',
      verifiedOn: '2026-11-21',
      hosts: ['https://community-api.coinmetrics.io/v4'],
      limits: [{ requests: 10, perMs: 6_000, scope: 'ip' }],
      maxInFlight: 10,
      attribution: { text: 'Coin Metrics Community Data, CC BY-NC 4.0', url: 'https://coinmetrics.io/community-network-data/', required: true },
      probe: { capability: 'networkMetrics', params: { asset: 'BTC' } },
      endpoints: {
        networkMetrics: {
          request: ({ asset }, { native }) => ({
            path: 'timeseries/asset-metrics',
            query: {
              assets: nameOf(asset, native),
              metrics: METRICS.join(),
              frequency: '1d',
              paging_from: 'end',
              // the last may hold nothing yet but what is paid or in an unknown unit
              limit_per_asset: 3,
              // a figure that is paid, or that the asset does not have, would fail the others
              ignore_forbidden_errors: true,
              ignore_unsupported_errors: true,
            },
          }),
          parse: (body, { asset }, { native }) =>
            newestOf(
              rowsOf(read.object(body, 'answer').data, 'data').filter((row) => row.asset === nameOf(asset, native)),
              asset,
            ),
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

const nameOf = (asset: string, native: NativeIds): string => native[asset] ?? asset.toLowerCase()

/** The last day of which anything is known. Columns may be empty; none of ours at all is an answer to another question. */
function newestOf(rows: readonly Row[], asset: string): NetworkMetrics {
  const days = rows.map((row) => ({ row, at: dayOf(row) })).toSorted((a, b) => b.at - a.at)
  for (const { row, at } of days) {
    const figures = figuresOf(row, asset)
    if (Object.keys(figures).length > 0) return { asset, at, ...figures }
  }
  if (days.length > 0 && !rows.some((row) => METRICS.some((metric) => Object.hasOwn(row, metric)))) throw new BadResponseError('figures expected, got none')
  throw unknown(ID, asset)
}

/** The start of the day, in nanoseconds; engines differ in what they make of so many digits. */
const dayOf = ({ time }: Row): number => read.isoTime(read.string(time, 'time').replace(/(\.\d{3})\d+/, '$1'), 'time')

/** One day: figures are texts, null or missing where there are none; their `…-status` columns are nothing to us. */
const figuresOf = (row: Row, asset: string): Omit<NetworkMetrics, 'asset' | 'at'> =>
  known<Omit<NetworkMetrics, 'asset' | 'at'>>({
    hashRate: hashRateOf(row, asset),
    difficulty: read.positiveOrNone(row.DiffLast, 'DiffLast') ?? read.positiveOrNone(row.DiffMean, 'DiffMean'),
    activeAddresses: read.optional(read.amount, row.AdrActCnt, 'AdrActCnt'),
    transactions24h: read.optional(read.amount, row.TxCnt, 'TxCnt'),
    feesUsd24h: read.optional(read.amount, row.FeeTotUSD, 'FeeTotUSD'),
    blockHeight: read.positiveOrNone(row.BlkHgt, 'BlkHgt'),
  })

function hashRateOf({ HashRate }: Row, asset: string): number | undefined {
  const [rate, hashes] = [read.positiveOrNone(HashRate, 'HashRate'), HASHES.get(asset)]
  return rate === undefined || hashes === undefined ? undefined : read.positive(rate * hashes, 'HashRate')
}

function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { type, message } = membersOf(membersOf(body).error)
  if (status !== 400 || type !== 'bad_parameter' || typeof message !== 'string') return undefined
  return { reason: message.includes("'assets'") ? 'not-found' : 'bad-request', message }
}
