/** A service that has no provider here. */
export interface AbsentProvider {
  /** Where the service itself is gone. `since` is left out where the day is not known. */
  readonly retired?: { readonly since?: string; readonly replacement: string }
  /** Why it has none, where it still exists. */
  readonly why?: string
  /** What to use in its place; left out where there is nothing alike. */
  readonly instead?: string
}

const nft = { replacement: 'opensea, coingecko or magic-eden' }
const scan = { since: '2025-08-15' }
const defi: AbsentProvider = { why: 'its own REST API is retired or no longer kept', instead: 'defillama, filtered by project' }
const node: AbsentProvider = { why: 'unreliable and delisted', instead: 'publicnode or drpc' }
const engine: AbsentProvider = { why: 'a query engine with a key, for a provider of your own', instead: 'etherscan or blockscout' }
const wallet: AbsentProvider = { why: 'made for wallets and swaps, with a key' }
const unverified: AbsentProvider = { why: 'unverified', instead: 'coinpaprika' }

/** Ids that one may come across elsewhere and that nobody can be asked by here. */
export const ABSENT_PROVIDERS: Readonly<Record<string, AbsentProvider>> = {
  '1inch': wallet,
  arbiscan: { retired: { ...scan, replacement: 'etherscan with chain 42161' } },
  beaconchain: { why: 'needs a key', instead: 'publicnode' },
  bitquery: engine,
  bscscan: { retired: { ...scan, replacement: 'publicnode for chain 56' } },
  'cloudflare-eth': node,
  compound: defi,
  covalent: engine,
  debank: wallet,
  dia: unverified,
  dune: engine,
  freecryptoapi: unverified,
  helius: { ...engine, instead: 'solana-rpc' },
  intotheblock: { why: 'no public API', instead: 'coinmetrics' },
  kaiko: { why: 'for enterprises only', instead: 'coinmetrics' },
  'llamanodes-eth': node,
  moralis: engine,
  nftport: { retired: nft },
  nomics: { retired: { since: '2023-03-31', replacement: 'coinpaprika or coinlore' } },
  'optimistic-etherscan': { retired: { ...scan, replacement: 'blockscout with chain 10' } },
  pancakeswap: defi,
  polygonscan: { retired: { ...scan, replacement: 'etherscan with chain 137' } },
  reservoir: { retired: { since: '2025-10-15', ...nft } },
  simplehash: { retired: nft },
  sushiswap: defi,
  tronscan: { why: 'needs a key', instead: 'trongrid' },
  'twitter-trends': { why: 'paid', instead: 'santiment' },
  'whale-alert': { why: 'paid' },
  yearn: defi,
  zerion: wallet,
}

/** Since when a service is retired and what replaces it, by the id that it had. */
export const retiredProvider = (id: string): AbsentProvider['retired'] => entryOf(id)?.retired

/** Why there is no provider of that id and what to use in its place, for a message: ` (retired on 2023-03-31, use …)`. Nothing where the id says nothing. */
export function whyAbsent(id: string): string {
  const { retired, why, instead = retired?.replacement } = entryOf(id) ?? {}
  const reason = retired ? `retired${retired.since ? ` on ${retired.since}` : ''}` : why
  return reason === undefined ? '' : ` (${reason}${instead ? `, use ${instead}` : ''})`
}

const entryOf = (id: string): AbsentProvider | undefined => (Object.hasOwn(ABSENT_PROVIDERS, id) ? ABSENT_PROVIDERS[id] : undefined)
