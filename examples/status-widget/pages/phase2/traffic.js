// @ts-check
import { ask } from '../../parts/ask.js'
import { element, rows, say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { clockTime, price, reasonOf } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 1_000
const SHOWN = 7
// More than ten, one a second: a ticker is fresh for 10 s, and an answer out of memory shows no failover.
const SYMBOLS = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOGE', 'LTC', 'DOT', 'LINK', 'AVAX', 'UNI', 'BCH']

/** @typedef {{ n: number, at: number, symbol: string, ms: number, price?: number, source?: string, cached?: boolean, fault?: string }} Answer */

/** Asks a price every second, and shows who answered. */
export function startTraffic() {
  /** @type {HTMLInputElement} */
  const box = byId('traffic-on')
  const fill = rows(byId('traffic'), (/** @type {Answer} */ { n }) => String(n), answerRow)
  /** @type {Answer[]} */
  let answers = []
  let n = 0
  const asking = feed({
    ask: (signal) => askOne(SYMBOLS[n % SYMBOLS.length] ?? 'BTC', (n += 1), signal),
    everyMs: () => EVERY_MS,
    onData: (answer) => {
      answers = [answer, ...answers].slice(0, SHOWN)
      fill(answers)
    },
    onError: () => undefined,
  })
  /** @param {boolean} on */
  function set(on) {
    box.checked = on
    if (on) asking.start()
    else asking.stop()
  }
  box.addEventListener('change', () => set(box.checked))
  return { set }
}

/**
 * @param {string} symbol
 * @param {number} n
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>} a failure is an answer, too
 */
async function askOne(symbol, n, signal) {
  const begin = performance.now()
  const ms = () => Math.round(performance.now() - begin)
  try {
    const { price: last, source, cached } = await ask(`/api/market/price?symbol=${symbol}`, { signal })
    return { n, at: Date.now(), symbol, ms: ms(), price: last, source, cached }
  } catch (error) {
    return { n, at: Date.now(), symbol, ms: ms(), fault: reasonOf(error) }
  }
}

/** @returns {import('../../parts/dom.js').Row<Answer>} */
function answerRow() {
  const cells = {
    time: element('span', 'note'),
    symbol: element('b'),
    last: element('span', 'number'),
    who: element('span', 'cut'),
    took: element('span', 'number note'),
  }
  return {
    node: element('li', '', ...Object.values(cells)),
    update({ at, symbol, ms, price: last, source, cached, fault }) {
      say(cells.time, clockTime(at))
      say(cells.symbol, symbol)
      say(cells.last, price(last))
      say(cells.who, fault ?? source ?? '')
      cells.who.className = fault === undefined ? 'cut who' : 'cut bad'
      say(cells.took, cached ? 'memory' : `${ms}ms`)
    },
  }
}
