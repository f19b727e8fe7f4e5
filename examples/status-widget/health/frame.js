// @ts-check
import { button, element, mark, say } from '../parts/dom.js'
import { duration, sentence } from '../parts/format.js'
import { icon } from '../parts/icons.js'

let count = 0

/**
 * Header, body and footer of the widget.
 * @param {import('../feedmux-health.js').FeedmuxHealth} owner
 * @param {readonly { node: HTMLElement }[]} parts summary, categories, hosts, breakers, detail
 */
export function frameOf(owner, [summary, categories, hosts, breakers, detail]) {
  const refresh = button('icon', 'Refresh provider health', icon('refresh'), () => void owner.refresh())
  const expand = button('icon', 'Show details', icon('expand'), () => (owner.expanded = !owner.expanded))
  const title = element('h2', '', 'Provider Health')
  const updated = element('span', 'updated', 'Last updated: –')
  const trouble = element('p', 'trouble')
  trouble.setAttribute('role', 'status')
  const box = element('input')
  box.type = 'checkbox'
  box.addEventListener('change', () => (owner.autoRefresh = box.checked))
  const every = element('label', 'every', box, ' Auto-refresh')
  const loading = element('p', 'loading', 'Loading provider health …')
  const aside = element('div', 'aside', ...nodesOf(hosts, breakers))
  const body = element('div', 'content', ...nodesOf(summary), element('div', 'columns', element('div', 'scroll main', ...nodesOf(categories)), aside))
  const more = element('div', 'detail scroll', ...nodesOf(detail))
  // scrolled by the keyboard, too
  for (const area of body.querySelectorAll('.scroll')) labelled(/** @type {HTMLElement} */ (area), 'Providers by category')
  labelled(more, 'Providers in detail')
  more.id = `detail-${(count += 1)}`
  more.hidden = true
  body.hidden = true
  expand.setAttribute('aria-controls', more.id)
  const node = element(
    'section',
    'card',
    element('header', 'top', title, refresh, expand),
    loading,
    body,
    more,
    element('footer', 'bottom', updated, trouble, every),
  )
  return { node, refresh, ...wordsOf({ owner, expand, updated, trouble, box, every, loading, body, more }) }
}

/** @param {...({ node: HTMLElement } | undefined)} parts */
const nodesOf = (...parts) => parts.flatMap((part) => (part ? [part.node] : []))

/** @param {HTMLElement} area @param {string} label */
function labelled(area, label) {
  area.tabIndex = 0
  area.setAttribute('role', 'region')
  area.setAttribute('aria-label', label)
}

/** @param {{ owner: import('../feedmux-health.js').FeedmuxHealth, box: HTMLInputElement } & Record<'expand' | 'updated' | 'trouble' | 'every' | 'loading' | 'body' | 'more', HTMLElement>} parts */
function wordsOf({ owner, expand, updated, trouble, box, every, loading, body, more }) {
  return {
    /** @param {string} time */
    fresh(time) {
      loading.hidden = true
      body.hidden = false
      say(updated, `Last updated: ${time}`)
      say(trouble, '')
    },
    /** @param {string} reason @param {number} nextInMs */
    failed(reason, nextInMs) {
      const next = nextInMs > 0 ? ` Next try in ${duration(nextInMs)}.` : ''
      say(trouble, `Unavailable: ${sentence(reason)}${body.hidden ? '' : ' These are the last good data.'}${next}`)
      if (body.hidden) say(loading, 'Failed to load provider health data')
    },
    /** @param {boolean} on */
    automatic(on) {
      box.checked = on
      every.title = on ? `every ${duration(owner.refreshRate)}` : 'switched off'
    },
    /** @param {boolean} on */
    expand(on) {
      more.hidden = !on
      mark(expand, 'aria-expanded', String(on))
      mark(expand, 'aria-label', on ? 'Hide details' : 'Show details')
      expand.title = on ? 'Hide details' : 'Show details'
      expand.replaceChildren(icon(on ? 'collapse' : 'expand'))
    },
  }
}
