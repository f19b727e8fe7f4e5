// @ts-check

const PATIENCE_MS = 10_000

/** An answer that is none: its status and what the server said. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {unknown} body
   */
  constructor(status, message, body) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = body
  }
}

/**
 * Asks for JSON; throws a `Refusal` for every status but 2xx.
 * @param {string} url
 * @param {{ signal?: AbortSignal, method?: string, body?: unknown, token?: string, patienceMs?: number }} [options]
 * @returns {Promise<any>} the body, as the route's table describes it
 */
export async function ask(url, { signal, method = 'GET', body, token, patienceMs = PATIENCE_MS } = {}) {
  const late = AbortSignal.timeout(patienceMs)
  const { response, said } = await fetched(url, {
    method,
    signal: signal ? AbortSignal.any([signal, late]) : late,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const json = parsed(said)
  if (!response.ok) throw new Refusal(response.status, sentenceOf(json) ?? `HTTP ${response.status}`, json ?? said)
  if (json === undefined) throw new Refusal(response.status, 'the answer is not JSON', said)
  return json
}

/**
 * @param {string} url
 * @param {RequestInit} options
 */
async function fetched(url, options) {
  try {
    const response = await fetch(url, options)
    return { response, said: await response.text() }
  } catch (error) {
    // what fetch throws where there is no network; other errors of this kind are mistakes in an answer
    throw error instanceof TypeError ? new Error('the server cannot be reached', { cause: error }) : error
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param {any} json */
const sentenceOf = (json) => (typeof json?.error === 'string' ? json.error : undefined)
