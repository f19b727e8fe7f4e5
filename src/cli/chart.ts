import { plot } from 'asciichart'
import { price } from './format.js'

const HEIGHT = 8
const MOST_POINTS = 100

/** A small line chart of prices, as wide as fits into `columns`; the newest are kept. */
export function chart(values: readonly number[], columns = 80): string {
  const widest = values.reduce((width, value) => Math.max(width, price(value).length), 0)
  const room = Math.max(10, Math.min(columns - widest - 4, MOST_POINTS))
  const shown = values.slice(-room)
  if (shown.length < 2) return ''
  return plot(shown, { height: HEIGHT, offset: 2, format: (value) => price(value).padStart(widest) })
}
