// @ts-check
import { drawn, mark } from '../parts/dom.js'

const WIDTH = 120
const HEIGHT = 24

/** A line of figures over time; where nothing was measured, nothing is drawn. @param {string} label */
export function sparkline(label) {
  const path = drawn('path', { d: '', fill: 'none' })
  const node = drawn('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'spark', role: 'img', 'aria-label': label }, path)
  return {
    node,
    /**
     * @param {readonly (number | null)[]} values
     * @param {string} said what the line says, in words
     */
    show(values, said) {
      mark(path, 'd', lineOf(values))
      mark(node, 'aria-label', said)
    },
  }
}

/** @param {readonly (number | null)[]} values */
export function lineOf(values) {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return ''
  const top = Math.max(...known) || 1
  const step = WIDTH / Math.max(values.length - 1, 1)
  let pen = 'M'
  return values
    .map((value, n) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const point = `${pen}${(n * step).toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`
      // a lone value is a dot: a line of no length with round ends
      const dot = pen === 'M' && (values[n + 1] ?? null) === null ? 'h0' : ''
      pen = 'L'
      return point + dot
    })
    .join('')
}
