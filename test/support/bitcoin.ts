import { BITCOIN } from '../../src/provider/chain/accounts.js'

/** Made up: what the tests of explorers of Bitcoin ask for. */
export const HASH = '1f'.repeat(32)
/** A chain and that hash. */
export const ASKED = { chain: BITCOIN, hash: HASH }
/** Addresses without owners. */
export const [ALICE, BOB] = ['bc1qalice00000000000000000000000000000000', '3Bob000000000000000000000000000000'] as const
/** An account. */
export const ACCOUNT = { account: `${BITCOIN}:${ALICE}` }
/** When its block was found, in Unix seconds. */
export const STAMP = 1_793_530_000
/** What a confirmed transfer of 150,000 satoshi from Alice to Bob, 400 paid for it, is read as. */
export const TRANSFER = {
  ...ASKED,
  from: ALICE,
  to: BOB,
  amount: '150000',
  decimals: 8,
  blockNumber: 921_000,
  at: STAMP * 1_000,
  status: 'success',
  fee: '400',
}
