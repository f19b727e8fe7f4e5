import { describe, it } from 'vitest'
import { oneRpc } from '../../src/providers/one-rpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  oneRpc,
  {
    answers: [...evmAnswers('eip155:1', 'https://public.1rpc.io/eth'), ...evmAnswers('eip155:43114', 'https://public.1rpc.io/avax/c', 'AVAX')],
    unknown: unknownTransaction,
    errors: [...evmErrors],
  },
  { describe, it },
)
