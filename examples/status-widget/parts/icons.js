// @ts-check
import { drawn } from './dom.js'

const PATHS = {
  refresh: ['M20 11a8 8 0 0 0-14.3-4.3L3 9.5', 'M3 4v5.5h5.5', 'M4 13a8 8 0 0 0 14.3 4.3L21 14.5', 'M21 20v-5.5h-5.5'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  chevron: ['M6 9l6 6 6-6'],
  expand: ['M9 3H3v6', 'M15 21h6v-6', 'M3 3l7 7', 'M21 21l-7-7'],
  collapse: ['M4 10h6V4', 'M20 14h-6v6', 'M10 10L3 3', 'M14 14l7 7'],
  pulse: ['M3 12h4l3-8 4 16 3-8h4'],
}

/**
 * A drawing that says nothing by itself: its button has the label.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const lines = PATHS[name].map((d) => drawn('path', { d }))
  return drawn('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, ...lines)
}
