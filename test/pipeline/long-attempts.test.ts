import { describe, expect, it } from 'vitest'
import { defineProvider } from '../../src/provider/define-provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock } from '../../src/testing/index.js'

const chain = 'eip155:1'

/** A provider that answers after so long. */
const slow = (ms: number, timeoutMs: number | undefined, clock: ReturnType<typeof fakeClock>) =>
  defineProvider<'blockNumber'>({
    id: 'slow',
    name: 'Slow',
    homepage: 'https://x.example',
    docs: 'https://x.example',
    endpoints: {
      blockNumber: {
        ...(timeoutMs !== undefined && { timeoutMs }),
        call: () => new Promise((resolve) => void clock.setTimeout(() => resolve({ number: 7 }), ms)),
      },
    },
  })

const asked = async (ms: number, own: number | undefined, options: { timeoutMs?: number; totalTimeoutMs?: number }): Promise<string> => {
  const clock = fakeClock(Date.UTC(2026, 10, 1))
  const router = new ProviderRouter({ providers: [slow(ms, own, clock)], clock, retries: 0, ...options })
  const answer = router.request('blockNumber', { chain }).then(
    ({ data }) => String(data.number),
    (error: { failures: { reason: string }[] }) => error.failures[0]?.reason ?? '',
  )
  await clock.advance(60_000)
  return answer
}

describe('an endpoint that is slow by nature', () => {
  it('has its own time, as far as the request has it', async () => {
    expect(await asked(8_000, undefined, { totalTimeoutMs: 30_000 })).toBe('timeout')
    expect(await asked(8_000, 20_000, { totalTimeoutMs: 30_000 })).toBe('7')
    expect(await asked(8_000, 20_000, {})).toBe('7')
    expect(await asked(12_000, 20_000, {})).toBe('timeout')
  })

  it('has no more than others where the caller is impatient, or more patient', async () => {
    expect(await asked(800, 20_000, { timeoutMs: 500 })).toBe('timeout')
    expect(await asked(25_000, 20_000, { timeoutMs: 30_000, totalTimeoutMs: 40_000 })).toBe('7')
  })
})
