import type { NftCollection } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

type Params = { readonly chain: string; readonly contract: string } | { readonly slug: string }

// Its names of EVM chains, by CAIP-2.
const CHAINS = new Map([
  ['eip155:1', 'ETHEREUM'],
  ['eip155:137', 'POLYGON'],
  ['eip155:324', 'ZKSYNC'],
  ['eip155:1329', 'SEI'],
  ['eip155:2741', 'ABSTRACT'],
  ['eip155:5000', 'MANTLE'],
  ['eip155:8453', 'BASE'],
  ['eip155:42161', 'ARBITRUM'],
  ['eip155:42220', 'CELO'],
  ['eip155:80094', 'BERACHAIN'],
])

/** NFT collections of Rarible, by chain and contract, or by its own id as slug (`ETHEREUM:0x…`). A key is needed. It tells no volume of 24 h. */
export function rarible(options: ProviderOptions = {}): Provider<'nftCollection'> {
  return defineProvider<'nftCollection'>(
    {
      id: 'rarible',
      name: 'Rarible',
      homepage: 'https://rarible.com',
      docs: 'https://docs.rarible.org',
      hosts: ['https://api.rarible.org/v0.1'],
      key: { required: true, in: 'header', name: 'x-api-key' },
      // A polite one: what a key allows is unverified.
      limits: [{ requests: 60, perMs: 60_000, scope: 'key' }],
      probe: { capability: 'nftCollection', params: { chain: 'eip155:1', contract: '0xb47e3cd837ddf8e4c57f05d70ab865de6e193bbb' } },
      endpoints: {
        nftCollection: {
          calls: 2,
          supports: (params) => idOf(params) !== undefined,
          request: (params) => {
            const id = encodeURIComponent(idOf(params) ?? '')
            // not `stats`, whose plain numbers say nothing of their currency
            return [{ path: `data/collections/${id}/statistics` }, { path: `collections/${id}`, optional: true }]
          },
          parse: (bodies, params) => collectionOf(bodies, idOf(params) ?? ''),
        },
      },
      failure: ({ body }) => failureOf(body),
    },
    options,
  )
}

/** `ETHEREUM:0x…`, the address in lower case; nothing for what it cannot be asked for. */
function idOf(params: Params): string | undefined {
  if ('slug' in params) return /^[A-Z0-9]+:\w+$/.test(params.slug) ? params.slug : undefined
  const chain = CHAINS.get(params.chain)
  return chain === undefined ? undefined : `${chain}:${params.contract.toLowerCase()}`
}

/** Amounts come in several currencies, each a list of them; `volume` is that of all time. */
function collectionOf(bodies: unknown, id: string): NftCollection {
  const [answer, about] = read.array(bodies, 'answers')
  const stats = read.object(answer, 'stats')
  const floors = rowsOf(stats.floorPrice, 'floorPrice')
  const native = floors.find(({ currency }) => read.string(currency, 'currency') !== 'USD')
  const { name } = read.optional(read.object, about, 'collection') ?? {}
  return known<NftCollection>({
    id,
    name: read.optional(read.string, name, 'name') ?? id,
    floorPrice: read.positiveOrNone(native?.value, 'floorPrice'),
    floorPriceSymbol: native && read.string(native.currency, 'currency').toUpperCase(),
    floorPriceUsd: dollarsIn(floors, 'floorPrice'),
    owners: read.positiveOrNone(stats.owners, 'owners'),
    supply: read.positiveOrNone(stats.items, 'items'),
    marketCapUsd: dollarsIn(rowsOf(stats.marketCap, 'marketCap'), 'marketCap'),
  })
}

const dollarsIn = (amounts: readonly Row[], at: string): number | undefined =>
  read.positiveOrNone(amounts.find(({ currency }) => currency === 'USD')?.value, at)

/** `{code, message}`; an unknown collection also with a 400. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const { code, message } = membersOf(body)
  return code === 'NOT_FOUND' ? { reason: 'not-found', message: typeof message === 'string' ? message : undefined } : undefined
}
