// @ts-check

/**
 * @typedef {object} Listener
 * @property {(data: any) => void} onData
 * @property {() => void} onGone the server serves no such stream, or has ended it
 */

/** @type {Map<string, { source: EventSource, last: unknown, listeners: Set<Listener> }>} one connection per stream, however many elements listen: a browser allows six */
const open = new Map()

/**
 * Listens to one topic of an event stream. Gives what ends it.
 * @param {string} endpoint `/api/stream`
 * @param {string} topic name of the topic and of its events
 * @param {Listener} listener
 */
export function listen(endpoint, topic, listener) {
  const url = `${endpoint}?topics=${encodeURIComponent(topic)}`
  const stream = open.get(url) ?? start(url, topic)
  stream.listeners.add(listener)
  if (stream.last !== undefined) listener.onData(stream.last)
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
  /** @type {{ source: EventSource, last: unknown, listeners: Set<Listener> }} */
  const stream = { source, last: undefined, listeners: new Set() }
  open.set(url, stream)
  source.addEventListener(topic, ({ data }) => {
    stream.last = JSON.parse(data)
    for (const { onData } of stream.listeners) onData(stream.last)
  })
  // every drop counts: whoever listens polls instead, and tries the stream again later
  source.addEventListener('error', () => {
    end(url, source)
    // a copy: whoever listens may come back at once
    for (const { onGone } of Array.from(stream.listeners)) onGone()
  })
  return stream
}

/**
 * @param {string} url
 * @param {EventSource} source
 */
function end(url, source) {
  source.close()
  if (open.get(url)?.source === source) open.delete(url)
}
