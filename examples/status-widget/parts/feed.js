// @ts-check
import { listen } from './stream.js'

const LONGEST_PAUSE_MS = 60_000
// A stream that ended, or that there is not, is tried again after so many polls.
const POLLS_BEFORE_STREAM = 10
// A stream that says nothing for three intervals and this long is taken for dead.
const SILENCE_MS = 5_000

/**
 * @template T
 * @typedef {object} FeedOptions
 * @property {(signal: AbortSignal) => Promise<T>} ask one poll
 * @property {() => number} everyMs pause between two polls, in ms
 * @property {() => ({ endpoint: string, topic: string } | undefined)} [stream] the event stream that replaces the polls, where there is one
 * @property {(data: T) => void} onData
 * @property {(error: unknown, nextInMs: number) => void} onError
 */

/**
 * Keeps data coming: by an event stream where possible, else by polls that never overlap, wait longer after each failure,
 * rest while the page is hidden, and are aborted by `stop()`.
 * @template T
 */
class Feed {
  #running = false
  #failures = 0
  #polls = POLLS_BEFORE_STREAM
  // how often the stream has told something
  #told = 0
  /** @type {FeedOptions<T>} */ #options
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer
  /** @type {Promise<void> | undefined} */ #asking
  /** @type {AbortController | undefined} */ #abort
  /** @type {(() => void) | undefined} */ #leave
  #turn = () => this.#begin()

  /** @param {FeedOptions<T>} options */
  constructor(options) {
    this.#options = options
  }

  /** Begins; at once where the page is seen. */
  start() {
    if (this.#running) return
    this.#running = true
    document.addEventListener('visibilitychange', this.#turn)
    this.#begin()
  }

  stop() {
    this.#running = false
    document.removeEventListener('visibilitychange', this.#turn)
    this.#rest()
  }

  /** Asks now, whether it runs or not; the same poll for everybody who wants it meanwhile. */
  refresh() {
    clearTimeout(this.#timer)
    if (this.#asking) return this.#asking
    const abort = (this.#abort = new AbortController())
    const asking = this.#poll(abort.signal).then(() => {
      if (this.#asking !== asking) return
      this.#asking = undefined
      if (this.#running) this.#goOn()
    })
    this.#asking = asking
    return asking
  }

  #begin() {
    this.#rest()
    if (document.hidden) return
    this.#polls = POLLS_BEFORE_STREAM
    void this.refresh()
  }

  #rest() {
    clearTimeout(this.#timer)
    this.#abort?.abort()
    this.#leave?.()
    this.#asking = undefined
    this.#leave = undefined
  }

  /** @param {AbortSignal} signal */
  async #poll(signal) {
    const told = this.#told
    try {
      const data = await this.#options.ask(signal)
      if (signal.aborted) return
      // what the stream told meanwhile is newer
      if (told === this.#told) this.#options.onData(data)
      this.#failures = 0
    } catch (error) {
      if (signal.aborted) return
      this.#failures = Math.min(this.#failures + 1, 10)
      this.#options.onError(error, this.#running ? this.#pauseMs() : 0)
    }
  }

  #goOn() {
    this.#polls += 1
    const isTime = this.#failures === 0 && this.#polls > POLLS_BEFORE_STREAM && !document.hidden && !this.#leave
    const stream = isTime ? this.#options.stream?.() : undefined
    if (stream) this.#join(stream)
    else if (this.#leave) this.#awaitWord()
    else this.#wait(this.#pauseMs())
  }

  /** @param {{ endpoint: string, topic: string }} stream */
  #join({ endpoint, topic }) {
    this.#polls = 0
    this.#awaitWord()
    this.#leave = listen(endpoint, topic, {
      onData: (body) => this.#heard(body),
      onGone: () => {
        this.#leave = undefined
        this.#wait(this.#pauseMs())
      },
    })
  }

  /** @param {T} body */
  #heard(body) {
    this.#told += 1
    this.#awaitWord()
    try {
      this.#options.onData(body)
    } catch (error) {
      this.#options.onError(error, this.#silenceMs())
    }
  }

  /** A stream that has fallen silent is left: polls go on instead of it. */
  #awaitWord() {
    this.#wait(this.#silenceMs(), () => {
      this.#leave?.()
      this.#leave = undefined
      void this.refresh()
    })
  }

  /** @param {number} ms */
  #wait(ms, then = () => void this.refresh()) {
    clearTimeout(this.#timer)
    if (this.#running && !document.hidden) this.#timer = setTimeout(then, ms)
  }

  #pauseMs() {
    const every = this.#options.everyMs()
    return Math.min(every * 2 ** this.#failures, Math.max(LONGEST_PAUSE_MS, every))
  }

  #silenceMs() {
    return 3 * this.#options.everyMs() + SILENCE_MS
  }
}

/**
 * Data that keep coming, once started.
 * @template T
 * @param {FeedOptions<T>} options
 */
export const feed = (options) => new Feed(options)

/**
 * Calls once a second while the page is seen: for countdowns and ages. Gives what ends it.
 * @param {() => void} tick
 */
export function everySecond(tick) {
  const timer = setInterval(() => {
    if (!document.hidden) tick()
  }, 1_000)
  return () => clearInterval(timer)
}
