// @ts-check
import { ask } from '../../parts/ask.js'
import { element, say } from '../../parts/dom.js'
import { feed } from '../../parts/feed.js'
import { milliseconds, NOTHING, percent, whole } from '../../parts/format.js'
import { byId } from './page.js'

const EVERY_MS = 10_000

/** Six figures, measured; a dash where nothing was. */
export function startCards() {
  const cards = ['Providers healthy', 'Success rate', 'Average response', 'Cache hits', 'Breakers open', 'Binance hosts'].map(card)
  const [providers, success, response, hits, breakers, hosts] = cards
  byId('cards').append(...cards.map(({ node }) => node))
  byId('health').addEventListener('feedmux-data', (event) => {
    const { health, binance, breakers: told } = /** @type {CustomEvent<import('../../answers').Health>} */ (event).detail
    // of the same answer as the widget below: two that are some seconds apart would contradict each other
    providers?.show(...sayOf(health.summary))
    breakers?.show(String(told.summary.circuit_breakers_open), `of ${told.summary.total_providers} providers`)
    hosts?.show(
      binance ? `${binance.summary.available_endpoints}/${binance.summary.total_endpoints}` : NOTHING,
      binance ? `${binance.summary.in_backoff} in backoff` : 'not configured',
    )
  })
  feed({
    ask: (signal) => Promise.all([ask('/api/status', { signal }), ask('/api/system/status', { signal })]),
    everyMs: () => EVERY_MS,
    onData: ([status, system]) => {
      const { performance } = /** @type {import('../../answers').SystemStatus} */ (system)
      success?.show(percent(status.success_rate), `of ${whole(status.total_requests)} calls to providers`)
      response?.show(milliseconds(performance.avg_response_ms), performance.fastest_provider === null ? '' : `fastest: ${performance.fastest_provider}`)
      hits?.show(percent(performance.cache_hit_rate), 'answered from memory')
    },
    onError: () => cards.forEach((one) => one.old()),
  }).start()
}

/**
 * How many are well, and the two gravest kinds of others: the widget below has room for all.
 * @param {import('../../answers').ProvidersHealth['summary']} summary
 * @returns {[string, string]}
 */
function sayOf({ healthy_providers: healthy, degraded_providers: degraded, down_providers: down, unknown_providers: unknown = 0 }) {
  const others = [`${degraded} degraded`, `${down} down`, `${unknown} not asked`].filter((one) => !one.startsWith('0 '))
  return [`${healthy}/${healthy + degraded + down + unknown}`, others.slice(0, 2).join(', ') || 'all of them']
}

/** @param {string} label */
function card(label) {
  const figure = element('p', 'big', NOTHING)
  const more = element('p', 'note cut', ' ')
  const node = element('li', 'card figure', element('h3', '', label), figure, more)
  return {
    node,
    /** @param {string} value @param {string} words */
    show(value, words) {
      say(figure, value)
      say(more, words || ' ')
      more.title = words
    },
    old() {
      if (figure.textContent !== NOTHING) say(more, 'not up to date')
    },
  }
}
