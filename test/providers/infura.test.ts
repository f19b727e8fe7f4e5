import { describe, it } from 'vitest'
import { infura } from '../../src/providers/infura.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  infura,
  {
    answers: [
      ...evmAnswers('eip155:1', 'https://mainnet.infura.io/v3/{key}'),
      ...evmAnswers('eip155:137', 'https://polygon-mainnet.infura.io/v3/{key}', 'POL'),
    ],
    unknown: unknownTransaction,
    errors: [
      ...evmErrors,
      {
        says: 'credits of the day that are used up',
        status: 402,
        body: error(402, 'Payment Required', { details: 'You have reached your daily credit limit.' }),
        reason: 'quota-exhausted',
      },
      {
        says: 'a limit that the user set, inside a 200',
        body: error(-33_300, 'Refused', { details: 'You have surpassed your user-defined key throughput limit setting.' }),
        reason: 'rate-limited',
      },
      { says: 'a key that it does not know', status: 401, body: 'invalid project id', reason: 'unauthorized' },
    ],
  },
  { describe, it },
)
