import { expect, it } from 'vitest'
import { OUTCOMES } from '../../src/pipeline/outcomes.js'

/** Same provider again, next provider, breaker, rest, remembered: the table of docs/errors.md by hand. */
const TABLE = {
  'not-found': 'no next none none remember',
  'bad-request': 'no next none none -',
  unauthorized: 'no next none unauthorized -',
  'quota-exhausted': 'no next none quota -',
  'rate-limited': 'short-wait next none ladder -',
  'geo-blocked': 'no next none region -',
  network: 'yes next failure none -',
  timeout: 'no next failure none -',
  unavailable: 'yes next failure told -',
  'bad-response': 'no next drift none -',
  'cold-start': 'no next none told -',
  'circuit-open': 'no next none none -',
  aborted: 'no stop none none -',
}

it('what follows each failure is what the table says', () => {
  const rows = Object.entries(OUTCOMES).map(([reason, { again, next, breaker, rest, remember }]) => [
    reason,
    `${again} ${next ? 'next' : 'stop'} ${breaker} ${rest} ${remember ? 'remember' : '-'}`,
  ])
  expect(Object.fromEntries(rows)).toEqual(TABLE)
})
