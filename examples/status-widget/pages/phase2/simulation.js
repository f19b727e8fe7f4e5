// @ts-check
import { ask, Refusal } from '../../parts/ask.js'
import { element, mark, rows, say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { reasonOf, whole } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 2_000
const INVITATION = 'Break a simulated provider and watch the others answer.'
const FAULTS = /** @type {const} */ ([
  ['kill', 'Kill'],
  ['slow', 'Slow'],
  ['rate-limit', '429'],
  ['corrupt', 'Corrupt'],
])

/** @typedef {{ id: string, name: string, fault: string | null, calls: number, shown: number }} Simulated */

/**
 * Lets visitors break the simulated providers, and shows what the router thinks of each.
 * @param {{ set(on: boolean): void }} traffic
 */
export function startSimulation(traffic) {
  /** @type {Map<string, string>} status by name, as the widget has it */
  const health = new Map()
  /** @type {Simulated[]} */
  let known = []
  const note = byId('simulation-note')
  const row = () =>
    faultRow(
      (id, fault) => void set(id, fault),
      (name) => health.get(name) ?? '',
    )
  const fill = rows(byId('faults'), (/** @type {Simulated} */ { id }) => id, row)

  /** @param {string} id @param {string | null} fault */
  async function set(id, fault) {
    try {
      const told = await ask(`/api/simulation/${encodeURIComponent(id)}`, { method: 'POST', body: { fault }, token: tokenOf() })
      known = known.map((one) => (one.id === id ? told : one))
      fill(known)
      say(note, fault === null ? `${told.name} is itself again.` : `${told.name}: ${fault}. Watch who answers now.`)
    } catch (error) {
      say(note, reasonOf(error))
    }
  }

  byId('heal-all').addEventListener('click', () => {
    for (const { id, fault } of known) if (fault !== null) void set(id, null)
  })
  byId('health').addEventListener('feedmux-data', (event) => {
    for (const [name, status] of statesIn(/** @type {CustomEvent<import('../../answers').Health>} */ (event).detail)) health.set(name, status)
    fill(known)
  })
  startAdmin()
  watch(note, traffic, (providers) => fill((known = providers)))
}

/**
 * Real providers cannot be broken: then it ends with the first answer.
 * @param {HTMLElement} note
 * @param {{ set(on: boolean): void }} traffic
 * @param {(providers: Simulated[]) => void} onData
 */
function watch(note, traffic, onData) {
  let isFirst = true
  let isOut = false
  const state = feed({
    ask: (signal) => ask('/api/simulation', { signal }).catch(notThere),
    everyMs: () => EVERY_MS,
    onData({ simulated, providers }) {
      if (isFirst) traffic.set(simulated)
      if (isOut) say(note, INVITATION)
      isFirst = isOut = false
      if (simulated) return onData(providers)
      state.stop()
      notSimulated(note)
    },
    onError(error) {
      isOut = true
      say(note, `Unavailable: ${reasonOf(error)}`)
    },
  })
  state.start()
}

/**
 * @param {import('../../answers').Health} told
 * @returns {[name: string, status: string][]}
 */
const statesIn = ({ health }) => Object.values(health.providers).flatMap((list) => (Array.isArray(list) ? list.map(({ name, status }) => [name, status]) : []))

/** A server without this route simulates nothing. @param {unknown} error */
function notThere(error) {
  if (error instanceof Refusal && error.status === 404) return { simulated: false, providers: [] }
  throw error
}

/** @param {HTMLElement} note */
function notSimulated(note) {
  say(note, 'The server asks real providers: nothing can be broken here. Start it without --live to try.')
  byId('heal-all').hidden = true
}

function tokenOf() {
  /** @type {HTMLInputElement} */
  const field = byId('token')
  return field.value.trim()
}

/** The one guarded action of the page. */
function startAdmin() {
  const note = byId('admin-note')
  const clear = async () => {
    try {
      await ask('/api/multi-source/cache/clear', { method: 'POST', body: {}, token: tokenOf() })
      say(note, 'The cache is empty: the next questions go to the providers.')
    } catch (error) {
      say(note, error instanceof Refusal && error.status === 401 ? 'The server does not know this token.' : reasonOf(error))
    }
  }
  byId('admin').addEventListener('submit', (event) => {
    event.preventDefault()
    void clear()
  })
}

/**
 * @param {(id: string, fault: string | null) => void} onSet
 * @param {(name: string) => string} healthOf
 * @returns {import('../../parts/dom.js').Row<Simulated>}
 */
function faultRow(onSet, healthOf) {
  let current = { id: '', fault: /** @type {string | null} */ (null) }
  const name = element('span', 'cut strong')
  const state = element('span', 'note state')
  const buttons = FAULTS.map(([fault, label]) => {
    const one = element('button', 'small toggle', label)
    one.type = 'button'
    one.addEventListener('click', () => onSet(current.id, current.fault === fault ? null : fault))
    return one
  })
  const node = element('div', 'fault', name, state, element('div', 'toggles', ...buttons))
  node.setAttribute('role', 'group')
  return {
    node,
    update(row) {
      current = row
      const status = healthOf(row.name)
      say(name, row.name)
      say(state, [status, `${whole(row.calls)} calls`].filter(Boolean).join(', '))
      mark(node, 'aria-label', row.name)
      mark(node, 'data-fault', row.fault)
      for (const [n, one] of buttons.entries()) mark(one, 'aria-pressed', String(FAULTS[n]?.[0] === row.fault))
    },
  }
}
