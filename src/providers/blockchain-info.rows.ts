import type { ParamsOf } from '../model/capabilities.js'
import type { Transaction } from '../model/chain.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { transferOf } from '../provider/chain/bitcoin.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** A transaction; `time` is that of its block or, without one, when it was first seen. */
export function transactionOf(body: unknown, asked: ParamsOf<'transaction'>): Transaction {
  const tx = read.object(body, 'tx')
  const blockNumber = read.optional(heightOf, tx.block_height, 'block_height')
  return transferOf(
    {
      hash: read.string(tx.hash, 'hash'),
      inputs: rowsOf(tx.inputs, 'inputs').map(({ prev_out }) => ({ address: placeOf(read.optional(read.object, prev_out, 'prev_out')) })),
      outputs: rowsOf(tx.out, 'out').map((out) => ({ address: read.optional(read.string, out.addr, 'addr'), satoshi: baseUnits(out.value, 'value') })),
      fee: read.optional(baseUnits, tx.fee, 'fee'),
      blockNumber,
      at: blockNumber === undefined ? undefined : read.optional(read.seconds, tx.time, 'time'),
    },
    asked,
  )
}

/** Nothing of new coins, which come out of no output: their `prev_out` is missing, or has neither address nor script. */
const placeOf = ({ addr, script }: Row = {}): string | undefined => read.optional(read.string, addr, 'addr') ?? read.optional(read.string, script, 'script')
