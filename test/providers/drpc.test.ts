import { describe, it } from 'vitest'
import { drpc } from '../../src/providers/drpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  drpc,
  {
    answers: [...evmAnswers('eip155:1', 'https://eth.drpc.org/'), ...evmAnswers('eip155:43114', 'https://avalanche.drpc.org/', 'AVAX')],
    unknown: unknownTransaction,
    errors: [
      ...evmErrors,
      {
        says: 'its limit, inside a 200',
        body: error(15, 'You reached Public endpoint rate limit, please upgrade to paid plan'),
        reason: 'rate-limited',
      },
      { says: 'the end of its patience, inside a 200', body: error(30, 'Request timeout on the free tier, please upgrade your tier'), reason: 'timeout' },
      { says: 'no node for it, with a 400', status: 400, body: error(12, "Can't route your request to suitable provider"), reason: 'unavailable' },
      { says: 'trouble inside, with a 200', body: error(19, 'Temporary internal error. Please retry'), reason: 'unavailable' },
      { says: 'units that are used up', status: 402, body: error(12, 'payment required'), reason: 'quota-exhausted' },
    ],
  },
  { describe, it },
)
