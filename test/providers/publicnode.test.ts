import { describe, it } from 'vitest'
import { publicnode } from '../../src/providers/publicnode.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  publicnode,
  {
    answers: [
      ...evmAnswers('eip155:1', 'https://ethereum-rpc.publicnode.com/'),
      ...evmAnswers('eip155:56', 'https://bsc-rpc.publicnode.com/', 'BNB'),
      ...evmAnswers('eip155:8453', 'https://base-rpc.publicnode.com/'),
    ],
    unknown: unknownTransaction,
    errors: [...evmErrors, { says: 'a block that it has no state of', body: error(-32_002, 'No state available for block 0x12'), reason: 'unavailable' }],
  },
  { describe, it },
)
