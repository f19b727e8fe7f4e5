// @ts-check
import { element, mark, say } from '../parts/dom.js'

/** A bar of percent with its words, and a mark at what is aimed at. @param {string} label */
export function bar(label) {
  const title = element('span', 'muted', label)
  const words = element('span', 'number')
  const fill = element('span', 'fill')
  const aim = element('span', 'aim')
  const track = element('span', 'track', fill, aim)
  track.setAttribute('role', 'meter')
  track.setAttribute('aria-valuemin', '0')
  track.setAttribute('aria-valuemax', '100')
  mark(track, 'aria-label', label === '' ? null : label)
  aim.hidden = true
  return {
    node: element('div', 'bar', title, words, track),
    /** @param {string} text */
    name(text) {
      say(title, text)
      mark(track, 'aria-label', text)
    },
    /**
     * @param {number | null} value percent; null: not known
     * @param {string} text
     * @param {number | null} [aimedAt] percent
     */
    show(value, text, aimedAt = null) {
      const shown = Math.min(Math.max(value ?? 0, 0), 100)
      say(words, text)
      fill.style.inlineSize = `${shown}%`
      aim.hidden = aimedAt === null
      aim.style.insetInlineStart = `${Math.min(aimedAt ?? 0, 100)}%`
      mark(track, 'aria-valuenow', String(Math.round(shown)))
      mark(track, 'aria-valuetext', text)
    },
    /** @param {'poor' | 'bad' | null} state */
    warn: (state) => mark(fill, 'data-state', state),
  }
}
