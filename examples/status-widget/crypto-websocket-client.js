// @ts-check

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
const MOST_TRIES = 8
/** A connection that ended sooner is a failure too: a server that sends everybody away is not asked again and again. */
const GOOD_AFTER_MS = 5_000
const SILENCE_MS = 45_000

/** @typedef {'connecting' | 'connected' | 'waiting' | 'closed' | 'failed'} ConnectionState `failed`: it gave up, call `connect()` to try again */
/** @typedef {{ type: string, [field: string]: unknown }} Message */

/**
 * The live stream of a feedmux server. It connects again by itself, later each time, and subscribes again; after eight failures in a row it gives up
 * until `connect()` is called.
 *
 * ```js
 * const client = new CryptoWebSocketClient()
 * client.on('price', ({ symbol, price }) => console.log(symbol, price))
 * client.onConnection((state) => console.log(state))
 * client.connect()
 * client.subscribe('prices:BTC')
 * ```
 */
export class CryptoWebSocketClient {
  /** @type {string} */
  #url
  /** @type {WebSocket | undefined} */
  #socket
  /** @type {Map<string, Set<(message: Message) => void>>} */
  #handlers = new Map()
  /** @type {Set<(state: ConnectionState) => void>} */
  #listeners = new Set()
  /** @type {Set<string>} */
  #groups = new Set()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence
  #tries = 0
  #openedAt = Infinity
  /** @type {ConnectionState} */
  #state = 'closed'

  /** @param {string | URL} [url] of the stream or its path; `/ws` of this page's server by default, `wss:` where the page came by https */
  constructor(url = '/ws') {
    const address = new URL(url, globalThis.location?.href)
    address.protocol = address.protocol.replace('http', 'ws')
    this.#url = address.href
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state
  }

  /** Id of the session, once connected. @type {string | undefined} */
  sessionId

  /** Connects, and begins to count failures anew. */
  connect() {
    if (this.#state === 'connecting' || this.#state === 'connected') return
    this.#tries = 0
    this.#open()
  }

  /**
   * Sends a message, if connected.
   *
   * @param {Message} message
   * @returns {boolean} whether it was sent
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  /** @param {string} group `prices`, `prices:BTC`, `market`, `news`, `alerts`, `providers`, `breakers`, `stats` */
  subscribe(group) {
    this.#groups.add(group)
    this.send({ type: 'subscribe', group })
  }

  /** @param {string} group */
  unsubscribe(group) {
    this.#groups.delete(group)
    this.send({ type: 'unsubscribe', group })
  }

  /** Asks for `stats_response` and `stats_update`. */
  requestStats() {
    this.send({ type: 'get_stats' })
  }

  /**
   * Calls for every message of a type; several handlers are possible.
   *
   * @param {string} type `'*'` for all
   * @param {(message: Message) => void} handler
   * @returns {() => void} ends it
   */
  on(type, handler) {
    const handlers = this.#handlers.get(type) ?? new Set()
    this.#handlers.set(type, handlers.add(handler))
    return () => void handlers.delete(handler)
  }

  /**
   * Calls now and whenever the connection changes.
   *
   * @param {(state: ConnectionState) => void} listener
   * @returns {() => void} ends it
   */
  onConnection(listener) {
    this.#listeners.add(listener)
    listener(this.#state)
    return () => void this.#listeners.delete(listener)
  }

  /** Ends the connection for good, until `connect()`. */
  close() {
    clearTimeout(this.#timer)
    clearTimeout(this.#silence)
    const socket = this.#socket
    this.#socket = undefined
    this.sessionId = undefined
    this.#openedAt = Infinity
    socket?.close(1000)
    this.#become('closed')
  }

  #open() {
    clearTimeout(this.#timer)
    this.#become('connecting')
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    socket.addEventListener('open', () => {
      if (socket !== this.#socket) return
      this.#openedAt = performance.now()
      this.#hear()
      this.#become('connected')
      for (const group of this.#groups) this.send({ type: 'subscribe', group })
    })
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) this.#receive(data)
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#lost()
    })
  }

  /** Without a sign of life, four heartbeats for one, a connection is given up: a browser tells nothing of a network that is gone. */
  #hear() {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      this.#socket?.close()
      this.#lost()
    }, SILENCE_MS)
  }

  /** Waits longer each time, by chance up to the full wait, so that not all pages come back at the same moment. */
  #lost() {
    clearTimeout(this.#silence)
    if (performance.now() - this.#openedAt > GOOD_AFTER_MS) this.#tries = 0
    this.#openedAt = Infinity
    this.#socket = undefined
    this.sessionId = undefined
    this.#tries += 1
    if (this.#tries > MOST_TRIES) return this.#become('failed')
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#tries - 1))
    this.#become('waiting')
    this.#timer = setTimeout(() => this.#open(), wait * (0.5 + Math.random() / 2))
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#hear()
    /** @type {unknown} */
    let message
    try {
      message = JSON.parse(String(data))
    } catch {
      return
    }
    if (typeof message !== 'object' || message === null || !('type' in message) || typeof message.type !== 'string') return
    const told = /** @type {Message} */ (message)
    if (told.type === 'welcome') this.sessionId = String(told.session_id)
    for (const handler of [...(this.#handlers.get(told.type) ?? []), ...(this.#handlers.get('*') ?? [])]) handler(told)
  }

  /** @param {ConnectionState} state */
  #become(state) {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

/** @type {Readonly<Record<ConnectionState, string>>} */
const WORDS = { connecting: 'Connecting…', connected: 'Connected', waiting: 'Reconnecting…', closed: 'Not connected', failed: 'Connection lost' }

/**
 * Shows the connection, how many are here and with what, in the elements with the ids `ws-connection-status`, `ws-status-dot`, `ws-status-text`,
 * `active-users-count`, `total-sessions-count`, `online-users-badge` and `client-types-list`, as far as they are on the page. When it gave up, a button
 * in `ws-connection-status` tries again.
 *
 * @param {CryptoWebSocketClient} client
 * @param {Document | ShadowRoot} [root]
 * @returns {() => void} ends it
 */
export function showConnection(client, root = document) {
  /** @param {string} id */
  const element = (id) => root.getElementById(id)
  /** @param {string} id @param {unknown} text */
  const write = (id, text) => {
    const place = element(id)
    if (place !== null && place.textContent !== String(text)) place.textContent = String(text)
  }
  const again = document.createElement('button')
  again.type = 'button'
  again.textContent = 'Reconnect'
  again.addEventListener('click', () => client.connect())
  const ends = [
    client.onConnection((state) => {
      write('ws-status-text', WORDS[state])
      element('ws-status-dot')?.setAttribute('data-state', state)
      element('ws-connection-status')?.setAttribute('data-state', state)
      if (state === 'failed') element('ws-connection-status')?.append(again)
      else again.remove()
    }),
    client.on('stats_update', ({ data }) => {
      const { active_connections: active, total_sessions: sessions, client_types: types } = /** @type {Record<string, unknown>} */ (data)
      write('active-users-count', active)
      write('online-users-badge', active)
      write('total-sessions-count', sessions)
      element('client-types-list')?.replaceChildren(...rowsOf(types))
    }),
  ]
  return () => [...ends, () => again.remove()].forEach((end) => end())
}

/** @param {unknown} types */
function rowsOf(types) {
  return Object.entries(/** @type {Record<string, unknown>} */ (types ?? {})).flatMap(([type, count]) => {
    const row = document.createElement('li')
    row.textContent = `${type}: ${String(count)}`
    return count === 0 ? [] : [row]
  })
}
