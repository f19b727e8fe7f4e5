// @ts-check
import { ask } from './parts/ask.js'
import { button, element, mark, say } from './parts/dom.js'
import { everySecond, feed } from './parts/feed.js'
import { clockTime, duration, intervalOf, moment, reasonOf, sentence } from './parts/format.js'
import { icon } from './parts/icons.js'
import { section } from './parts/section.js'
import { remembered } from './parts/memory.js'
import { THEME } from './parts/sheets.js'
import { streamBeside } from './parts/stream.js'
import { errorsSection } from './status/errors.js'
import { infrastructureSection, modelsSection, performanceSection, resourcesSection } from './status/facts.js'
import { providersSection } from './status/providers.js'
import { STATUS_SHEET } from './status/styles.js'

const ENDPOINT = '/api/system/status'
const EVERY_MS = 3_000
// Narrower than this the drawer covers the page: then nothing behind it can be reached.
const NARROW = '(max-width: 480px)'
const HEALTH = new Map([
  ['online', 'good'],
  ['degraded', 'poor'],
  ['partial', 'poor'],
  ['offline', 'bad'],
])

/** @typedef {import('./answers').SystemStatus} SystemStatus */

/**
 * `<feedmux-status>`: a round button at the right edge, and the drawer that it opens: how providers, engines, infrastructure and the router stand.
 * Asks only while it is open. Attributes: `api-endpoint`, `update-interval` (ms; polls instead of listening), `stream-endpoint`, `theme`.
 * Events: `feedmux-open`, `feedmux-close`, `feedmux-data` with the answer as `detail`.
 */
export class FeedmuxStatus extends HTMLElement {
  static observedAttributes = ['api-endpoint', 'update-interval', 'stream-endpoint']

  #sections = remembered('feedmux-status')
  #parts = partsOf(this.#sections)
  #view = drawerOf(this, this.#parts)
  #feed = feed({
    ask: (signal) => ask(this.apiEndpoint, { signal }),
    everyMs: () => this.updateInterval,
    stream: () => this.#stream(),
    onData: (/** @type {SystemStatus} */ status) => this.#show(status),
    onError: (error, nextInMs) => this.#fail(error, nextInMs),
  })
  /** @type {{ status: SystemStatus, receivedAt: number } | undefined} */ #last
  /** @type {(() => void) | undefined} */ #stopTicking
  #isOpen = false

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [THEME, STATUS_SHEET]
    root.append(this.#view.fab, this.#view.dialog)
  }

  get apiEndpoint() {
    return this.getAttribute('api-endpoint') ?? ENDPOINT
  }
  set apiEndpoint(url) {
    this.setAttribute('api-endpoint', url)
  }

  /** Pause between two polls, in ms. @default 3000 */
  get updateInterval() {
    return intervalOf(this.getAttribute('update-interval')) ?? EVERY_MS
  }
  set updateInterval(ms) {
    this.setAttribute('update-interval', String(ms))
  }

  get isOpen() {
    return this.#isOpen
  }

  /** Slides in, and begins to ask. */
  open() {
    if (this.#isOpen || !this.isConnected) return
    this.#isOpen = true
    const { dialog, fab, close } = this.#view
    if (matchMedia(NARROW).matches) dialog.showModal()
    else dialog.show()
    mark(fab, 'aria-expanded', 'true')
    close.focus()
    this.#feed.start()
    this.#stopTicking = everySecond(() => this.#age())
    this.dispatchEvent(new CustomEvent('feedmux-open'))
  }

  /** Slides out, and asks no more. */
  close() {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#rest()
    const { dialog, fab } = this.#view
    // a page that closes it while its visitor is elsewhere takes nothing from them
    const hadFocus = this.shadowRoot?.activeElement != null
    if (dialog.open) dialog.close()
    mark(fab, 'aria-expanded', 'false')
    if (hadFocus) fab.focus()
    this.dispatchEvent(new CustomEvent('feedmux-close'))
  }

  toggle() {
    if (this.#isOpen) this.close()
    else this.open()
  }

  /** Asks now. */
  async refresh() {
    mark(this.#view.refresh, 'aria-busy', 'true')
    await this.#feed.refresh()
    mark(this.#view.refresh, 'aria-busy', null)
  }

  /** Ends everything and leaves the page. */
  destroy() {
    this.remove()
  }

  disconnectedCallback() {
    this.#isOpen = false
    if (this.#view.dialog.open) this.#view.dialog.close()
    mark(this.#view.fab, 'aria-expanded', 'false')
    this.#rest()
  }

  attributeChangedCallback() {
    if (!this.#isOpen) return
    this.#feed.stop()
    this.#feed.start()
  }

  #rest() {
    this.#feed.stop()
    this.#stopTicking?.()
  }

  #stream() {
    if (intervalOf(this.getAttribute('update-interval')) !== undefined) return undefined
    const endpoint = streamBeside(this.getAttribute('stream-endpoint'), this.apiEndpoint, ENDPOINT)
    return endpoint === undefined ? undefined : { endpoint, topic: 'status' }
  }

  /** @param {SystemStatus} status */
  #show(status) {
    const before = this.#last
    this.#last = { status, receivedAt: Date.now() }
    try {
      for (const { part, frame } of this.#parts) frame.note(part.note(status))
      this.#age()
    } catch (error) {
      // another form than expected: what was understood stays
      this.#last = before
      this.#age()
      throw error
    }
    this.#view.fresh(status.overall_health, clockTime(moment(status.timestamp)))
    this.dispatchEvent(new CustomEvent('feedmux-data', { detail: status }))
  }

  /** Ages grow by the server's clock, also between two answers. */
  #age() {
    if (!this.#last) return
    const { status, receivedAt } = this.#last
    const now = (moment(status.timestamp) ?? receivedAt) + Date.now() - receivedAt
    for (const { part } of this.#parts) part.update(status, now)
  }

  /**
   * @param {unknown} error
   * @param {number} nextInMs
   */
  #fail(error, nextInMs) {
    this.#view.failed(reasonOf(error), nextInMs, this.#last === undefined)
  }
}

/** @param {ReturnType<typeof remembered>} sections */
function partsOf(sections) {
  const parts = /** @type {const} */ ([
    ['All Providers', providersSection()],
    ['AI Models', modelsSection()],
    ['Infrastructure', infrastructureSection()],
    ['Resource Breakdown', resourcesSection()],
    ['Recent Errors', errorsSection()],
    ['Performance', performanceSection()],
  ])
  return parts.map(([title, part]) => {
    const isOpen = sections.get(title) ?? title !== 'Recent Errors'
    return { part, frame: section({ title, open: isOpen, onToggle: (open) => sections.set(title, open) }, ...part.content) }
  })
}

/**
 * @param {FeedmuxStatus} owner
 * @param {ReturnType<typeof partsOf>} parts
 */
function drawerOf(owner, parts) {
  const fab = button('fab', 'Open status panel', icon('pulse'), () => owner.toggle())
  fab.setAttribute('aria-haspopup', 'dialog')
  fab.setAttribute('aria-expanded', 'false')
  const refresh = button('icon', 'Refresh status', icon('refresh'), () => void owner.refresh())
  const close = button('icon', 'Close status panel', icon('close'), () => owner.close())
  const pill = element('span', 'pill', 'waiting')
  const title = element('h2', '', 'System Status')
  title.id = 'title'
  const updated = element('p', 'updated', 'Last update: –')
  const trouble = element('p', 'trouble')
  trouble.setAttribute('role', 'status')
  const body = element('div', 'scroll parts', ...parts.map(({ frame }) => frame.node))
  body.tabIndex = -1
  const dialog = element('dialog', 'drawer', element('header', 'top', title, pill, refresh, close), body, element('footer', 'bottom', updated, trouble))
  dialog.setAttribute('aria-labelledby', 'title')
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    owner.close()
  })
  // told a turn later: it may be open again
  dialog.addEventListener('close', () => dialog.open || owner.close())
  return { fab, refresh, close, dialog, ...wordsOf(pill, updated, trouble) }
}

/**
 * @param {HTMLElement} pill
 * @param {HTMLElement} updated
 * @param {HTMLElement} trouble
 */
function wordsOf(pill, updated, trouble) {
  return {
    /** @param {string} health @param {string} time */
    fresh(health, time) {
      say(pill, health)
      mark(pill, 'data-state', HEALTH.get(health) ?? 'off')
      say(updated, `Last update: ${time}`)
      say(trouble, '')
    },
    /** @param {string} reason @param {number} nextInMs @param {boolean} isFirst */
    failed(reason, nextInMs, isFirst) {
      const next = nextInMs > 0 ? ` Next try in ${duration(nextInMs)}.` : ''
      say(trouble, `Unavailable: ${sentence(reason)}${isFirst ? '' : ' These are the last good data.'}${next}`)
      mark(pill, 'data-state', 'off')
      say(pill, 'unavailable')
    },
  }
}

if (!customElements.get('feedmux-status')) customElements.define('feedmux-status', FeedmuxStatus)
