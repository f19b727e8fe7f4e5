import { expect, test } from 'vitest'
import { explain } from '../../src/cli/explain.js'
import { AllProvidersFailedError, AmbiguousAssetError, NoProviderError, ProviderError } from '../../src/errors.js'
import type { FailureReason } from '../../src/model/result.js'

const failed = (...reasons: FailureReason[]): AllProvidersFailedError =>
  new AllProvidersFailedError(
    'ticker',
    reasons.map((reason, index) => new ProviderError({ provider: `p${index}`, reason })),
    [{ provider: 'p0', outcome: 'failed', latencyMs: 5 }],
  )

test.each([
  [['not-found', 'not-found'], 'check the symbol'],
  [['timeout'], 'allow more time with --timeout'],
  [['network', 'timeout'], 'check the network'],
  [['rate-limited'], 'wait'],
  [['unauthorized', 'timeout'], 'set FEEDMUX_P0_API_KEY to a valid key'],
  [['bad-response', 'timeout'], 'try again'],
] as const)('%j is told in one line with each provider and what to do', (reasons, remedy) => {
  const text = explain(failed(...reasons))
  expect(text).not.toContain('\n')
  for (const [index, reason] of reasons.entries()) expect(text).toContain(`p${index} ${reason}`)
  expect(text).toContain(`; ${remedy}`)
})

test('what everybody calls a wrong question is told in the words of the first', () => {
  const error = new ProviderError({ provider: 'computed-indicators', reason: 'bad-request', message: "'nope' is none: choose rsi, macd" })
  expect(explain(new AllProvidersFailedError('indicators', [error], []))).toMatch(/; .*'nope' is none: choose rsi, macd$/)
})

test('what could not be computed is told with what was lacking', () => {
  const error = new ProviderError({ provider: 'drift', reason: 'circuit-open', message: 'no candles of BTC/USD 1d: kraken: network' })
  expect(explain(new AllProvidersFailedError('forecast', [error], []))).toMatch(/drift circuit-open; drift: no candles of BTC\/USD 1d: kraken: network$/)
})

test('the status and the time to wait are told', () => {
  const error = new ProviderError({ provider: 'kraken', reason: 'rate-limited', status: 429, retryAfterMs: 120_000 })
  expect(explain(new AllProvidersFailedError('ticker', [error], []))).toContain('kraken rate-limited (HTTP 429, again in 2 min)')
})

test('who was passed over is told with the reason and when to come back', () => {
  const text = explain(new NoProviderError('ticker', [{ provider: 'kraken', reason: 'rate-limited' }], 5_000))
  expect(text).toContain('kraken rate-limited; try again in 5 s')
  expect(explain(new NoProviderError('ticker', [{ provider: 'opensea', reason: 'key-missing' }]))).toContain('opensea key-missing; set FEEDMUX_OPENSEA_API_KEY')
  expect(explain(new NoProviderError('ticker', [{ provider: 'gecko', reason: 'unknown-asset' }]))).toContain('; check the symbol')
  expect(explain(new NoProviderError('ticker', [{ provider: 'kraken', reason: 'unsupported' }]))).toContain("see 'feedmux providers'")
  expect(explain(new NoProviderError('news', []))).toContain("see 'feedmux providers'")
})

test('an asset with several meanings is told with its names', () => {
  const text = explain(
    new AmbiguousAssetError('X', [
      { name: 'One', ids: {} },
      { name: 'Two', ids: {} },
    ]),
  )
  expect(text).toContain('X can mean One or Two')
})

test('only the first line of any other error is told, and something where there is none', () => {
  expect(explain(new Error('first\nsecond'))).toBe('first')
  expect(explain('plain')).toBe('plain')
  expect(explain(new Error(''))).toContain('no reason')
})
