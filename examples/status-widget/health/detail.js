// @ts-check
import { element, mark, rows, say } from '../parts/dom.js'
import { clockTime, milliseconds, moment, NOTHING, percent, whole } from '../parts/format.js'
import { light } from '../parts/light.js'
import { stateOf } from '../status/providers.js'
import { bar } from './bar.js'
import { MINUTES } from './read-detail.js'
import { sparkline } from './sparkline.js'

/** @typedef {import('../answers').ProviderDetail} ProviderDetail */

/** The detailed view: a card per provider. */
export function detailPart() {
  const list = element('ul', 'cards')
  const sentence = element('p', 'muted sentence', 'Loading details …')
  const fill = rows(list, (/** @type {ProviderDetail} */ row) => row.provider_id, cardRow)
  return {
    node: element('div', 'details', element('h3', '', 'Providers in detail'), sentence, list),
    /** @param {readonly ProviderDetail[]} providers */
    update(providers) {
      const words = `p95 latency of the last ${MINUTES} minutes; quota used per window; share of the traffic`
      say(sentence, providers.length === 0 ? 'No providers configured' : words)
      fill(providers)
    },
    /** @param {string} reason */
    failed: (reason) => say(sentence, `Details are unavailable: ${reason}`),
  }
}

/** @returns {import('../parts/dom.js').Row<ProviderDetail>} */
function cardRow() {
  const lamp = light()
  const name = element('h4', 'cut')
  const word = element('span', 'word')
  const line = sparkline('no latency measured')
  const latency = ['p50', 'p95', 'p99', 'Requests'].map(labelled)
  const share = bar('Share')
  const quotas = element('div', 'quotas')
  const fillQuotas = rows(quotas, (/** @type {import('../answers').QuotaWindow} */ one) => `${one.kind} ${one.window_seconds}`, quotaRow)
  const error = element('p', 'last cut')
  const terms = element('a', 'terms')
  terms.rel = 'noreferrer'
  const node = element(
    'li',
    'panel',
    element('div', 'first', lamp.node, name, word),
    line.node,
    element('dl', 'four', ...latency.map((one) => one.node)),
    share.node,
    quotas,
    error,
    terms,
  )
  return {
    node,
    update(row) {
      const { state, word: said } = stateOf(row.status)
      lamp.show(state)
      say(name, row.name)
      mark(name, 'title', row.name)
      say(word, said)
      word.className = `word ${state}`
      showLatency(row, line, latency)
      share.show(row.share.actual, shareText(row.share), row.share.target)
      fillQuotas(row.quota.filter(({ kind }) => kind !== 'spacing'))
      showError(error, row)
      showTerms(terms, row.attribution)
    },
  }
}

/**
 * @param {HTMLElement} node
 * @param {ProviderDetail} row
 */
function showError(node, { status, last_error, last_failure }) {
  const at = moment(last_failure)
  say(node, last_error === null ? 'No error seen' : `${at === undefined ? '' : `${clockTime(at)} `}${last_error}`)
  mark(node, 'title', last_error)
  // what is over is told, and alarms nobody
  node.className = last_error === null || status === 'online' ? 'last cut muted' : 'last cut'
}

/**
 * What a provider wants to be named with; a link only where it is one of the web.
 * @param {HTMLAnchorElement} link
 * @param {ProviderDetail['attribution']} attribution
 */
function showTerms(link, attribution) {
  link.hidden = attribution === null
  say(link, attribution?.text ?? '')
  mark(link, 'href', attribution !== null && /^https?:\/\//.test(attribution.url) ? attribution.url : null)
}

/**
 * @param {ProviderDetail} row
 * @param {ReturnType<typeof sparkline>} line
 * @param {readonly ReturnType<typeof labelled>[]} figures
 */
function showLatency({ name, points, p50_ms, p95_ms, p99_ms, total_requests }, line, [p50, p95, p99, requests]) {
  const values = points.map((point) => point.p95_ms)
  const known = values.filter((value) => value !== null)
  const said = known.length === 0 ? 'no latency measured' : `p95 between ${milliseconds(Math.min(...known))} and ${milliseconds(Math.max(...known))}`
  line.show(values, `${name}: ${said}`)
  p50?.show(milliseconds(p50_ms))
  p95?.show(milliseconds(p95_ms))
  p99?.show(milliseconds(p99_ms))
  requests?.show(whole(total_requests))
}

/** @param {string} label */
function labelled(label) {
  const value = element('dd', 'number', NOTHING)
  return { node: element('div', '', element('dt', 'muted', label), value), show: (/** @type {string} */ text) => say(value, text) }
}

/** @param {{ target: number | null, actual: number | null }} share */
const shareText = ({ target, actual }) => `${percent(actual)}${target === null ? '' : ` of ${percent(target)} aimed at`}`

const UNITS = /** @type {const} */ ([
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
])

/** @param {number} seconds */
function windowText(seconds) {
  const [size, unit] = UNITS.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, 's']
  return seconds === size ? unit : `${Math.round((seconds / size) * 10) / 10} ${unit}`
}

/** @returns {import('../parts/dom.js').Row<import('../answers').QuotaWindow>} */
function quotaRow() {
  const one = bar('')
  return {
    node: one.node,
    update({ kind, window_seconds, used, limit, percentage }) {
      one.name(`${kind === 'cost' ? 'Units' : 'Calls'} / ${windowText(window_seconds)}`)
      one.show(percentage, `${whole(used)} of ${whole(limit)}`)
      // one of some seconds is full again and again: that is no shortage
      const scarce = window_seconds < 60 ? 0 : (percentage ?? 0)
      one.warn(scarce < 80 ? null : scarce < 100 ? 'poor' : 'bad')
    },
  }
}
