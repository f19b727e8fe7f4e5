import type { FailureReason } from '../errors.js'
import { accountOf, SOLANA } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import { resultOf, type RpcCall, rpcFailure, rpcRequests } from '../provider/chain/json-rpc.js'
import type { HttpRequest, Provider, ProviderOptions } from '../provider/provider.js'
import { balanceOf, transferOf, wholeOf } from './solana-rpc.rows.js'

// Seen by the votes of two thirds; some seconds ahead of what is final.
const COMMITMENT = { commitment: 'confirmed' }

/**
 * A public node of Solana's main network. No key. Blocks are counted by slot, which is how Solana finds them: slots without a block count too.
 * Gas prices are none: what is paid for speed there is no price per unit that all transactions share.
 */
export function solanaRpc(options: ProviderOptions = {}): Provider<'balance' | 'transaction' | 'blockNumber'> {
  return defineProvider<'balance' | 'transaction' | 'blockNumber'>(
    {
      id: 'solana-rpc',
      name: 'Solana public RPC',
      homepage: 'https://solana.com',
      docs: 'https://solana.com/docs/references/clusters',
      verifiedOn: '2026-11-21',
      hosts: ['https://api.mainnet-beta.solana.com'],
      limits: [{ requests: 40, perMs: 10_000, scope: 'ip' }], // of one method; 100 of all
      probe: { capability: 'blockNumber', params: { chain: SOLANA } },
      endpoints: {
        balance: {
          supports: ({ account }) => accountOf(account).chain === SOLANA,
          request: ({ account }) => call({ method: 'getBalance', params: [accountOf(account).address, COMMITMENT] }),
          parse: (body, { account }) => balanceOf(resultOf(body), account),
        },
        transaction: {
          supports: ({ chain }) => chain === SOLANA,
          request: ({ hash }) =>
            call({ method: 'getTransaction', params: [hash, { encoding: 'jsonParsed', maxSupportedTransactionVersion: 0, ...COMMITMENT }] }),
          parse: (body, params) => transferOf(resultOf(body), params),
        },
        blockNumber: {
          supports: ({ chain }) => chain === SOLANA,
          request: () => call({ method: 'getSlot', params: [COMMITMENT] }),
          parse: (body) => ({ number: wholeOf(resultOf(body), 'slot') }),
        },
      },
      failure: (response, asked) => rpcFailure(response, asked, CODES),
    },
    options,
  )
}

const call = (one: RpcCall): readonly HttpRequest[] => rpcRequests([one])

/** Solana's own meanings (`rpc-client-api/src/custom_error.rs` of Agave). */
const CODES: Readonly<Record<string, FailureReason>> = {
  '-32004': 'unavailable', // the block is not there yet
  '-32005': 'unavailable', // the node is behind
  '-32011': 'unavailable', // this node keeps no history
  '-32014': 'unavailable', // the block's status is not there yet
  '-32016': 'unavailable', // the node is behind what was asked for
}
