// @ts-check
import { element, mark, rows, say } from '../parts/dom.js'
import { NOTHING, percent, titled } from '../parts/format.js'

/** @typedef {import('../answers').HealthRow} HealthRow */

const SIGNS = new Map([
  ['healthy', ['✓', 'good']],
  ['degraded', ['⚠', 'poor']],
  ['rate_limited', ['⚠', 'poor']],
  ['down', ['✕', 'bad']],
  ['offline', ['✕', 'bad']],
])

/** Sign and colour of a status. @param {string} status */
const signOf = (status) => SIGNS.get(status) ?? ['○', 'off']

/** The figures at the top: distinct providers. */
export function summaryPart() {
  const tiles = [tile('Healthy', 'good'), tile('Degraded', 'poor'), tile('Down', 'bad'), tile('Not asked', 'off')]
  const [healthy, degraded, down, unknown] = tiles
  return {
    node: element('div', 'tiles', ...tiles.map(({ node }) => node)),
    /** @param {import('../answers').ProvidersHealth} health */
    update({ summary }) {
      healthy?.show(summary.healthy_providers)
      degraded?.show(summary.degraded_providers)
      down?.show(summary.down_providers)
      unknown?.show(summary.unknown_providers ?? null)
    },
  }
}

/** @param {string} label @param {string} state */
function tile(label, state) {
  const figure = element('dd', `figure ${state}`, NOTHING)
  return {
    node: element('dl', `tile edge-${state}`, element('dt', 'muted', label), figure),
    show(/** @type {number | null} */ count) {
      say(figure, count == null ? NOTHING : String(count))
      // none is no alarm
      figure.className = `figure ${count ? state : 'off'}`
    },
  }
}

/**
 * Categories with their providers; what else stands in the answer is no list.
 * @param {Record<string, unknown>} groups
 * @returns {[string, HealthRow[]][]}
 */
export const listsOf = (groups) => Object.entries(groups).flatMap(([name, list]) => (Array.isArray(list) ? [[name, list]] : []))

/** Every provider under each category that it serves. */
export function categoriesPart() {
  const list = element('div', 'categories')
  const none = element('p', 'none', 'No providers configured')
  const fill = rows(list, (/** @type {[string, HealthRow[]]} */ [name]) => name, categoryRow)
  return {
    node: element('div', '', list, none),
    /** @param {import('../answers').ProvidersHealth} health */
    update({ providers }) {
      const shown = listsOf(providers).filter(([, one]) => one.length > 0)
      fill(shown)
      none.hidden = shown.length > 0
    },
  }
}

/** @returns {import('../parts/dom.js').Row<[string, HealthRow[]]>} */
function categoryRow() {
  const title = element('span')
  const count = element('span', 'muted')
  const list = element('ul')
  const fill = rows(list, (/** @type {HealthRow} */ row) => row.name, providerRow)
  return {
    node: element('section', 'category', element('h3', 'between', title, count), list),
    update([name, providers]) {
      say(title, titled(name))
      say(count, `${providers.filter(({ available }) => available).length}/${providers.length}`)
      fill(providers)
    },
  }
}

/** @returns {import('../parts/dom.js').Row<HealthRow>} */
function providerRow() {
  const name = element('span', 'cut')
  const priority = element('span', 'badge')
  const status = element('span', '')
  const rate = element('span', 'number')
  return {
    node: element('li', 'row', name, priority, status, rate),
    update(row) {
      const [sign, state] = signOf(row.status)
      say(name, row.name)
      mark(name, 'title', row.name)
      mark(priority, 'title', `priority ${row.priority}, 1 is tried first`)
      say(priority, `P${row.priority}`)
      say(status, `${sign} ${row.status === 'unknown' ? 'not asked' : row.status.replaceAll('_', ' ')}`)
      status.className = `status ${state}`
      say(rate, percent(row.success_rate))
    },
  }
}
