// @ts-check
import { ask } from '../../parts/ask.js'
import { element, mark, say } from '../../parts/dom.js'
import { NOTHING, price, reasonOf, whole } from '../../parts/format.js'
import { signed } from './movers.js'
import { byId } from './page.js'

const PAUSE_MS = 200
const SHOWN = 8

const FIRST = 'BTC'

/** @typedef {{ id: string, symbol: string, name: string | null, current_price: number | null, market_cap: number | null, market_cap_rank: number | null, price_change_24h: number | null, total_volume: number | null }} Coin */

/** @type {Coin} */
const NO_COIN = {
  id: '',
  symbol: NOTHING,
  name: null,
  current_price: null,
  market_cap: null,
  market_cap_rank: null,
  price_change_24h: null,
  total_volume: null,
}

/**
 * A field that proposes coins while one types.
 * @param {(symbol: string) => void} onChoose
 */
export function startSearch(onChoose) {
  /** @type {HTMLInputElement} */
  const field = byId('search')
  const box = proposals(field, (coin) => {
    field.value = coin.name ?? coin.symbol
    showCoin(coin)
    say(byId('search-note'), `${coin.symbol} is shown in the chart`)
    onChoose(coin.symbol)
  })
  /** @type {AbortController | undefined} */
  let asking
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  field.addEventListener('input', () => {
    clearTimeout(timer)
    asking?.abort()
    const q = field.value.trim()
    if (q === '') return box.show([])
    timer = setTimeout(() => void look(q), PAUSE_MS)
  })

  /** @param {string} q */
  async function look(q) {
    const own = (asking = new AbortController())
    try {
      const { results } = await ask('/api/coins/search', { method: 'POST', body: { q, limit: SHOWN }, signal: own.signal })
      // a list that opens behind somebody who went on would stay open
      if (own.signal.aborted || document.activeElement !== field) return
      box.show(results)
      say(byId('search-note'), results.length === 0 ? `Nothing found for ${q}` : `${results.length} found: arrow keys choose`)
    } catch (error) {
      if (!own.signal.aborted) say(byId('search-note'), `Unavailable: ${reasonOf(error)}`)
    }
  }

  /** The figures of an asset that was chosen elsewhere. @param {string} symbol */
  async function show(symbol) {
    asking?.abort()
    const own = (asking = new AbortController())
    const { results } = await ask('/api/coins/search', { method: 'POST', body: { q: symbol, limit: SHOWN }, signal: own.signal }).catch(() => ({ results: [] }))
    if (own.signal.aborted) return
    showCoin(results.find((/** @type {Coin} */ coin) => coin.symbol === symbol) ?? { ...NO_COIN, symbol })
  }

  showCoin(NO_COIN)
  void show(FIRST)
  return { show: (/** @type {string} */ symbol) => void show(symbol) }
}

/**
 * The list under the field, by the combobox pattern of ARIA.
 * @param {HTMLInputElement} field
 * @param {(coin: Coin) => void} onChoose
 */
function proposals(field, onChoose) {
  const list = byId('found')
  /** @type {Coin[]} */
  let coins = []
  let active = -1
  /** @param {number} n */
  const move = (n) => {
    active = n
    mark(field, 'aria-activedescendant', n < 0 ? null : `found-${n}`)
    for (const [index, node] of [...list.children].entries()) mark(node, 'aria-selected', String(index === n))
    list.children[n]?.scrollIntoView({ block: 'nearest' })
  }
  /** @param {Coin[]} found */
  const show = (found) => {
    coins = found
    list.replaceChildren(...found.map((coin, n) => optionOf(coin, n)))
    list.hidden = found.length === 0
    mark(field, 'aria-expanded', String(found.length > 0))
    move(-1)
  }
  /** @param {Coin | undefined} coin */
  const choose = (coin) => {
    show([])
    if (coin) onChoose(coin)
  }
  field.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') show([])
    else if (event.key === 'Enter' && coins.length > 0) choose(coins[Math.max(active, 0)])
    else if (step !== undefined && coins.length > 0) move(active < 0 && step < 0 ? coins.length - 1 : (active + step + coins.length) % coins.length)
    else return
    event.preventDefault()
  })
  field.addEventListener('blur', () => show([]))
  onPressed(list, (n) => choose(coins[n]))
  return { show }
}

/**
 * Tells which child was pressed, before a field loses the focus.
 * @param {HTMLElement} list
 * @param {(n: number) => void} onChild
 */
function onPressed(list, onChild) {
  list.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    const option = /** @type {Element} */ (event.target).closest('[role=option]')
    if (option) onChild([...list.children].indexOf(option))
  })
}

/** @param {Coin} coin @param {number} n */
function optionOf({ symbol, name, current_price }, n) {
  const node = element('li', '', element('b', '', symbol), element('span', 'cut', name ?? ''), element('span', 'number', price(current_price)))
  node.id = `found-${n}`
  node.setAttribute('role', 'option')
  return node
}

/** @param {Coin} coin */
function showCoin({ symbol, name, current_price, market_cap, market_cap_rank, price_change_24h, total_volume }) {
  const facts = [
    ['Coin', name === null ? symbol : `${name} (${symbol})`],
    ['Price, USD', price(current_price)],
    ['Change, 24 h', signed(price_change_24h)],
    ['Rank', whole(market_cap_rank)],
    ['Market value, USD', whole(market_cap)],
    ['Volume 24 h, USD', whole(total_volume)],
  ]
  byId('coin').replaceChildren(...facts.map(([label = '', value = '']) => element('div', '', element('dt', '', label), element('dd', 'number cut', value))))
}
