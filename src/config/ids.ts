import { ABSENT_PROVIDERS } from '../provider/retired.js'
import { poolId } from '../router/pool-options.js'
import { factories } from './registry.js'

/** Ids of other systems whose new form is not the same in kebab case. */
const RENAMED: Readonly<Record<string, string>> = {
  'alchemy-eth': 'alchemy',
  'alchemy-eth-mainnet': 'alchemy',
  'ankr-eth': 'ankr',
  'blockscout-eth': 'blockscout',
  'blockscout-ethereum': 'blockscout',
  'bscscan-primary': 'bscscan',
  'drpc-eth': 'drpc',
  'etherscan-primary': 'etherscan',
  'etherscan-secondary': 'etherscan',
  gateio: 'gate-io',
  huobi: 'htx',
  'huggingface-cryptobert': 'hugging-face',
  'infura-eth': 'infura',
  'infura-eth-mainnet': 'infura',
  'one-rpc-eth': 'one-rpc',
  'publicnode-eth': 'publicnode',
  'publicnode-eth-mainnet': 'publicnode',
  'quicknode-eth': 'quicknode',
  'reddit-crypto': 'reddit',
}

/** The id that something has here: `alternative_me` → `alternative-me`, `huobi` → `htx`. */
export function newId(id: string): string {
  const kebab = id
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s.]+/g, '-')
  return Object.hasOwn(RENAMED, kebab) ? (RENAMED[kebab] ?? kebab) : kebab
}

/** Ids that others have for it, the forms with underscores among them. */
export function oldIdsOf(id: string): string[] {
  const renamed = Object.keys(RENAMED).filter((old) => RENAMED[old] === id)
  const snake = [id, ...renamed].filter((one) => one.includes('-')).map((one) => one.replaceAll('-', '_'))
  return [...new Set([...renamed, ...snake])]
}

/** Id of a pool: its own, or made from its name. */
export const poolIdOf = ({ id, name = '' }: { readonly id?: string | undefined; readonly name?: string | undefined }): string => poolId(id ?? name)

/** All ids that mean something here: of providers and of services without one. */
export const knownIds = (): string[] => [...factories.keys(), ...Object.keys(ABSENT_PROVIDERS)]
