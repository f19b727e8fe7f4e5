import { describe, it } from 'vitest'
import { optimismRpc } from '../../src/providers/optimism-rpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  optimismRpc,
  {
    answers: [...evmAnswers('eip155:10', 'https://mainnet.optimism.io/')],
    unknown: unknownTransaction,
    errors: [...evmErrors],
  },
  { describe, it },
)
