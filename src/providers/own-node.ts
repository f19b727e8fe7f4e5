import { ConfigError } from '../errors.js'
import { evmNode, type NodeCapability } from '../provider/chain/evm-node.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

/** What `ownNode` takes. */
export interface OwnNodeOptions extends Omit<ProviderOptions, 'hosts' | 'plan'> {
  /** The chain that the node is of, by its CAIP-2 id: `eip155:1`. */
  readonly chain?: string | undefined
  /** Where it takes JSON-RPC, an http(s) URL without credentials and query: `http://localhost:8545`. Where `{key}` stands in it, `apiKey` goes. */
  readonly url?: string | undefined
  /** Names it where there are several. @default 'own-node' */
  readonly id?: string | undefined
}

/**
 * Any node of an EVM chain that is the user's own, or that has no provider here. Each question also asks for the node's chain: one of
 * another chain is a bad response. Off without `chain` and `url`. Throws `ConfigError` where only one is given or they can't be right.
 */
export function ownNode({ chain, url, id = 'own-node', ...options }: OwnNodeOptions = {}): Provider<NodeCapability> {
  if ((chain === undefined) !== (url === undefined))
    throw new ConfigError(`${id}: chain and url go together, ${chain === undefined ? 'chain' : 'url'} is missing`)
  // not repeated: what is wrong with it may be a password
  if (url !== undefined && (!URL.canParse(url) || !/^https?:\/\/[^\s?#@]+$/.test(url)))
    throw new ConfigError(`${id}: url must be an http(s) URL without credentials and query; a key goes into apiKey, with {key} in its place`)
  return evmNode(
    {
      id,
      name: 'Own node',
      homepage: 'https://ethereum.org/developers/docs/nodes-and-clients/',
      docs: 'https://ethereum.github.io/execution-apis/',
      ...(url?.includes('{key}') && { key: { required: true, in: 'path', name: 'key' } as const }),
      limits: [{ requests: 100, perMs: 1_000, scope: 'ip' }], // whoever runs it knows better
      chains: new Map(chain !== undefined && url !== undefined ? [[chain, url]] : []),
      asksChain: true,
    },
    { ...options, chain },
  )
}
