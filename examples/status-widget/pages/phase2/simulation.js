// @ts-check
import { ask, Refusal } from '../../parts/ask.js'
import { element, mark, rows, say } from '../../parts/dom.js'
import { everySecond, feed } from '../../parts/feed.js'
import { countdown, moment, reasonOf, whole } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 2_000
const INVITATION = 'Break a simulated provider and watch the others answer.'
const FAULTS = /** @type {const} */ ([
  ['kill', 'Kill', 'takes no connection'],
  ['slow', 'Slow', 'answers a hundred times slower'],
  ['rate-limit', '429', 'answers 429, too many requests'],
  ['corrupt', 'Corrupt', 'answers nonsense'],
])
const HEALED = 'works again. The router finds out when its breaker lets a trial through, or its rest is over.'

/** @typedef {{ id: string, name: string, fault: string | null, calls: number, shown: number }} Simulated */

/**
 * Lets visitors break the simulated providers, and shows what the router thinks of each.
 * @param {{ set(on: boolean): void }} traffic
 */
export function startSimulation(traffic) {
  /** @type {Map<string, string>} by name, as the widget has it */
  let states = new Map()
  /** @type {{ data: import('../../answers').Health, receivedAt: number } | undefined} */
  let told
  /** @type {Simulated[]} */
  let known = []
  const note = byId('simulation-note')
  const row = () =>
    faultRow(
      (id, fault) => void set(id, fault),
      (name) => states.get(name) ?? '',
    )
  const fill = rows(byId('faults'), (/** @type {Simulated} */ { id }) => id, row)

  /** @param {string} id @param {string | null} fault */
  async function set(id, fault) {
    try {
      const changed = await ask(`/api/simulation/${encodeURIComponent(id)}`, { method: 'POST', body: { fault }, token: tokenOf() })
      known = known.map((one) => (one.id === id ? changed : one))
      fill(known)
      say(note, `${changed.name} ${fault === null ? HEALED : `${wordsOf(fault)}. Watch who answers now.`}`)
    } catch (error) {
      say(note, reasonOf(error))
    }
  }

  byId('heal-all').addEventListener('click', () => {
    const broken = known.filter(({ fault }) => fault !== null)
    if (broken.length === 0) return say(note, 'Nothing is broken.')
    void Promise.all(broken.map(({ id }) => set(id, null))).then(() => {
      if (broken.length > 1 && known.every(({ fault }) => fault === null)) say(note, `Everybody ${HEALED}`)
    })
  })
  const show = () => {
    if (told) states = statesIn(told.data, Date.now() - told.receivedAt)
    fill(known)
  }
  byId('health').addEventListener('feedmux-data', (event) => {
    told = { data: /** @type {CustomEvent<import('../../answers').Health>} */ (event).detail, receivedAt: Date.now() }
    show()
  })
  everySecond(show)
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

/** What a provider does with this fault. @param {string} fault */
const wordsOf = (fault) => FAULTS.find(([name]) => name === fault)?.[2] ?? fault

/**
 * What the router thinks of each, and when it will try one again that is down; by name.
 * @param {import('../../answers').Health} told
 * @param {number} age of that answer, in ms
 * @returns {Map<string, string>}
 */
function statesIn({ health, breakers }, age) {
  const now = (moment(health.timestamp) ?? Date.now()) + age
  const trials = new Map(Object.values(breakers.circuit_breakers).flatMap((list) => list.map((one) => [one.name ?? one.provider, moment(one.next_attempt_at)])))
  const wordOf = (/** @type {import('../../answers').HealthRow} */ { name, status }) => {
    const trialAt = status === 'down' ? trials.get(name) : undefined
    if (trialAt !== undefined) return trialAt > now ? `down, trial in ${countdown(trialAt - now)}` : 'down, trial next'
    return status === 'unknown' ? '' : status.replaceAll('_', ' ')
  }
  return new Map(Object.values(health.providers).flatMap((list) => (Array.isArray(list) ? list.map((row) => [row.name, wordOf(row)]) : [])))
}

/** A server without this route simulates nothing. @param {unknown} error */
function notThere(error) {
  if (error instanceof Refusal && error.status === 404) return { simulated: false, providers: [] }
  throw error
}

/** @param {HTMLElement} note */
function notSimulated(note) {
  say(note, 'The server asks real providers: nothing can be broken here. Start it without --live to try.')
  byId('heal-all').hidden = true
  byId('faults').hidden = true
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
  const buttons = FAULTS.map(([fault, label, words]) => {
    const one = element('button', 'small toggle', label)
    one.type = 'button'
    one.title = `It ${words}`
    one.addEventListener('click', () => onSet(current.id, current.fault === fault ? null : fault))
    return one
  })
  const node = element('div', 'fault', name, state, element('div', 'toggles', ...buttons))
  node.setAttribute('role', 'group')
  return {
    node,
    update(row) {
      current = row
      const calls = row.calls === 0 ? 'no calls' : `${whole(row.calls)} call${row.calls === 1 ? '' : 's'}`
      say(name, row.name)
      name.title = row.name
      say(state, [healthOf(row.name), calls].filter(Boolean).join(', '))
      mark(node, 'aria-label', row.name)
      mark(node, 'data-fault', row.fault)
      for (const [n, one] of buttons.entries()) mark(one, 'aria-pressed', String(FAULTS[n]?.[0] === row.fault))
    },
  }
}
