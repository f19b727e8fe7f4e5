// @ts-check
import { element, mark, say } from './dom.js'
import { icon } from './icons.js'

let count = 0

/**
 * A part of a panel that can be closed. What is closed is out of reach of the keyboard, too.
 * @param {{ title: string, open: boolean, onToggle: (open: boolean) => void }} options
 * @param {...Node} content
 */
export function section({ title, open, onToggle }, ...content) {
  const id = `part-${(count += 1)}`
  const note = element('span', 'note')
  const head = element('button', 'head', element('span', 'chevron', icon('chevron')), element('span', 'title', title), note)
  head.type = 'button'
  head.setAttribute('aria-controls', id)
  const body = element('div', 'body', element('div', 'inner', ...content))
  body.id = id
  const node = element('section', 'section', element('h3', '', head), body)

  /** @param {boolean} isOpen */
  function set(isOpen) {
    mark(head, 'aria-expanded', String(isOpen))
    body.inert = !isOpen
  }

  head.addEventListener('click', () => {
    const isOpen = head.getAttribute('aria-expanded') !== 'true'
    set(isOpen)
    onToggle(isOpen)
  })
  set(open)
  return {
    node,
    /** @param {string} text a word beside the title */
    note: (text) => say(note, text),
  }
}

export const SECTION_CSS = `
.section { border-bottom: 1px solid var(--line) }
.head { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 44px; padding: 8px 14px 8px 10px; border: 0; background: none; text-align: start; font-weight: 600; cursor: pointer }
.head:hover { background: var(--raised) }
.head:focus-visible { outline-offset: -3px }
.chevron { display: inline-grid; width: 18px; height: 18px; color: var(--muted); transition: rotate 0.3s }
.chevron svg { width: 16px; height: 16px; margin: 1px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.head[aria-expanded='false'] .chevron { rotate: -90deg }
.title { flex: 1 }
.note { font-weight: 400; font-size: 12px; color: var(--muted) }
.body { display: grid; grid-template-rows: 1fr; transition: grid-template-rows 0.3s }
.body[inert] { grid-template-rows: 0fr }
.inner { min-height: 0; overflow: hidden; padding: 0 14px 0 14px }
.inner::after { display: block; height: 12px; content: '' }
`
