// @ts-check
import { element, mark, rows, say } from '../parts/dom.js'
import { duration, milliseconds, moment, NOTHING, percent, whole } from '../parts/format.js'
import { light } from '../parts/light.js'

/** @typedef {import('../answers').ProviderRow} ProviderRow */

/** @type {Map<string, { state: import('../parts/light.js').State, word: string }>} */
const STATES = new Map([
  ['online', { state: 'good', word: 'online' }],
  ['rate_limited', { state: 'bad', word: 'rate limited' }],
  ['degraded', { state: 'poor', word: 'degraded' }],
  ['offline', { state: 'off', word: 'offline' }],
  ['disabled', { state: 'off', word: 'disabled' }],
  ['unknown', { state: 'off', word: 'not asked yet' }],
])

/** How a provider is, as a light and a word. @param {string} status */
export const stateOf = (status) => STATES.get(status) ?? { state: 'off', word: status }

/**
 * What the second line says.
 * @param {ProviderRow} row
 * @param {number} now Unix ms
 */
export function lineOf({ status, error, response_time_ms, success_rate, last_check, status_code, resource_count, cached_until }, now) {
  const checked = moment(last_check)
  const until = moment(cached_until)
  const resources = resource_count == null ? [] : [`${whole(resource_count)} resource${resource_count === 1 ? '' : 's'}`]
  const last = `Last: ${checked === undefined ? NOTHING : `${duration(now - checked)} ago`}`
  if (status === 'rate_limited')
    // some say so in the body of a 200
    return [`Rate Limited${status_code == null || status_code < 400 ? '' : ` (${status_code})`}`, ...cachedFor(until, checked, now), ...resources].join(' | ')
  if (status === 'unknown') return ['Not asked yet', ...resources].join(' | ')
  if ((status === 'degraded' || status === 'offline') && error) return [error, `Success: ${percent(success_rate)}`, ...resources].join(' | ')
  return [milliseconds(response_time_ms), `Success: ${percent(success_rate)}`, last, ...resources].join(' | ')
}

/**
 * @param {number | undefined} until
 * @param {number | undefined} checked
 * @param {number} now
 */
function cachedFor(until, checked, now) {
  if (until !== undefined && until > now) return [`Cached for ${duration(until - now)}`]
  return checked === undefined ? [] : [`Cached ${duration(now - checked)} ago`]
}

/** Section 1: everybody who can be asked, and how they are. */
export function providersSection() {
  const list = element('ul', 'providers')
  const empty = element('p', 'empty waiting', 'Waiting for the first answer …')
  list.hidden = true
  let now = 0
  const fill = rows(
    list,
    (/** @type {ProviderRow} */ row) => row.name,
    () => providerRow(() => now),
  )
  return {
    content: [list, empty],
    /**
     * @param {import('../answers').SystemStatus} status
     * @param {number} at Unix ms by the server's clock
     */
    update({ providers_detailed: providers }, at) {
      now = at
      fill(providers)
      list.hidden = providers.length === 0
      empty.hidden = providers.length > 0
      say(empty, 'No providers configured')
      empty.className = 'empty'
    },
    /** @param {import('../answers').SystemStatus} status */
    note: ({ providers_detailed: providers }) =>
      providers.length === 0 ? 'none' : `${providers.filter(({ status }) => status === 'online').length} of ${providers.length} online`,
  }
}

/** @param {() => number} now */
function providerRow(now) {
  const lamp = light()
  const name = element('span', 'name cut')
  const word = element('span', 'word')
  const line = element('div', 'line cut muted')
  const node = element('li', 'provider', element('div', 'first', lamp.node, name, word), line)
  return {
    node,
    /** @param {ProviderRow} row */
    update(row) {
      const { state, word: said } = stateOf(row.status)
      lamp.show(state)
      say(name, row.name)
      say(word, said)
      word.className = `word ${state}`
      const text = lineOf(row, now())
      say(line, text)
      mark(name, 'title', row.name)
      mark(line, 'title', row.error && !text.includes(row.error) ? `${text} | ${row.error}` : text)
    },
  }
}
