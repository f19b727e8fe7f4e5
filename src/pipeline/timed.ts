import type { Env } from './env.js'
import type { Signal } from './stop.js'

/** Why an attempt was ended from outside. */
export type Ended = 'timeout' | 'aborted'

/** The signal of one attempt, made when somebody reads it. */
export class Control {
  #controller: AbortController | undefined
  #ended: { reason: unknown } | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#ended && !this.#controller.signal.aborted) this.#controller.abort(this.#ended.reason)
    return this.#controller.signal
  }

  end(reason: unknown): void {
    this.#ended ??= { reason }
    this.#controller?.abort(reason)
  }
}

/** Runs `work` for at most `ms`, and no longer than `parent` lets it. The work's promise is left behind when it does not stop. Never throws: what the work throws at once is a rejection. */
export function timed<T>(env: Env, ms: number, parent: Signal | undefined, work: (control: Control) => Promise<T>): Promise<T | Ended> {
  const control = new Control()
  if (parent?.aborted) return Promise.resolve('aborted')
  if (ms === Infinity && parent === undefined) return begun(work, control)
  return new Promise<T | Ended>((resolve, reject) => {
    const finish = (): void => {
      cancel?.()
      parent?.removeEventListener('abort', abort)
    }
    const end = (ended: Ended, reason: unknown): void => {
      finish()
      resolve(ended)
      control.end(reason)
    }
    const abort = (): void => end('aborted', parent?.reason)
    parent?.addEventListener('abort', abort, { once: true })
    const cancel = ms === Infinity ? undefined : env.clock.setTimeout(() => end('timeout', new DOMException('timed out', 'TimeoutError')), ms)
    begun(work, control).then(
      (value) => {
        finish()
        resolve(value)
      },
      (error: unknown) => {
        finish()
        reject(error)
      },
    )
  })
}

function begun<T>(work: (control: Control) => Promise<T>, control: Control): Promise<T> {
  try {
    return Promise.resolve(work(control)) // somebody's SDK may give what is no promise
  } catch (error) {
    return Promise.reject(error)
  }
}
