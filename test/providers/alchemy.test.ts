import { describe, it } from 'vitest'
import { alchemy } from '../../src/providers/alchemy.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  alchemy,
  {
    answers: [
      ...evmAnswers('eip155:1', 'https://eth-mainnet.g.alchemy.com/v2/{key}'),
      ...evmAnswers('eip155:56', 'https://bnb-mainnet.g.alchemy.com/v2/{key}', 'BNB'),
    ],
    unknown: unknownTransaction,
    errors: [
      ...evmErrors,
      {
        says: 'units of the month that are used up',
        status: 429,
        body: error(429, 'Monthly capacity limit exceeded. Visit the dashboard to upgrade your scaling policy.'),
        reason: 'quota-exhausted',
      },
      {
        says: 'units of the second that are used up',
        status: 429,
        body: error(429, 'Your app has exceeded its compute units per second capacity.'),
        reason: 'rate-limited',
      },
      { says: 'a key that is missing', status: 401, body: error(-32_600, 'Must be authenticated!'), reason: 'unauthorized' },
    ],
  },
  { describe, it },
)
