// @ts-check
import { ask, Refusal } from '../../parts/ask.js'
import { element, say } from '../../parts/dom.js'
import { reasonOf } from '../../parts/format.js'
import { showJson } from './json-viewer.js'
import { byId } from './page.js'

const FIRST_AFTER_MS = 1_000
const PATIENCE_MS = 20_000

const ENDPOINTS = [
  ['Provider health', '/api/system/providers/health'],
  ['Binance hosts', '/api/system/binance/health'],
  ['Circuit breakers', '/api/system/circuit-breakers'],
  ['Provider statistics', '/api/system/providers/stats'],
  ['Trading volume', '/api/trading/volume?symbol=BTC'],
  ['Forecast', '/api/ai/predictions/BTC?days=7'],
  ['News', '/api/news/bitcoin?limit=5'],
  ['Exchanges', '/api/exchanges?limit=10'],
]

/** @typedef {{ status: number | undefined, ms: number, body: unknown, fault?: string }} Result */

/** Eight endpoints, each with a button; all of them one after the other. */
export function startEndpointTests() {
  const tests = ENDPOINTS.map(([name = '', url = '']) => testRow(name, url))
  /** @type {HTMLButtonElement} */
  const all = byId('test-all')
  byId('tests').append(...tests.map(({ node }) => node))
  const count = () => {
    const done = tests.filter(({ passed }) => passed() !== undefined).length
    const good = tests.filter(({ passed }) => passed() === true).length
    say(byId('tests-note'), done === 0 ? `0/${tests.length} endpoints tested` : `${good}/${tests.length} endpoints passed`)
  }
  for (const { node } of tests) node.addEventListener('tested', count)
  all.addEventListener('click', () => void testAll(all, tests))
  setTimeout(() => void tests[0]?.run(), FIRST_AFTER_MS)
}

/**
 * @param {HTMLButtonElement} all
 * @param {readonly { run: () => Promise<void> }[]} tests
 */
async function testAll(all, tests) {
  all.disabled = true
  for (const { run } of tests) await run()
  all.disabled = false
  // a disabled button loses the focus: it comes back unless it is elsewhere by now
  if (document.activeElement === document.body) all.focus()
}

/**
 * @param {string} name
 * @param {string} url
 */
function testRow(name, url) {
  /** @type {boolean | undefined} */
  let passed
  const badge = element('span', 'badge verdict', '–')
  const path = element('span', 'path cut', url)
  const start = element('button', 'small', 'Test')
  start.type = 'button'
  start.setAttribute('aria-label', `Test ${name}`)
  path.title = url
  const node = element('li', 'test', element('span', 'cut', name), path, badge, start)
  async function run() {
    start.disabled = true
    const result = await measured(url)
    passed = result.fault === undefined
    say(badge, passed ? `✓ ${result.ms}ms` : '✕ Error')
    badge.className = `badge verdict ${passed ? 'good' : 'bad'}`
    start.disabled = false
    showResult(url, result)
    node.dispatchEvent(new Event('tested'))
  }
  start.addEventListener('click', () => void run())
  return { node, run, passed: () => passed }
}

/** @param {string} url @returns {Promise<Result>} */
async function measured(url) {
  const begin = performance.now()
  const ms = () => Math.round(performance.now() - begin)
  try {
    const body = await ask(url, { patienceMs: PATIENCE_MS })
    return { status: 200, ms: ms(), body }
  } catch (error) {
    const [status, body] = error instanceof Refusal ? [error.status, error.body] : [undefined, { error: reasonOf(error) }]
    return { status, ms: ms(), body, fault: reasonOf(error) }
  }
}

/** @param {string} url @param {Result} result */
function showResult(url, { status, ms, body, fault }) {
  const line = byId('result-line')
  say(line, `${fault === undefined ? '✓' : '✕'} GET ${url} | ${status ?? 'no answer'} | ${ms}ms`)
  line.className = `note cut ${fault === undefined ? 'good' : 'bad'}`
  byId('result').classList.toggle('failed', fault !== undefined)
  showJson(byId('result'), body)
}
