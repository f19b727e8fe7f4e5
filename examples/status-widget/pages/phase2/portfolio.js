// @ts-check
import { ask } from '../../parts/ask.js'
import { element, rows, say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { clockTime, NOTHING, price, reasonOf } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 15_000

/** @typedef {{ symbol: string, amount: number, price?: number, source?: string, fault?: string, total?: number }} Holding */

const FIRST = [
  { symbol: 'BTC', amount: 0.25 },
  { symbol: 'ETH', amount: 3 },
  { symbol: 'SOL', amount: 40 },
]

/** What is held, and what it is worth now. Nothing leaves the page but the symbols. */
export function startPortfolio() {
  /** @type {Map<string, Holding>} */
  const held = new Map(FIRST.map((one) => [one.symbol, one]))
  const fill = rows(
    byId('holdings'),
    (/** @type {Holding} */ { symbol }) => symbol,
    () => holdingRow((symbol) => remove(symbol)),
  )
  /** @type {number | undefined} Unix ms */
  let valuedAt
  const show = () => showAll([...held.values()], fill, valuedAt)
  const worth = feed({
    ask: (signal) => Promise.all([...held.values()].map((holding) => valued(holding, signal))),
    everyMs: () => EVERY_MS,
    onData: (all) => {
      if (all.some(({ fault }) => fault === undefined)) valuedAt = Date.now()
      for (const one of all) if (held.get(one.symbol)?.amount === one.amount) held.set(one.symbol, one)
      show()
    },
    onError: (error) => say(byId('portfolio-note'), `Unavailable: ${reasonOf(error)}`),
  })
  const again = () => {
    show()
    worth.stop()
    worth.start()
  }
  /** @param {string} symbol */
  function remove(symbol) {
    held.delete(symbol)
    again()
    byId('holding-symbol').focus()
  }
  byId('portfolio-form').addEventListener('submit', (event) => {
    event.preventDefault()
    const [symbol, amount] = entered()
    if (symbol === '' || !(amount > 0)) return say(byId('portfolio-note'), 'Give an asset, and an amount above 0.')
    held.set(symbol, { ...held.get(symbol), symbol, amount })
    again()
  })
  again()
}

/** @returns {[string, number]} */
function entered() {
  /** @type {HTMLInputElement} */
  const symbol = byId('holding-symbol')
  /** @type {HTMLInputElement} */
  const amount = byId('holding-amount')
  return [symbol.value.trim().toUpperCase(), amount.valueAsNumber]
}

/**
 * @param {Holding} holding
 * @param {AbortSignal} signal
 * @returns {Promise<Holding>}
 */
async function valued(holding, signal) {
  try {
    const { price: last, source } = await ask(`/api/market/price?symbol=${encodeURIComponent(holding.symbol)}`, { signal })
    return { symbol: holding.symbol, amount: holding.amount, price: last, source }
  } catch (error) {
    if (signal.aborted) throw error
    return { ...holding, fault: reasonOf(error) }
  }
}

/** Names with what is wrong with each. @param {readonly Holding[]} some */
const named = (some) => some.map(({ symbol, fault }) => (fault === undefined ? symbol : `${symbol} (${fault})`)).join(', ')

/**
 * @param {readonly Holding[]} held
 * @param {(items: readonly Holding[]) => void} fill
 * @param {number | undefined} valuedAt
 */
function showAll(held, fill, valuedAt) {
  const total = held.reduce((sum, { amount, price: last }) => sum + amount * (last ?? 0), 0)
  const unknown = held.filter((one) => one.price === undefined)
  const faults = held.filter((one) => one.fault !== undefined && one.price !== undefined)
  fill(held.map((one) => ({ ...one, total })))
  say(byId('portfolio-total'), held.length > unknown.length ? `${price(total)} USD` : NOTHING)
  const missing = unknown.length > 0 ? ` Not counted: ${named(unknown)}.` : ''
  const old = faults.length > 0 ? ` No new price: ${named(faults)}.` : ''
  say(
    byId('portfolio-note'),
    held.length === 0 ? 'Nothing held.' : `${valuedAt === undefined ? '' : `Prices of ${clockTime(valuedAt)}. `}Kept in this page only.${missing}${old}`,
  )
}

/**
 * @param {(symbol: string) => void} onRemove
 * @returns {import('../../parts/dom.js').Row<Holding>}
 */
function holdingRow(onRemove) {
  let current = ''
  const head = element('th')
  head.scope = 'row'
  const cells = Array.from({ length: 5 }, () => element('td', 'number'))
  const [amountCell, priceCell, valueCell, partCell, sourceCell] = cells
  const gone = element('button', 'small', '✕')
  gone.type = 'button'
  gone.addEventListener('click', () => onRemove(current))
  return {
    node: element('tr', '', head, ...cells, element('td', '', gone)),
    update({ symbol, amount, price: last, source, fault, total = 0 }) {
      current = symbol
      const worth = last === undefined ? undefined : last * amount
      say(head, symbol)
      gone.setAttribute('aria-label', `Remove ${symbol}`)
      if (amountCell) say(amountCell, String(amount))
      if (priceCell) say(priceCell, price(last))
      if (valueCell) say(valueCell, price(worth))
      if (partCell) say(partCell, worth === undefined || total === 0 ? NOTHING : `${((100 * worth) / total).toFixed(1)}%`)
      if (sourceCell) say(sourceCell, fault ? 'unavailable' : (source ?? NOTHING))
    },
  }
}
