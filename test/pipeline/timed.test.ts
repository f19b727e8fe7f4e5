import { describe, expect, it } from 'vitest'
import type { Env } from '../../src/pipeline/env.js'
import { type Control, timed } from '../../src/pipeline/timed.js'
import { fakeClock } from '../../src/testing/index.js'

const never = (): Promise<never> => new Promise(() => undefined)

function setUp() {
  const clock = fakeClock()
  const caller = new AbortController()
  return { clock, caller, env: { clock } as unknown as Env }
}

describe('work with a time limit', () => {
  it('gives its value and leaves no timer', async () => {
    const { clock, env } = setUp()
    expect(await timed(env, 100, undefined, async () => 'done')).toBe('done')
    expect(clock.pending).toBe(0)
  })

  it('is ended at its limit, and its signal says so', async () => {
    const { clock, env } = setUp()
    let signal: AbortSignal | undefined
    const result = timed(env, 100, undefined, (control) => {
      ;({ signal } = control)
      return never()
    })
    await clock.advance(99)
    expect(signal?.aborted).toBe(false)
    await clock.advance(1)
    expect(await result).toBe('timeout')
    expect([signal?.aborted, (signal?.reason as DOMException | undefined)?.name, clock.pending]).toEqual([true, 'TimeoutError', 0])
  })

  it("is ended at once by the caller, with the caller's reason", async () => {
    const { clock, caller, env } = setUp()
    let control: Control | undefined
    const result = timed(env, 100, caller.signal, (given) => {
      control = given
      return never()
    })
    caller.abort('why')
    expect(await result).toBe('aborted')
    expect([control?.signal.aborted, control?.signal.reason, clock.pending]).toEqual([true, 'why', 0])
  })

  it('is not begun for a caller who left', async () => {
    const { caller, env } = setUp()
    caller.abort()
    let begun = false
    const work = async (): Promise<void> => void (begun = true)
    expect(await timed(env, 100, caller.signal, work)).toBe('aborted')
    expect(begun).toBe(false)
  })

  it('rejects with its own error, and leaves no timer, whether it throws late or at once', async () => {
    const { clock, caller, env } = setUp()
    const late = async (): Promise<never> => {
      await Promise.resolve()
      throw new Error('late')
    }
    const atOnce = (): never => {
      throw new Error('at once')
    }
    await expect(timed(env, 100, caller.signal, late)).rejects.toThrow('late')
    await expect(timed(env, 100, caller.signal, atOnce)).rejects.toThrow('at once')
    expect(clock.pending).toBe(0)
  })

  it('that ends later than its limit changes nothing any more', async () => {
    const { clock, env } = setUp()
    const result = timed(env, 100, undefined, () => new Promise((_, reject) => clock.setTimeout(() => reject(new Error('late')), 200)))
    await clock.advance(300)
    expect(await result).toBe('timeout')
  })

  it('needs no timer without a limit', async () => {
    const { clock, env } = setUp()
    const result = timed(env, Infinity, undefined, async () => clock.pending)
    expect(await result).toBe(0)
  })
})
