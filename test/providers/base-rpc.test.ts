import { describe, it } from 'vitest'
import { baseRpc } from '../../src/providers/base-rpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  baseRpc,
  {
    answers: [...evmAnswers('eip155:8453', 'https://mainnet.base.org/')],
    unknown: unknownTransaction,
    errors: [...evmErrors, { says: 'too many requests, in its words', body: error(-32_016, 'over rate limit'), reason: 'rate-limited' }],
  },
  { describe, it },
)
