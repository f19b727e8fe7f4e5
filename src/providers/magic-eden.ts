import type { NftCollection } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { unknown } from '../provider/ids.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

const ID = 'magic-eden'
const LAMPORTS = 1_000_000_000

/** NFT collections on Solana at Magic Eden (it left the other chains in 2026), by its own symbol as slug (`mad_lads`). No key. */
export function magicEden(options: ProviderOptions = {}): Provider<'nftCollection'> {
  return defineProvider<'nftCollection'>(
    {
      id: ID,
      name: 'Magic Eden',
      homepage: 'https://magiceden.io',
      docs: 'https://docs.magiceden.io/reference/solana-overview',
      verifiedOn: '2026-11-21',
      hosts: ['https://api-mainnet.magiceden.dev/v2'],
      limits: [{ requests: 120, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'nftCollection', params: { slug: 'mad_lads' } },
      endpoints: {
        nftCollection: {
          calls: 2,
          // dots alone would lead to another path
          supports: (params) => 'slug' in params && /[^.]/.test(params.slug),
          request: (params) => {
            const path = `collections/${encodeURIComponent('slug' in params ? params.slug : '')}`
            return [{ path: `${path}/stats` }, { path, optional: true }]
          },
          parse: (bodies, params) => collectionOf(bodies, 'slug' in params ? params.slug : ''),
        },
      },
      // The symbol is all that can be wrong with a question.
      failure: ({ status }) => (status === 400 ? { reason: 'not-found' } : undefined),
    },
    options,
  )
}

/** Of a collection that it does not know it tells zeros. `volumeAll` is that of all time. */
function collectionOf(bodies: unknown, slug: string): NftCollection {
  const [answer, about] = read.array(bodies, 'answers')
  const stats = read.object(answer, 'stats')
  const floor = read.positiveOrNone(inSol(stats.floorPrice, 'floorPrice'), 'floorPrice')
  const { name } = read.optional(read.object, about, 'collection') ?? {}
  const active = [stats.listedCount, stats.volumeAll].some((figure) => read.positiveOrNone(figure, 'listedCount, volumeAll') !== undefined)
  if (floor === undefined && name === undefined && !active) throw unknown(ID, read.string(stats.symbol, 'symbol'))
  return known<NftCollection>({
    id: slug,
    name: read.optional(read.string, name, 'name') ?? slug,
    floorPrice: floor,
    floorPriceSymbol: 'SOL',
    // In lamports like the others; unverified.
    volume24h: read.optional(read.amount, inSol(stats.volume24hr, 'volume24hr'), 'volume24hr'),
  })
}

function inSol(lamports: unknown, at: string): number | undefined {
  const amount = read.optional(read.number, lamports, at)
  return amount === undefined ? undefined : amount / LAMPORTS
}
