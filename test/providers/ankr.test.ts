import { describe, it } from 'vitest'
import { ankr } from '../../src/providers/ankr.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  ankr,
  {
    answers: [...evmAnswers('eip155:1', 'https://rpc.ankr.com/eth/{key}'), ...evmAnswers('eip155:100', 'https://rpc.ankr.com/gnosis/{key}', 'XDAI')],
    unknown: unknownTransaction,
    errors: [
      ...evmErrors,
      { says: 'its limit, inside a 200', body: error(-32_090, 'call rate limit exhausted, retry in 10s'), reason: 'rate-limited' },
      { says: 'a key that it does not take', status: 403, body: error(-32_000, 'API key is not allowed to access blockchain'), reason: 'unauthorized' },
    ],
  },
  { describe, it },
)
