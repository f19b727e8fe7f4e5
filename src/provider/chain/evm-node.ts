import { BadResponseError, ConfigError } from '../../errors.js'
import type { DataOf, ParamsOf } from '../../model/capabilities.js'
import { accountOf, evmChainOf } from './accounts.js'
import { defineProvider } from '../define-provider.js'
import { gasPriceOf, TIP_PERCENTILES } from './evm-gas.js'
import { quantity, smallQuantity, transactionOf, weiBalance } from './evm-rows.js'
import { resultOf, type RpcCall, rpcFailure, rpcRequests } from './json-rpc.js'
import type { HttpEndpoint, Provider, ProviderFacts, ProviderOptions } from '../provider.js'
import { read } from '../read.js'

/** What a node of an EVM chain is asked. */
export type NodeCapability = 'gasPrice' | 'balance' | 'transaction' | 'blockNumber'

/** A service that runs nodes of EVM chains. */
export interface NodeFacts extends Omit<ProviderFacts, 'hosts'> {
  /** Base URL by CAIP-2 id, the one for health checks first. Empty where each user has an address of his own. */
  readonly chains: ReadonlyMap<string, string>
  /** What stands after each base URL: where the key goes. @default '' */
  readonly path?: string
  /** What a question costs, in units of the cost limit. */
  readonly costs?: Readonly<Record<NodeCapability, number>>
  /** Whether each question also asks which chain the node is of: for an address that a user gives. @default false */
  readonly asksChain?: boolean
}

/** What the factory of a service of nodes takes. */
export interface NodeOptions extends ProviderOptions {
  /**
   * Serve this chain alone (CAIP-2, `eip155:1`). With `hosts` it says which chain they are of: the address of a node does not tell, and a
   * node of another chain answers just as readily.
   * @default all its chains, with `hosts` the first of them
   */
  readonly chain?: string | undefined
}

/** A provider over the JSON-RPC of Ethereum's nodes, one base URL per chain. Off where it has no address. */
export function evmNode({ chains, path = '', costs, asksChain = false, ...facts }: NodeFacts, { chain, ...options }: NodeOptions): Provider<NodeCapability> {
  const places = placesOf(facts.id, chains, path, chain, options.hosts)
  const [[first, place] = []] = places
  const endpoint = <C extends NodeCapability>(capability: C): HttpEndpoint<C> => ({
    ...endpointOf(QUESTIONS[capability], places, asksChain),
    ...(costs && { cost: costs[capability] }),
  })
  const provider = defineProvider<NodeCapability>(
    {
      ...facts,
      ...(place?.host !== undefined && { hosts: [place.host] }),
      ...(first !== undefined && { probe: { capability: 'blockNumber', params: { chain: first } } }),
      endpoints: {
        gasPrice: endpoint('gasPrice'),
        balance: endpoint('balance'),
        transaction: endpoint('transaction'),
        blockNumber: endpoint('blockNumber'),
      },
      failure: rpcFailure,
    },
    options,
  )
  return places.size === 0 ? { ...provider, enabled: false } : provider
}

/** Calls that answer a question, sent at the same time, and what their results say together. */
interface Question<C extends NodeCapability> {
  readonly chainOf: (params: ParamsOf<C>) => string
  readonly calls: readonly ((params: ParamsOf<C>) => RpcCall)[]
  readonly parse: (results: readonly unknown[], params: ParamsOf<C>) => DataOf<C>
}

/** Blocks whose tips are looked at; in hexadecimal, which all nodes take. */
const BLOCKS = '0x5'

const QUESTIONS: { readonly [C in NodeCapability]: Question<C> } = {
  gasPrice: {
    chainOf: ({ chain }) => chain,
    calls: [
      () => ({ method: 'eth_feeHistory', params: [BLOCKS, 'latest', TIP_PERCENTILES], optional: true }),
      () => ({ method: 'eth_gasPrice', optional: true }),
    ],
    parse: ([history, price], { chain }) => gasPriceOf(history, price, chain),
  },
  balance: {
    chainOf: ({ account }) => accountOf(account).chain,
    calls: [({ account }) => ({ method: 'eth_getBalance', params: [accountOf(account).address, 'latest'] })],
    parse: ([wei], { account }) => weiBalance(quantity(wei, 'balance'), account),
  },
  transaction: {
    chainOf: ({ chain }) => chain,
    calls: [
      ({ hash }) => ({ method: 'eth_getTransactionByHash', params: [hash] }),
      ({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash], optional: true }),
    ],
    // newer nodes give the block's time with the transaction; no third request is made for it
    parse: ([transaction, receipt], params) => transactionOf(transaction, receipt, params),
  },
  blockNumber: {
    chainOf: ({ chain }) => chain,
    calls: [() => ({ method: 'eth_blockNumber' })],
    parse: ([number]) => ({ number: smallQuantity(number, 'blockNumber') }),
  },
}

const CHAIN_ID: RpcCall = { method: 'eth_chainId', optional: true }

function endpointOf<C extends NodeCapability>({ chainOf, calls, parse }: Question<C>, places: Places, asksChain: boolean): HttpEndpoint<C> {
  const count = calls.length + (asksChain ? 1 : 0)
  return {
    ...(count > 1 && { calls: count }),
    supports: (params) => places.has(chainOf(params)),
    request: (params) => {
      const { host, path = '' } = places.get(chainOf(params)) ?? {}
      const made = calls.map((callOf) => callOf(params))
      return rpcRequests(asksChain ? [...made, CHAIN_ID] : made, path, host)
    },
    parse: (body, params) => {
      const results = (count > 1 ? read.array(body, 'answers') : [body]).map((one) => (one === undefined ? undefined : resultOf(one)))
      if (asksChain) checkChain(results[calls.length], chainOf(params))
      return parse(results, params)
    },
  }
}

function checkChain(id: unknown, chain: string): void {
  if (id === undefined || quantity(id, 'chainId') === BigInt(evmChainOf(chain) ?? 0)) return
  throw new BadResponseError(`chainId: a node of ${chain} expected, got one of another chain`)
}

/** Where the node of a chain is asked; without a host of its own, at the provider's. */
interface Place {
  readonly host?: string
  readonly path: string
}
type Places = ReadonlyMap<string, Place>

function placesOf(id: string, chains: ReadonlyMap<string, string>, path: string, only: string | undefined, hosts: readonly string[] | undefined): Places {
  if (only !== undefined && evmChainOf(only) === undefined)
    throw new ConfigError(`${id}: chain must be the CAIP-2 id of an EVM chain, such as eip155:1, got '${only}'`)
  if (hosts !== undefined) return new Map([[only ?? [...chains.keys()][0] ?? 'eip155:1', { path }]])
  if (only !== undefined && chains.size > 0 && !chains.has(only)) throw new ConfigError(`${id}: no chain '${only}', choose ${[...chains.keys()].join(' or ')}`)
  const served = [...chains].filter(([chain]) => only === undefined || chain === only)
  return new Map(served.map(([chain, url]) => [chain, placeOf(path === '' ? url : `${url}/${path}`)]))
}

/** Base URL and path: a base URL alone would get a slash behind it, where some servers have nothing. */
function placeOf(url: string): Place {
  const [, host = url, path = ''] = /^(https?:\/\/[^/]+)\/?(.*)$/.exec(url) ?? []
  return { host, path }
}
