// @ts-check
import { element, rows, say } from '../parts/dom.js'
import { duration, milliseconds, moment, NOTHING, percent, price, titled, whole } from '../parts/format.js'
import { light, lit } from '../parts/light.js'

/** @typedef {import('../answers').SystemStatus} SystemStatus */

/** Section 2: engines that judge texts. */
export function modelsSection() {
  const transformers = lit('Transformers')
  const sentiment = lit('Sentiment Models')
  const hosted = lit('HuggingFace API')
  const engine = pair('Engine')
  return {
    content: [element('div', 'pairs', transformers.node, sentiment.node, hosted.node, engine.node)],
    /** @param {SystemStatus} status @param {number} now */
    update({ ai_models: models }, now) {
      transformers.show(...sayOf(models.transformers_loaded, 'Loaded (CPU mode)', 'Not loaded'))
      sentiment.show(models.sentiment_models ? 'good' : 'off', `${whole(models.sentiment_models)} available`)
      hosted.show(...sayOf(models.hf_api_active, 'Active', 'Inactive'))
      const called = moment(models.last_call)
      engine.show(models.engine ? `${models.engine}${called === undefined ? '' : `, last call ${duration(now - called)} ago`}` : NOTHING)
    },
    /** @param {SystemStatus} status */
    note: ({ ai_models: models }) => `${whole(models.sentiment_models)} available`,
  }
}

/**
 * @param {boolean | null} is null: not set up, or not asked yet
 * @param {string} yes
 * @param {string} no
 * @returns {[import('../parts/light.js').State, string]}
 */
const sayOf = (is, yes, no) => (is === null ? ['off', 'Not in use'] : is ? ['good', yes] : ['bad', no])

/** Section 3: what stands beside the router. */
export function infrastructureSection() {
  const database = lit('Database')
  const worker = lit('Background Worker')
  const socket = lit('WebSocket')
  const services = element('ul', 'services')
  const fill = rows(services, (/** @type {SystemStatus['services'][number]} */ one) => one.name, serviceRow)
  return {
    content: [element('div', 'pairs', database.node, worker.node, socket.node), element('h4', 'under', 'Services'), services],
    /** @param {SystemStatus} status @param {number} now */
    update({ infrastructure, services: list }, now) {
      const { database_status, database_entries, background_worker, worker_next_run, websocket_active } = infrastructure
      const entries = database_entries == null ? '' : ` (${whole(database_entries)} cached)`
      database.show(stateOfWord(database_status), `${worded(database_status)}${entries}`)
      const next = moment(worker_next_run)
      worker.show(stateOfWord(background_worker), next === undefined ? worded(background_worker) : `Next run ${duration(next - now)}`)
      socket.show(websocket_active ? 'good' : 'off', websocket_active ? 'Active' : 'Inactive')
      fill(list)
    },
    /** @param {SystemStatus} status */
    note: ({ infrastructure: { websocket_active } }) => (websocket_active ? 'live' : ''),
  }
}

/** @returns {import('../parts/dom.js').Row<SystemStatus['services'][number]>} */
function serviceRow() {
  const lamp = light()
  const name = element('span', 'cut')
  const word = element('span', 'muted cut')
  const time = element('span', 'number')
  return {
    node: element('li', 'service', lamp.node, name, word, time),
    update({ name: called, status, response_time_ms }) {
      lamp.show(stateOfWord(status))
      say(name, called)
      say(word, worded(status))
      say(time, response_time_ms == null ? '' : milliseconds(response_time_ms))
    },
  }
}

/** @param {string | null} word @returns {import('../parts/light.js').State} */
function stateOfWord(word) {
  if (/disconnected|offline|down|error|fail|unavailable/i.test(word ?? '')) return 'bad'
  if (word === null || /not configured|inactive|unknown|stopped|disabled/i.test(word)) return 'off'
  return /degraded|partial/i.test(word) ? 'poor' : 'good'
}

/** @param {string | null} word */
const worded = (word) => (word === null ? 'Not configured' : word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' '))

/** Section 4: where the data come from; the sums add up. */
export function resourcesSection() {
  const total = pair('Total')
  const sources = element('div', 'pairs')
  const categories = element('div', 'pairs')
  const fillSources = rows(sources, (/** @type {[string, string]} */ [name]) => name, pairRow)
  const fillCategories = rows(categories, (/** @type {[string, string]} */ [name]) => name, pairRow)
  return {
    content: [element('div', 'pairs', total.node), sources, element('h4', 'under', 'By Category:'), categories],
    /** @param {SystemStatus} status */
    update({ resource_breakdown: { total: all, by_source, by_category } }) {
      total.show(`${whole(all)} resources`)
      fillSources(Object.entries(by_source).map(([name, count]) => [titled(name), whole(count)]))
      fillCategories(Object.entries(by_category).map(([name, count]) => [titled(name), online(count)]))
    },
    /** @param {SystemStatus} status */
    note: ({ resource_breakdown: { total: all } }) => `${whole(all)} resources`,
  }
}

/** @param {number | { total: number, online: number }} count */
const online = (count) => (typeof count === 'number' ? `${whole(count)} online` : `${whole(count.online)} of ${whole(count.total)} online`)

/** Section 6: measured, or a dash. */
export function performanceSection() {
  const figures = ['Avg Response', 'Fastest', 'Cache Hit', 'CPU', 'Memory', 'Uptime', 'Load'].map(pair)
  const [average, fastest, hits, cpu, memory, uptime, load] = figures
  const coins = element('div', 'pairs')
  const endpoints = element('div', 'pairs')
  const fillCoins = rows(coins, (/** @type {[string, string]} */ [name]) => name, pairRow)
  const fillEndpoints = rows(endpoints, (/** @type {[string, string]} */ [name]) => name, pairRow)
  return {
    content: [
      element('div', 'pairs', ...figures.map(({ node }) => node)),
      element('h4', 'under', 'Prices in memory'),
      coins,
      element('h4', 'under', 'Busiest endpoints'),
      endpoints,
    ],
    /** @param {SystemStatus} status */
    update({ performance, resources, coins: held, endpoints: used }) {
      average?.show(milliseconds(performance.avg_response_ms))
      fastest?.show(performance.fastest_provider == null ? NOTHING : `${performance.fastest_provider} (${milliseconds(performance.fastest_time_ms)})`)
      hits?.show(percent(performance.cache_hit_rate))
      cpu?.show(percent(resources.cpu_percent))
      memory?.show(resources.memory_used_mb == null ? NOTHING : `${percent(resources.memory_percent)} (${whole(resources.memory_used_mb)} MB)`)
      uptime?.show(resources.uptime_seconds == null ? NOTHING : duration(resources.uptime_seconds * 1_000))
      load?.show(resources.load_avg?.map((one) => one.toFixed(2)).join(' ') ?? NOTHING)
      fillCoins(held.map(({ symbol, price: last }) => [symbol, price(last)]))
      fillEndpoints(busiest(used).map(({ path, avg_response_ms, success_rate }) => [path, `${milliseconds(avg_response_ms)} | ${percent(success_rate)}`]))
    },
    /** @param {SystemStatus} status */
    note: ({ performance }) => milliseconds(performance.avg_response_ms),
  }
}

const BUSIEST = 6

/** @param {SystemStatus['endpoints']} used */
const busiest = (used) => [...used].sort((a, b) => (b.requests ?? 0) - (a.requests ?? 0)).slice(0, BUSIEST)

/** A line `Label: value`. @param {string} label */
function pair(label) {
  const value = element('span', 'number cut', NOTHING)
  return { node: element('div', 'pair', element('span', 'muted', `${label}:`, ' '), value), show: (/** @type {string} */ text) => say(value, text) }
}

/** @returns {import('../parts/dom.js').Row<[string, string]>} */
function pairRow() {
  const label = element('span', 'muted cut')
  const value = element('span', 'number')
  return {
    node: element('div', 'pair', label, value),
    update([name, text]) {
      say(label, `${name}: `)
      say(value, text)
    },
  }
}
