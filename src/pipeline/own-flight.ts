import { type Signal, Stop } from './stop.js'

/** An answer on its way that several questions may wait for. It is ended early only when all of them have gone. */
export class OwnFlight {
  readonly signal = new Stop()
  #waiting = 0

  /** One more waits for it, until its signal says otherwise, or it calls what this gives. */
  board(signal: Signal | undefined): () => void {
    let isHere = true
    const leave = (): void => {
      if (!isHere) return
      isHere = false
      signal?.removeEventListener('abort', leave)
      if (--this.#waiting === 0) this.signal.abort(signal?.reason)
    }
    this.#waiting++
    if (signal?.aborted) leave()
    else signal?.addEventListener('abort', leave, { once: true })
    return leave
  }

  /** Lets questions find it under this key until its work is done. */
  flies<T>(flights: Map<string, { readonly flight: OwnFlight; readonly work: Promise<unknown> }>, key: string, work: Promise<T>): Promise<T> {
    const entry = { flight: this, work }
    flights.set(key, entry)
    return work.finally(() => void (flights.get(key) === entry && flights.delete(key)))
  }
}
