// @ts-check
import { ask } from '../../parts/ask.js'
import { say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { clockTime, price, reasonOf } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 15_000
const LIBRARY = '/static/vendor/lightweight-charts.mjs'

/** @typedef {{ open: number, high: number, low: number, close: number, timestamp: number }} Candle */

/** A chart of candles; `show` chooses the asset. */
export function startChart() {
  const shown = { symbol: 'BTC', timeframe: '1h', fit: true }
  const drawing = drawChart()
  /** @param {readonly Candle[]} list @param {boolean} fit */
  const draw = async (list, fit) => (await drawing)?.show(list, fit)
  const note = byId('chart-note')
  const candles = feed({
    ask: (signal) => ask(`/api/market/ohlc?symbol=${encodeURIComponent(shown.symbol)}&timeframe=${shown.timeframe}`, { signal }),
    everyMs: () => EVERY_MS,
    onData: (answer) => {
      say(note, sentence(answer))
      say(byId('chart-title'), answer.symbol)
      byId('chart').setAttribute('aria-label', `Candle chart of ${answer.symbol}, ${answer.timeframe}. ${sentence(answer)}`)
      const { fit } = shown
      shown.fit = false
      void draw(answer.ohlc, fit)
    },
    onError: (error) => {
      say(note, `${shown.symbol}: ${reasonOf(error)}`)
      // the candles of another asset would stand under this one's name
      if (shown.fit) void draw([], false)
    },
  })
  const again = () => {
    shown.fit = true
    candles.stop()
    candles.start()
  }
  /** @type {HTMLSelectElement} */
  const choice = byId('timeframe')
  choice.addEventListener('change', () => {
    shown.timeframe = choice.value
    again()
  })
  candles.start()
  return {
    /** @param {string} symbol */
    show(symbol) {
      shown.symbol = symbol
      say(byId('chart-title'), symbol)
      again()
    },
  }
}

/** @param {{ ohlc: Candle[], source: string }} answer */
function sentence({ ohlc, source }) {
  const last = ohlc.at(-1)
  if (!last) return 'No candles'
  return `O ${price(last.open)}  H ${price(last.high)}  L ${price(last.low)}  C ${price(last.close)} | ${source}, ${clockTime(Date.now())}`
}

async function drawChart() {
  const place = byId('chart')
  const library = await import(LIBRARY).catch(() => undefined)
  if (!library) {
    say(place, 'The chart cannot be drawn: lightweight-charts is not served.')
    return undefined
  }
  // its logo brings an inline style sheet, which the policy of the page refuses: the link under the chart stands for it
  const chart = library.createChart(place, {
    autoSize: true,
    layout: { attributionLogo: false },
    timeScale: { timeVisible: true, borderVisible: false },
    rightPriceScale: { borderVisible: false },
    localization: { priceFormatter: price },
  })
  const candles = chart.addSeries(library.CandlestickSeries, {
    upColor: '#10b981',
    downColor: '#ef4444',
    wickUpColor: '#10b981',
    wickDownColor: '#ef4444',
    borderVisible: false,
  })
  const paint = () => chart.applyOptions(colors())
  paint()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint)
  return {
    /** @param {readonly Candle[]} list @param {boolean} fit */
    show(list, fit) {
      // The library counts in seconds, and takes local time for UTC. One offset for all: where clocks go back an hour would come twice, which it refuses.
      const ahead = new Date(list.at(-1)?.timestamp ?? 0).getTimezoneOffset() * 60
      candles.setData(list.map(({ timestamp, ...values }) => ({ time: Math.floor(timestamp / 1_000) - ahead, ...values })))
      const digits = Math.max(2, price(list.at(-1)?.close).split('.')[1]?.length ?? 2)
      candles.applyOptions({ priceFormat: { type: 'price', precision: digits, minMove: 10 ** -digits } })
      if (fit) chart.timeScale().fitContent()
    },
  }
}

function colors() {
  const style = getComputedStyle(byId('chart'))
  const grid = { color: style.borderTopColor }
  return {
    layout: { background: { type: 'solid', color: 'transparent' }, textColor: style.color, fontSize: 11, fontFamily: style.fontFamily },
    grid: { vertLines: grid, horzLines: grid },
  }
}
