// @ts-check
import { element, mark, say } from './dom.js'
import { NOTHING } from './format.js'

const LIGHTS = { good: '🟢', poor: '🟡', bad: '🔴', off: '⚫' }

/** @typedef {keyof typeof LIGHTS} State */

/**
 * A light: drawn, with its sign as text for whoever copies it; colour and shape say the same, and what is read out stands beside it.
 * @returns {{ node: HTMLElement, show(state: State): void }}
 */
export function light() {
  const node = element('span', 'dot')
  node.setAttribute('aria-hidden', 'true')
  return {
    node,
    show(state) {
      mark(node, 'data-state', state)
      say(node, LIGHTS[state])
    },
  }
}

/**
 * A line `Label: 🟢 words`.
 * @param {string} label
 */
export function lit(label) {
  const lamp = light()
  const words = element('span', 'cut', NOTHING)
  lamp.show('off')
  const node = element('div', 'pair', element('span', 'muted', `${label}:`), element('span', 'lit', ' ', lamp.node, ' ', words))
  return {
    node,
    /**
     * @param {State} state
     * @param {string} text
     */
    show(state, text) {
      lamp.show(state)
      say(words, text)
    },
  }
}
