// @ts-check
import { element, mark, rows, say } from '../parts/dom.js'

/** @typedef {import('../answers').SystemStatus['error_details'][number]} ErrorDetail */

/** Section 5: what went wrong in the last five minutes, and what the router did. */
export function errorsSection() {
  const list = element('ul', 'errors')
  const empty = element('p', 'empty', 'No recent errors')
  const fill = rows(list, (/** @type {ErrorDetail} */ { provider, type }) => `${provider} ${type}`, errorRow)
  return {
    content: [list, empty],
    /** @param {import('../answers').SystemStatus} status */
    update({ error_details: errors, providers_detailed }) {
      const names = new Map(providers_detailed.map(({ provider_id, name }) => [provider_id, name]))
      fill(errors.map((error) => ({ ...error, provider: names.get(error.provider) ?? error.provider })))
      list.hidden = errors.length === 0
      empty.hidden = errors.length > 0
    },
    /** @param {import('../answers').SystemStatus} status */
    note: ({ error_details: errors }) => {
      const count = errors.reduce((sum, one) => sum + one.count, 0)
      return count === 0 ? 'none' : `${count} in 5 min`
    },
  }
}

/** @returns {import('../parts/dom.js').Row<ErrorDetail>} */
function errorRow() {
  const head = element('div', 'what')
  const message = element('div', 'muted message')
  const action = element('div', 'action')
  return {
    node: element('li', 'error', head, message, action),
    update(error) {
      say(head, `${error.provider}: ${error.count}x ${error.type}`)
      say(message, error.message)
      mark(message, 'title', error.message)
      say(action, `Action: ${error.action || 'none was left'}`)
    },
  }
}
