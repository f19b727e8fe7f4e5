// @ts-check

/**
 * Makes an element. Text becomes text, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [className]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, className, ...children) {
  const node = document.createElement(name)
  if (className) node.className = className
  node.append(...children)
  return node
}

/**
 * A drawn element.
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 */
export function drawn(name, attributes = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  node.append(...children)
  return node
}

/**
 * A button that says what it does, also where it shows a drawing only.
 * @param {string} className
 * @param {string} label
 * @param {Node | string} content
 * @param {() => void} onClick
 */
export function button(className, label, content, onClick) {
  const node = element('button', className, content)
  node.type = 'button'
  if (typeof content !== 'string') node.setAttribute('aria-label', label)
  if (typeof content !== 'string') node.title = label
  node.addEventListener('click', onClick)
  return node
}

/**
 * Writes a text, where it is another one.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Writes an attribute, where it is another one; null takes it away.
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value
 */
export function mark(node, name, value) {
  if (node.getAttribute(name) === value) return
  if (value === null) node.removeAttribute(name)
  else node.setAttribute(name, value)
}

/**
 * @template T
 * @typedef {{ node: HTMLElement, update(item: T): void }} Row
 */

/**
 * Keeps the children of a node in step with a list: a row stays the same node as long as its key is there, so that focus, selection and scroll stay.
 * @template T
 * @param {Element} parent
 * @param {(item: T) => string} keyOf
 * @param {() => Row<T>} create
 */
export function rows(parent, keyOf, create) {
  /** @type {Map<string, Row<T>>} */
  let shown = new Map()
  return (/** @type {readonly T[]} */ items) => {
    /** @type {Map<string, Row<T>>} */
    const next = new Map()
    for (const item of items) {
      const key = unused(next, keyOf(item))
      const row = shown.get(key) ?? create()
      row.update(item)
      next.set(key, row)
    }
    for (const [key, row] of shown) if (!next.has(key)) row.node.remove()
    let at = parent.firstElementChild
    for (const { node } of next.values()) {
      if (node === at) at = at.nextElementSibling
      else parent.insertBefore(node, at)
    }
    shown = next
  }
}

/**
 * Two items of one name are two rows.
 * @param {Map<string, unknown>} taken
 * @param {string} key
 */
function unused(taken, key) {
  let free = key
  for (let n = 2; taken.has(free); n++) free = `${key} ${n}`
  return free
}
