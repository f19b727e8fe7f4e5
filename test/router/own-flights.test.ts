import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const symbol = 'BTC/USD'

/** A provider whose answers are used again, and come when they are told to. */
function slow() {
  const calls: { context: CallContext; answer: () => void }[] = []
  const provider = fakeProvider('a', {
    reuseMs: 60_000,
    answers: {
      ticker: (_, context) => new Promise((resolve) => calls.push({ context, answer: () => resolve({ symbol, base: 'BTC', quote: 'USD', last: 7 }) })),
    },
  })
  const clock = fakeClock(Date.UTC(2026, 10, 1))
  const router: ProviderRouter = new ProviderRouter({ providers: [provider], cache: false, clock, retries: 0 })
  const ask = (options: object) =>
    router.request('ticker', { symbol }, options).then(
      ({ data }) => data.last,
      (error: Error) => error.message,
    )
  return { router, clock, calls, ask }
}

describe("a provider's answer on its way", () => {
  it('comes for those who wait for it though the one who asked first has gone', async () => {
    const { router, clock, calls, ask } = slow()
    const [one, other] = [new AbortController(), new AbortController()]
    const first = ask({ signal: one.signal, only: ['a'] })
    await clock.advance(0)
    const second = ask({ signal: other.signal })
    await clock.advance(0)
    one.abort(new Error('enough'))
    expect(await first).toBe('enough')
    await clock.advance(0)
    expect(calls[0]?.context.signal.aborted).toBe(false)
    calls[0]?.answer()
    expect(await second).toBe(7)
    expect(calls).toHaveLength(1)
    expect(router.status().providers[0]).toMatchObject({ requests: 1, successes: 1, inFlight: 0 })
  })

  it('is ended when the last of them has gone', async () => {
    const { router, clock, calls, ask } = slow()
    const [one, other] = [new AbortController(), new AbortController()]
    const asked = [ask({ signal: one.signal, only: ['a'] }), ask({ signal: other.signal })]
    await clock.advance(0)
    expect(calls[0]?.context.signal.aborted).toBe(false)
    other.abort(new Error('not now'))
    one.abort(new Error('enough'))
    expect(await Promise.all(asked)).toEqual(['enough', 'not now'])
    await clock.advance(0)
    expect(calls[0]?.context.signal.aborted).toBe(true)
    expect(router.status().providers[0]).toMatchObject({ inFlight: 0, consecutiveFailures: 0 })
    const again = ask({})
    await clock.advance(0)
    calls[1]?.answer()
    expect(await again).toBe(7)
  })

  it('is new also for one who takes nothing that was kept', async () => {
    const { clock, calls, ask } = slow()
    const first = ask({})
    await clock.advance(0)
    const second = ask({ maxAgeMs: 0 })
    await clock.advance(0)
    calls[0]?.answer()
    expect(await Promise.all([first, second])).toEqual([7, 7])
    expect(calls).toHaveLength(1)
  })
})
