import { describe, expect, it } from 'vitest'
import { quicknode } from '../../src/providers/quicknode.js'
import { describeProvider } from '../../src/testing/index.js'
import { error, evmAnswers, evmErrors, unknownTransaction } from '../support/evm-answers.js'

describeProvider(
  quicknode,
  {
    options: { hosts: ['https://quiet-lake.base-mainnet.quiknode.pro'], chain: 'eip155:8453' },
    answers: [...evmAnswers('eip155:8453', 'https://quiet-lake.base-mainnet.quiknode.pro/{key}')],
    unknown: unknownTransaction,
    errors: [
      ...evmErrors,
      {
        says: 'its limit, inside a 200',
        body: error(429, 'The requests per second (RPS) of your requests are higher than your plan allows.'),
        reason: 'rate-limited',
      },
      { says: 'its limit, in older words', body: error(-32_007, '15/second request limit reached - upgrade your account'), reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('quicknode', () => {
  it('is off until its endpoint is named', () => {
    expect(quicknode().enabled).toBe(false)
    expect(quicknode({ enabled: true, apiKey: 'token' }).enabled).toBe(false)
    expect(quicknode({ hosts: ['https://quiet-lake.quiknode.pro'] }).enabled).toBeUndefined()
  })
})
