// @ts-check
import { ask } from '../../parts/ask.js'
import { element, rows, say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { clockTime, price, reasonOf } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 60_000
const SHOWN = 6

/** @typedef {{ symbol: string, name: string | null, current_price: number | null, price_change_24h: number | null }} Coin */

/**
 * What rose and what fell the most; a click shows the chart.
 * @param {(symbol: string) => void} onChoose
 */
export function startMovers(onChoose) {
  const gainers = list('gainers', onChoose)
  const losers = list('losers', onChoose)
  const note = byId('movers-note')
  feed({
    ask: (signal) => Promise.all(['gainers', 'losers'].map((which) => ask(`/api/market/${which}?limit=${SHOWN}`, { signal }))),
    everyMs: () => EVERY_MS,
    onData: ([up, down]) => {
      gainers(up.gainers)
      losers(down.losers)
      byId('gainers-none').hidden = up.gainers.length > 0
      byId('losers-none').hidden = down.losers.length > 0
      say(note, `Source: ${up.source}, ${clockTime(Date.now())}`)
    },
    onError: (error) => say(note, `Unavailable: ${reasonOf(error)}`),
  }).start()
}

/**
 * @param {string} id
 * @param {(symbol: string) => void} onChoose
 */
function list(id, onChoose) {
  /** @type {HTMLTableElement} */
  const table = byId(id)
  const body = table.tBodies[0]
  if (!body) throw new Error(`#${id} has no body`)
  return rows(
    body,
    (/** @type {Coin} */ { symbol }) => symbol,
    () => coinRow(onChoose),
  )
}

/**
 * @param {(symbol: string) => void} onChoose
 * @returns {import('../../parts/dom.js').Row<Coin>}
 */
function coinRow(onChoose) {
  let current = ''
  const choose = element('button', 'link cut')
  choose.type = 'button'
  choose.addEventListener('click', () => onChoose(current))
  const head = element('th', '', choose)
  head.scope = 'row'
  const last = element('td', 'number')
  const change = element('td', 'number')
  return {
    node: element('tr', '', head, last, change),
    update({ symbol, name, current_price, price_change_24h }) {
      current = symbol
      say(choose, symbol)
      choose.title = name ?? symbol
      say(last, price(current_price))
      say(change, signed(price_change_24h))
      change.className = `number ${price_change_24h === null ? '' : price_change_24h < 0 ? 'bad' : 'good'}`
    },
  }
}

/** `+1.25%` @param {number | null | undefined} value */
export const signed = (value) => (value == null ? '–' : `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}%`)
