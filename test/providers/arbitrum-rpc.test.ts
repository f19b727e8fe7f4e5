import { describe, it } from 'vitest'
import { arbitrumRpc } from '../../src/providers/arbitrum-rpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  arbitrumRpc,
  {
    answers: [...evmAnswers('eip155:42161', 'https://arb1.arbitrum.io/rpc')],
    unknown: unknownTransaction,
    errors: [...evmErrors],
  },
  { describe, it },
)
