// @ts-check
import { breakersPart, hostsPart } from './health/hosts.js'
import { detailPart } from './health/detail.js'
import { readDetail } from './health/read-detail.js'
import { HEALTH_SHEET } from './health/styles.js'
import { categoriesPart, summaryPart } from './health/summary.js'
import { frameOf } from './health/frame.js'
import { ask, Refusal } from './parts/ask.js'
import { mark } from './parts/dom.js'
import { everySecond, feed } from './parts/feed.js'
import { clockTime, intervalOf, moment, reasonOf } from './parts/format.js'
import { THEME } from './parts/sheets.js'
import { streamBeside } from './parts/stream.js'

const ENDPOINT = '/api/system'
const EVERY_MS = 10_000

/** @typedef {import('./answers').Health} Health */

/**
 * `<feedmux-health>`: how the providers, the hosts of Binance and the circuit breakers are; expanded, each provider in detail.
 * Attributes: `api-endpoint` (where `…/providers/health` is), `refresh-rate` (ms; polls instead of listening), `auto-refresh="off"`, `stream-endpoint`,
 * `expanded`, `theme`. Events: `feedmux-data` with the answers as `detail`.
 */
export class FeedmuxHealth extends HTMLElement {
  static observedAttributes = ['api-endpoint', 'refresh-rate', 'auto-refresh', 'stream-endpoint', 'expanded']

  #summary = summaryPart()
  #categories = categoriesPart()
  #hosts = hostsPart()
  #breakers = breakersPart()
  #detail = detailPart()
  #frame = frameOf(this, [this.#summary, this.#categories, this.#hosts, this.#breakers, this.#detail])
  #feed = feed({
    ask: (signal) => readHealth(this.apiEndpoint, signal),
    everyMs: () => this.refreshRate,
    stream: () => this.#stream(),
    onData: (/** @type {Health} */ data) => this.#show(data),
    onError: (error, nextInMs) => this.#frame.failed(reasonOf(error), nextInMs),
  })
  #detailFeed = feed({
    ask: (signal) => readDetail(this.apiEndpoint, signal),
    everyMs: () => Math.max(this.refreshRate, EVERY_MS),
    onData: (data) => this.#detail.update(data),
    onError: (error) => this.#detail.failed(reasonOf(error)),
  })
  /** @type {{ data: Health, receivedAt: number } | undefined} */ #last
  /** @type {(() => void) | undefined} */ #stopTicking
  #isShown = false

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [THEME, HEALTH_SHEET]
    root.append(this.#frame.node)
  }

  get apiEndpoint() {
    return (this.getAttribute('api-endpoint') ?? ENDPOINT).replace(/\/$/, '')
  }
  set apiEndpoint(url) {
    this.setAttribute('api-endpoint', url)
  }

  /** Pause between two polls, in ms. @default 10000 */
  get refreshRate() {
    return intervalOf(this.getAttribute('refresh-rate')) ?? EVERY_MS
  }
  set refreshRate(ms) {
    this.setAttribute('refresh-rate', String(ms))
  }

  get autoRefresh() {
    return !['off', 'false'].includes(this.getAttribute('auto-refresh') ?? 'on')
  }
  set autoRefresh(on) {
    this.setAttribute('auto-refresh', on ? 'on' : 'off')
  }

  get expanded() {
    return this.hasAttribute('expanded')
  }
  set expanded(on) {
    this.toggleAttribute('expanded', on)
  }

  connectedCallback() {
    this.init()
  }

  disconnectedCallback() {
    this.#isShown = false
    this.#feed.stop()
    this.#detailFeed.stop()
    this.#stopTicking?.()
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    // a page's own tag has its attributes read before it begins
    if (before === after || !this.#isShown) return
    if (name !== 'expanded') this.#ask(this.#feed, name === 'auto-refresh')
    this.#showDetail(name === 'auto-refresh')
  }

  /** Begins to show: at once and, unless it is switched off, again and again. */
  init() {
    if (!this.isConnected) return
    this.#isShown = true
    this.#stopTicking?.()
    this.#stopTicking = everySecond(() => this.render())
    this.#ask(this.#feed)
    this.#showDetail()
  }

  startAutoRefresh() {
    this.autoRefresh = true
  }

  stopAutoRefresh() {
    this.autoRefresh = false
  }

  /**
   * Asks anew: again and again, or once where that is switched off.
   * @param {{ start(): void, stop(): void, refresh(): Promise<void> }} source
   * @param {boolean} [isSwitched] only whether it goes on has changed: what is shown is still right
   */
  #ask(source, isSwitched = false) {
    this.#frame.automatic(this.autoRefresh)
    source.stop()
    if (this.autoRefresh) source.start()
    else if (!isSwitched) void source.refresh()
  }

  #showDetail(isSwitched = false) {
    this.#frame.expand(this.expanded)
    if (this.expanded) this.#ask(this.#detailFeed, isSwitched)
    else this.#detailFeed.stop()
  }

  /** Asks now. */
  async refresh() {
    const { refresh } = this.#frame
    mark(refresh, 'aria-busy', 'true')
    await Promise.all([this.#feed.refresh(), ...(this.expanded ? [this.#detailFeed.refresh()] : [])])
    mark(refresh, 'aria-busy', null)
  }

  /** Writes what is known, with its ages and countdowns as they are now. */
  render() {
    if (!this.#last) return
    const { data, receivedAt } = this.#last
    const now = (moment(data.health.timestamp) ?? receivedAt) + Date.now() - receivedAt
    this.#summary.update(data.health)
    this.#categories.update(data.health)
    this.#hosts.update(data.binance, now)
    this.#breakers.update(data.breakers, now)
  }

  /** Ends everything and leaves the page. */
  destroy() {
    this.remove()
  }

  #stream() {
    if (intervalOf(this.getAttribute('refresh-rate')) !== undefined) return undefined
    const endpoint = streamBeside(this.getAttribute('stream-endpoint'), this.apiEndpoint, ENDPOINT)
    return endpoint === undefined ? undefined : { endpoint, topic: 'health' }
  }

  /** @param {Health} data */
  #show(data) {
    const before = this.#last
    this.#last = { data, receivedAt: Date.now() }
    try {
      this.render()
    } catch (error) {
      // another form than expected: what was understood stays
      this.#last = before
      this.render()
      throw error
    }
    this.#frame.fresh(clockTime(moment(data.health.timestamp)))
    this.dispatchEvent(new CustomEvent('feedmux-data', { detail: data }))
  }
}

/**
 * The three answers, asked at the same time. No Binance is no failure.
 * @param {string} base
 * @param {AbortSignal} signal
 * @returns {Promise<Health>}
 */
async function readHealth(base, signal) {
  const [health, binance, breakers] = await Promise.all([
    ask(`${base}/providers/health`, { signal }),
    ask(`${base}/binance/health`, { signal }).catch((error) => {
      if (error instanceof Refusal && error.status === 404) return null
      throw error
    }),
    ask(`${base}/circuit-breakers`, { signal }),
  ])
  return { health, binance, breakers }
}

if (!customElements.get('feedmux-health')) customElements.define('feedmux-health', FeedmuxHealth)

/** @type {Map<string, FeedmuxHealth>} */
const byContainer = new Map()

/**
 * Puts a widget into a container; a second call for the same container gives the same widget.
 * @param {string} containerId
 * @param {{ apiEndpoint?: string, refreshRate?: number, autoRefresh?: boolean }} [options]
 */
export function initProviderHealthWidget(containerId, options = {}) {
  const container = document.getElementById(containerId)
  if (!container) throw new Error(`no element has the id ${JSON.stringify(containerId)}: give the id of the container`)
  const held = byContainer.get(containerId)
  if (held && container.contains(held)) return held
  const widget = /** @type {FeedmuxHealth} */ (document.createElement('feedmux-health'))
  Object.assign(widget, options)
  byContainer.delete(containerId)
  byContainer.set(containerId, widget)
  container.append(widget)
  return widget
}

/**
 * The widget of a container; without an id, the one made last. Undefined where there is none, or no longer.
 * @param {string} [containerId]
 */
export function getProviderHealthWidget(containerId) {
  const found = containerId === undefined ? [...byContainer.values()].reverse().find((widget) => widget.isConnected) : byContainer.get(containerId)
  return found?.isConnected ? found : undefined
}
