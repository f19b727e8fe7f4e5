import { ProviderError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { Transaction } from '../model/chain.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { transferOf } from '../provider/chain/bitcoin.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** A transaction, with the first of its inputs and outputs: it gives 20 of each. */
export function transactionOf(body: unknown, asked: ParamsOf<'transaction'>): Transaction {
  const tx = read.object(body, 'tx')
  const inBlock = read.number(tx.block_height, 'block_height') > 0 // -1 without one
  return transferOf(
    {
      hash: read.string(tx.hash, 'hash'),
      inputs: rowsOf(tx.inputs, 'inputs').map((input, index) => ({ address: index > 0 || isNew(input) ? addressIn(input) : senderOf(input) })),
      outputs: rowsOf(tx.outputs, 'outputs').map((output) => ({ address: addressIn(output), satoshi: baseUnits(output.value, 'value') })),
      fee: read.optional(baseUnits, tx.fees, 'fees'),
      ...(inBlock && { blockNumber: heightOf(tx.block_height, 'block_height'), at: read.optional(read.isoTime, tx.confirmed, 'confirmed') }),
    },
    asked,
  )
}

/** New coins come out of no output. */
const isNew = ({ output_index }: Row): boolean => output_index === -1

/** Another provider tells it where this one cannot. */
function senderOf(input: Row): string {
  const address = addressIn(input)
  if (address === undefined) throw new ProviderError({ provider: 'blockcypher', reason: 'bad-request', message: 'does not tell whose coins this spends' })
  return address
}

/** None of scripts that it cannot read. */
const addressIn = ({ addresses }: Row): string | undefined => {
  const [first] = read.optional(read.array, addresses, 'addresses') ?? []
  return read.optional(read.string, first, 'addresses')
}
