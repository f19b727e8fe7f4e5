// @ts-check
import { element } from '../../parts/dom.js'

const MOST_CHARACTERS = 20_000
// A key, a text, a number or a word; what lies between is punctuation.
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g

/**
 * Shows a value as indented JSON. All of it is text: markup in an answer stays letters.
 * @param {HTMLElement} node
 * @param {unknown} value
 */
export function showJson(node, value) {
  const whole = JSON.stringify(value, undefined, 2) ?? 'undefined'
  const text = whole.slice(0, MOST_CHARACTERS)
  const parts = [...colored(text)]
  if (whole.length > text.length) parts.push(element('span', 'note', `\n… ${whole.length - text.length} more characters`))
  node.replaceChildren(...parts)
  node.scrollTop = 0
}

/** @param {string} text */
function* colored(text) {
  let at = 0
  for (const found of text.matchAll(TOKEN)) {
    yield document.createTextNode(text.slice(at, found.index))
    const [token, string, colon, number] = found
    const kind = string === undefined ? (number === undefined ? 'word' : 'figure') : colon === undefined ? 'text' : 'key'
    yield element('span', `json-${kind}`, string === undefined ? token : string)
    if (colon !== undefined) yield document.createTextNode(colon)
    at = found.index + token.length
  }
  yield document.createTextNode(text.slice(at))
}
