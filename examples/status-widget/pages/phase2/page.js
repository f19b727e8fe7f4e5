// @ts-check

/**
 * An element of the page that has to be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`the page has no element #${id}`)
  return /** @type {T} */ (node)
}
