// @ts-check

/**
 * @typedef {object} Listener
 * @property {(data: any) => void} onData
 * @property {() => void} onGone the server serves no such stream, or has ended it
 */

/** @type {Map<string, { source: EventSource, listeners: Set<Listener> }>} one connection per stream, however many elements listen: a browser allows six */
const open = new Map()

/**
 * Listens to one topic of an event stream. Gives what ends it.
 * @param {string} endpoint `/api/stream`
 * @param {string} topic name of the topic and of its events
 * @param {Listener} listener
 */
export function listen(endpoint, topic, listener) {
  const url = `${endpoint}${endpoint.includes('?') ? '&' : '?'}topics=${encodeURIComponent(topic)}`
  const stream = open.get(url) ?? start(url, topic)
  stream.listeners.add(listener)
  return () => {
    stream.listeners.delete(listener)
    if (stream.listeners.size === 0) end(url, stream.source)
  }
}

/**
 * @param {string} url
 * @param {string} topic
 */
function start(url, topic) {
  const source = new EventSource(url)
  /** @type {{ source: EventSource, listeners: Set<Listener> }} */
  const stream = { source, listeners: new Set() }
  open.set(url, stream)
  const drop = () => {
    end(url, source)
    // a copy: whoever listens may come back at once
    for (const { onGone } of Array.from(stream.listeners)) onGone()
  }
  source.addEventListener(topic, ({ data }) => {
    const body = parsed(data)
    if (body === undefined) drop()
    else for (const { onData } of Array.from(stream.listeners)) onData(body)
  })
  // every drop counts: whoever listens polls instead, and tries the stream again later
  source.addEventListener('error', drop)
  return stream
}

/**
 * Where an element listens; undefined: it only polls.
 * @param {string | null} own what its attribute says
 * @param {string} endpoint what it would poll
 * @param {string} tail how `endpoint` ends where a stream stands beside it
 */
export function streamBeside(own, endpoint, tail) {
  const beside = endpoint.endsWith(tail) ? `${endpoint.slice(0, -tail.length)}/api/stream` : 'none'
  const wanted = own?.trim() || beside
  return wanted === 'none' ? undefined : wanted
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * @param {string} url
 * @param {EventSource} source
 */
function end(url, source) {
  source.close()
  if (open.get(url)?.source === source) open.delete(url)
}
