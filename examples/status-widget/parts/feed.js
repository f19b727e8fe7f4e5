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
 * @property {(body: any) => T} [read] what an event of the stream means
 * @property {(data: T) => void} onData
 * @property {(error: unknown, nextInMs: number) => void} onError
 */

/**
 * Keeps data coming: by an event stream where possible, else by polls that never overlap, wait longer after each failure,
 * rest while the page is hidden, and are aborted by `stop()`.
 * @template T
 * @param {FeedOptions<T>} options
 */
export function feed(options) {
  /** @type {{ running: boolean, failures: number, polls: number, timer?: ReturnType<typeof setTimeout>, asking?: Promise<void>, abort?: AbortController, leave?: () => void }} */
  const state = { running: false, failures: 0, polls: POLLS_BEFORE_STREAM }

  const pauseMs = () => Math.min(options.everyMs() * 2 ** state.failures, Math.max(LONGEST_PAUSE_MS, options.everyMs()))

  /** @param {number} ms */
  function wait(ms) {
    clearTimeout(state.timer)
    if (state.running && !document.hidden) state.timer = setTimeout(() => void poll(), ms)
  }

  /** One poll; the same one for everybody who wants it meanwhile. */
  function poll() {
    clearTimeout(state.timer)
    if (state.asking) return state.asking
    const abort = (state.abort = new AbortController())
    const asking = once(abort.signal).then(() => {
      if (state.asking !== asking) return
      delete state.asking
      if (state.running) goOn()
    })
    state.asking = asking
    return asking
  }

  /** @param {AbortSignal} signal */
  async function once(signal) {
    try {
      const data = await options.ask(signal)
      if (signal.aborted) return
      state.failures = 0
      options.onData(data)
    } catch (error) {
      if (signal.aborted) return
      state.failures = Math.min(state.failures + 1, 10)
      options.onError(error, state.running ? pauseMs() : 0)
    }
  }

  function goOn() {
    state.polls += 1
    const stream = state.failures === 0 && state.polls > POLLS_BEFORE_STREAM && !document.hidden && !state.leave ? options.stream?.() : undefined
    if (stream) join(stream)
    else wait(state.leave ? silenceMs() : pauseMs())
  }

  const silenceMs = () => 3 * options.everyMs() + SILENCE_MS

  /** @param {{ endpoint: string, topic: string }} stream */
  function join({ endpoint, topic }) {
    state.polls = 0
    wait(silenceMs())
    state.leave = listen(endpoint, topic, {
      onData: (body) => {
        state.failures = 0
        wait(silenceMs())
        options.onData(options.read ? options.read(body) : body)
      },
      onGone: () => {
        delete state.leave
        wait(pauseMs())
      },
    })
  }

  function rest() {
    clearTimeout(state.timer)
    state.abort?.abort()
    state.leave?.()
    delete state.asking
    delete state.leave
  }

  function turn() {
    rest()
    if (document.hidden) return
    state.polls = POLLS_BEFORE_STREAM
    void poll()
  }

  return {
    /** Begins; at once where the page is seen. */
    start() {
      if (state.running) return
      state.running = true
      document.addEventListener('visibilitychange', turn)
      turn()
    },
    stop() {
      state.running = false
      document.removeEventListener('visibilitychange', turn)
      rest()
    },
    /** Asks now, whether it runs or not. */
    refresh: poll,
  }
}

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
