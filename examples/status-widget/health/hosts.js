// @ts-check
import { element, mark, rows, say } from '../parts/dom.js'
import { countdown, moment, percent } from '../parts/format.js'

/** @typedef {import('../answers').HostRow} HostRow */
/** @typedef {import('../answers').BreakerRow} BreakerRow */
/** @typedef {{ id: string, words: string, state: string, next: string | null }} OpenBreaker one that is not closed, of a provider or of one thing that it gives */

/** The hosts of Binance; absent where none is configured. */
export function hostsPart() {
  const available = element('span', 'number')
  const resting = element('span', 'number')
  const list = element('ul')
  let now = 0
  const fill = rows(
    list,
    (/** @type {HostRow} */ { url }) => url,
    () => hostRow(() => now),
  )
  const node = element(
    'section',
    'block hosts',
    element('h3', 'between', element('span', '', 'Binance hosts'), element('span', 'counts', available, resting)),
    list,
  )
  return {
    node,
    /**
     * @param {import('../answers').BinanceHealth | null} binance
     * @param {number} at Unix ms
     */
    update(binance, at) {
      now = at
      node.hidden = binance === null
      if (!binance) return
      const { total_endpoints, available_endpoints, in_backoff } = binance.summary
      say(available, `${available_endpoints}/${total_endpoints} Available`)
      say(resting, `${in_backoff} In Backoff`)
      resting.className = in_backoff > 0 ? 'number poor' : 'number muted'
      fill((binance.connectors ?? [binance.binance_health]).flatMap(({ endpoints }) => endpoints))
    },
  }
}

/**
 * @param {() => number} now
 * @returns {import('../parts/dom.js').Row<HostRow>}
 */
function hostRow(now) {
  const host = element('span', 'cut')
  const wait = element('span', 'muted')
  const rate = element('span', 'number')
  return {
    node: element('li', 'row host', host, wait, rate),
    update({ url, available, success_rate, total_requests, backoff_until }) {
      const until = moment(backoff_until)
      say(host, `${available ? '✓' : '✕'} ${url.replace(/^https?:\/\//, '')}`)
      host.className = `cut ${available ? 'good' : 'bad'}`
      mark(host, 'title', url)
      say(wait, until !== undefined && until > now() ? `backoff ${countdown(until - now())}` : '')
      say(rate, total_requests === 0 ? 'N/A' : percent(success_rate))
    },
  }
}

/** The breakers that are not closed, and when each lets a trial through. */
export function breakersPart() {
  const sentence = element('p', 'sentence', 'Loading …')
  sentence.setAttribute('role', 'status')
  const list = element('ul')
  /** @param {'good' | 'poor' | 'bad'} state @param {string} text */
  const tell = (state, text) => {
    say(sentence, text)
    sentence.className = `sentence ${state}`
  }
  let now = 0
  const fill = rows(
    list,
    (/** @type {OpenBreaker} */ { id }) => id,
    () => breakerRow(() => now),
  )
  return {
    node: element('section', 'block breakers', element('h3', '', 'Circuit breakers'), sentence, list),
    /**
     * @param {import('../answers').Breakers} breakers
     * @param {number} at Unix ms
     */
    update({ circuit_breakers, summary }, at) {
      now = at
      const open = summary.circuit_breakers_open + (summary.capability_breakers_open ?? 0)
      const found = notClosed(circuit_breakers)
      fill(found)
      if (open > 0) tell('bad', `⚠ ${counted(open)} open`)
      else if (found.length > 0) tell('poor', `⚠ ${counted(found.length)} on trial`)
      else tell('good', '✓ All circuit breakers closed')
    },
  }
}

/** @param {number} count */
const counted = (count) => `${count} circuit breaker${count === 1 ? '' : 's'}`

/** Each provider once, though it stands under every category that it serves. @param {Record<string, BreakerRow[]>} groups */
function notClosed(groups) {
  const providers = new Map(Object.values(groups).flatMap((list) => list.map((one) => [one.provider, one])))
  return /** @type {BreakerRow[]} */ ([...providers.values()]).flatMap(breakersOf)
}

/** @param {BreakerRow} row @returns {OpenBreaker[]} */
function breakersOf({ provider, name, state, next_attempt_at, consecutive_failures: failures, capabilities_resting = [] }) {
  const called = name ?? provider
  const own = { id: provider, words: `${called} — ${failures} failure${failures === 1 ? '' : 's'}`, state, next: next_attempt_at }
  const single = capabilities_resting.map(({ capability, ...one }) => ({
    id: `${provider} ${capability}`,
    words: `${called} — ${capability} only`,
    state: one.state,
    next: one.next_attempt_at,
  }))
  return state === 'closed' ? single : [own, ...single]
}

/**
 * @param {() => number} now
 * @returns {import('../parts/dom.js').Row<OpenBreaker>}
 */
function breakerRow(now) {
  const name = element('span', 'cut')
  const state = element('span', 'badge')
  const wait = element('span', 'number')
  return {
    node: element('li', 'row breaker', name, state, wait),
    update({ words, state: is, next: at }) {
      const next = moment(at)
      say(name, words)
      say(state, is)
      say(wait, next === undefined ? '' : next <= now() ? 'trial next' : `trial in ${countdown(next - now())}`)
    },
  }
}
