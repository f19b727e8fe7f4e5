import type { NftCollection } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { rowsOf } from '../provider/rows.js'

const KEYS_PAGE = 'https://docs.opensea.io/reference/api-keys'
const VERIFIED = '2026-11-21'

/**
 * NFT collections of OpenSea, on all its chains, by slug (`pudgypenguins`). By contract it is passed over: it would have to ask for the slug first.
 * A key is needed. An instant one comes without an account, `curl -X POST https://api.opensea.io/api/v2/auth/keys`, lives 7 days and reads 600 times
 * an hour (what is assumed without a plan); `plan: 'full'` is for keys out of the settings of an account.
 */
export function opensea(options: ProviderOptions = {}): Provider<'nftCollection'> {
  return defineProvider<'nftCollection'>(
    {
      id: 'opensea',
      name: 'OpenSea',
      homepage: 'https://opensea.io',
      docs: KEYS_PAGE,
      verifiedOn: VERIFIED,
      hosts: ['https://api.opensea.io'],
      // An empty key is refused with a 401 too: without one nothing is sent.
      key: { required: true, in: 'header', name: 'x-api-key' },
      limits: [{ requests: 600, perMs: 3_600_000, scope: 'key' }],
      plans: {
        instant: { limits: [{ requests: 600, perMs: 3_600_000, scope: 'key' }], verifiedOn: VERIFIED, source: KEYS_PAGE },
        full: { limits: [{ requests: 120, perMs: 60_000, scope: 'key' }], verifiedOn: VERIFIED, source: KEYS_PAGE },
      },
      probe: { capability: 'nftCollection', params: { slug: 'cryptopunks' } },
      endpoints: {
        nftCollection: {
          calls: 2,
          // dots alone would lead to another path
          supports: (params) => 'slug' in params && /[^.]/.test(params.slug),
          request: (params) => {
            const path = `api/v2/collections/${encodeURIComponent('slug' in params ? params.slug : '')}`
            return [{ path: `${path}/stats` }, { path, optional: true }]
          },
          parse: (bodies, params) => collectionOf(bodies, 'slug' in params ? params.slug : ''),
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

/** Its `market_cap` is in the currency of the floor: no dollars. */
function collectionOf(bodies: unknown, slug: string): NftCollection {
  const [stats, about] = read.array(bodies, 'answers')
  const { total, intervals } = read.object(stats, 'stats')
  const { floor_price: floor, floor_price_symbol: symbol, num_owners: owners } = read.object(total, 'total')
  const { name, total_supply: supply } = read.optional(read.object, about, 'collection') ?? {}
  const day = rowsOf(intervals, 'intervals').find(({ interval }) => interval === 'one_day')
  return known<NftCollection>({
    id: slug,
    name: read.optional(read.string, name, 'name') ?? slug,
    floorPrice: read.positiveOrNone(floor, 'floor_price'),
    floorPriceSymbol: read.optional(read.string, symbol, 'floor_price_symbol')?.toUpperCase(),
    volume24h: read.optional(read.amount, day?.volume, 'volume'),
    owners: read.positiveOrNone(owners, 'num_owners'),
    supply: read.positiveOrNone(supply, 'total_supply'),
  })
}

/** `{errors: ['…']}`: of an unknown slug some endpoints say it with a 400. */
function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { errors } = membersOf(body)
  const [message] = Array.isArray(errors) ? (errors as unknown[]) : []
  return status === 400 && typeof message === 'string' && /not found/i.test(message) ? { reason: 'not-found', message } : undefined
}
