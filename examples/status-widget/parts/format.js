// @ts-check

/** What stands where nothing is known. */
export const NOTHING = '–'

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/**
 * `14:03:09` of Unix ms.
 * @param {number | null | undefined} at
 */
export const clockTime = (at) => (at == null ? NOTHING : TIME.format(at))

/**
 * `126ms`, `1.2s`
 * @param {number | null | undefined} ms
 */
export function milliseconds(ms) {
  if (ms == null) return NOTHING
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)}s`
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)}ms`
}

/**
 * `98.5%` of 98.5.
 * @param {number | null | undefined} value
 */
export const percent = (value) => (value == null ? NOTHING : `${Math.round(value * 10) / 10}%`)

/**
 * `42s`, `4m`, `2h`, `3d`
 * @param {number} ms
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** @param {number} n */
const two = (n) => String(n).padStart(2, '0')

/**
 * `1:05` until then; `now` where it is over.
 * @param {number} ms
 */
export function countdown(ms) {
  if (ms <= 0) return 'now'
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
    : `${Math.floor(seconds / 3_600)}:${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`
}

/**
 * Unix ms of what an answer says: ISO 8601 or seconds since the epoch; undefined for null.
 * @param {string | number | null | undefined} time
 */
export function moment(time) {
  if (time == null) return undefined
  const at = typeof time === 'number' ? time * 1_000 : Date.parse(time)
  return Number.isFinite(at) ? at : undefined
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/**
 * `1,234`
 * @param {number | null | undefined} value
 */
export const whole = (value) => (value == null ? NOTHING : WHOLE.format(value))

// Shorter pauses than this ask more of a server than anybody can look at.
const SHORTEST_MS = 250

/**
 * The pause that an attribute sets, in ms; undefined where it sets none.
 * @param {string | null} text
 */
export function intervalOf(text) {
  const ms = text === null || text.trim() === '' ? NaN : Number(text)
  return Number.isFinite(ms) && ms >= SHORTEST_MS ? ms : undefined
}

/**
 * A price with as many digits as it deserves.
 * @param {number | null | undefined} value
 */
export function price(value) {
  if (value == null) return NOTHING
  const size = Math.abs(value)
  const digits = size >= 1 || size === 0 ? 2 : Math.min(20, 3 - Math.floor(Math.log10(size)))
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

const WRITTEN = new Map([
  ['ai', 'AI'],
  ['nft', 'NFT'],
  ['defi', 'DeFi'],
  ['ohlcv', 'OHLCV'],
  ['orderbook', 'order book'],
  ['onchain', 'On-chain'],
])

/**
 * `Market Price` of `market_price`
 * @param {string} id
 */
export function titled(id) {
  const words = id.split(/[_\s-]+/).map((word) => WRITTEN.get(word) ?? word)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}

// A page of HTML that came instead of an answer would push everything else out of sight.
const LONGEST_REASON = 160

/**
 * What went wrong, for people.
 * @param {unknown} error
 */
export function reasonOf(error) {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof TypeError) return 'the answer has another form than expected'
  const text = error instanceof Error ? error.message : String(error)
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text
}

/**
 * A sentence of a reason.
 * @param {string} reason
 */
export const sentence = (reason) => (/[.…]$/.test(reason) ? reason : `${reason}.`)
