// @ts-check

/**
 * What a visitor opened and closed, kept in this browser; forgotten where storage is refused.
 * @param {string} name
 */
export function remembered(name) {
  const key = `${name}:open`
  /** @type {Record<string, boolean>} */
  const known = read(key)
  return {
    /** @param {string} part @returns {boolean | undefined} */
    get: (part) => (typeof known[part] === 'boolean' ? known[part] : undefined),
    /** @param {string} part @param {boolean} open */
    set(part, open) {
      known[part] = open
      try {
        localStorage.setItem(key, JSON.stringify(known))
      } catch {
        // private mode, or full: it is remembered until the page goes
      }
    },
  }
}

/** @param {string} key @returns {Record<string, boolean>} */
function read(key) {
  try {
    const held = JSON.parse(localStorage.getItem(key) ?? '{}')
    return typeof held === 'object' && held !== null ? { ...held } : {}
  } catch {
    return {}
  }
}
