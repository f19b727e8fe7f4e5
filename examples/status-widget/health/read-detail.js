// @ts-check
import { ask } from '../parts/ask.js'

/** How far back the latency is shown. */
export const MINUTES = 60
// Two requests for each: a browser has six at once, and others want some.
const AT_ONCE = 2

/** @typedef {import('../answers').ProviderDetail} ProviderDetail */

/** @type {Map<string, ProviderDetail['attribution']>} by address: it does not change while the page lives */
const attributions = new Map()

/**
 * What is known of each provider, its last hour minute by minute, and what it wants to be named with.
 * @param {string} base
 * @param {AbortSignal} signal
 * @returns {Promise<ProviderDetail[]>}
 */
export async function readDetail(base, signal) {
  const { statistics } = /** @type {import('../answers').ProviderStatistics} */ (await ask(`${base}/providers/stats`, { signal }))
  const waiting = [...new Map(Object.values(statistics).flatMap(({ providers }) => providers.map((row) => [row.provider_id, row]))).values()]
  /** @type {ProviderDetail[]} */
  const found = []
  while (waiting.length > 0) {
    const some = waiting.splice(0, AT_ONCE)
    found.push(...(await Promise.all(some.map((row) => withMore(base, row, signal)))))
  }
  return found
}

/**
 * @param {string} base
 * @param {import('../answers').StatisticsRow} row
 * @param {AbortSignal} signal
 * @returns {Promise<ProviderDetail>}
 */
async function withMore(base, row, signal) {
  const id = encodeURIComponent(row.provider_id)
  const about = `${base.replace(/\/system$/, '')}/providers/${id}`
  const [history, told] = await Promise.all([
    perhaps(`${base}/history?provider=${id}&minutes=${MINUTES}`, signal),
    attributions.has(about) ? undefined : perhaps(about, signal),
  ])
  if (told) attributions.set(about, told.attribution ?? null)
  return { ...row, points: history?.points ?? [], attribution: attributions.get(about) ?? null }
}

/**
 * An answer without which the rest can be shown.
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function perhaps(url, signal) {
  try {
    return await ask(url, { signal })
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
