// Load on examples/express-server with simulated providers, all on this machine:
//   node scripts/load-server.mjs                          10,000 requests at 100 connections, cached answers beside a bare Express route
//   node scripts/load-server.mjs --minutes 5              then five minutes of mixed load: does its memory stay flat, and the stream of prices without gaps?
//   node scripts/load-server.mjs --requests 2000 --errors-only   what CI runs: times of a shared machine prove nothing
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'

const CACHED = '/api/market/price?symbol=BTC'
const MIXED = [
  CACHED,
  '/api/system/status',
  '/api/system/providers/health',
  '/health',
  '/api/stats',
  '/api/market',
  '/api/news/BTC',
  '/metrics',
  '/nothing-here',
]
const CHUNK = 1_000
const MOST_RATIO = 10
const MEMORY_EVERY_MS = 10_000
const MIXED_PER_SECOND = 200
const MOST_GROWTH = 0.1
const MOST_GAP_S = 10

/** The server, and beside it an Express app with one route that says the least. */
async function child(bundle) {
  const { startServer } = await import(pathToFileURL(bundle).href)
  const { default: express } = await import('express')
  const server = await startServer({ port: 0, host: '127.0.0.1', rateLimit: false })
  const bare = express().get('/', (_request, response) => response.json({ symbol: 'BTC/USD', price: 1 }))
  const listening = bare.listen(0, '127.0.0.1', () => process.send({ url: server.url, bare: `http://127.0.0.1:${listening.address().port}` }))
  process.on('message', (message) => {
    if (message === 'end') void end()
    else process.send(memory())
  })

  async function end() {
    listening.close()
    listening.closeAllConnections()
    await server.close()
    process.disconnect()
  }
}

function memory() {
  for (let count = 0; count < 3; count++) globalThis.gc()
  return { heapMb: process.memoryUsage().heapUsed / 2 ** 20, rssMb: process.memoryUsage().rss / 2 ** 20 }
}

async function parent() {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '100' },
      minutes: { type: 'string', default: '0' },
      'errors-only': { type: 'boolean', default: false },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'feedmux-load-'))
  // the layout of the repository: the server looks for package.json where it is here
  const file = join(folder, 'examples/express-server/start.mjs')
  const { bundle } = await import('../examples/express-server/bundle.ts')
  await Promise.all([bundle('start.ts', file), copyFile('package.json', join(folder, 'package.json'))])
  const server = fork(import.meta.filename, ['--child', file], { execArgv: ['--expose-gc'] })
  try {
    const [urls] = await once(server, 'message')
    const isFast = await compared(urls, Number(values.requests), Number(values.connections), values['errors-only'])
    const isFlat = Number(values.minutes) > 0 ? await flat(server, urls.url, Number(values.minutes)) : true
    process.exitCode = isFast && isFlat ? 0 : 1
  } finally {
    if (server.connected) {
      server.send('end')
      await once(server, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
}

/** Both routes in turn, so that whatever else the machine does hits both. */
async function compared({ url, bare }, requests, connections, errorsOnly) {
  const [ours, theirs] = [newTally(), newTally()]
  if (errorsOnly) await shoot(url + CACHED, requests, connections, ours)
  else {
    for (const target of [url + CACHED, bare]) await shoot(target, 500, connections, newTally()) // warm
    for (let done = 0; done < requests; done += CHUNK) {
      const amount = Math.min(CHUNK, requests - done)
      await shoot(url + CACHED, amount, connections, ours)
      await shoot(bare, amount, connections, theirs)
    }
  }
  say('cached answers', ours)
  const isClean = ours.errors === 0 && ours.latencies.length >= requests
  console.log(`${isClean ? 'ok' : 'NOT OK'}: ${ours.errors} errors in ${requests} requests at ${connections} connections`)
  if (errorsOnly) return isClean
  say('bare Express route', theirs)
  const [p99, bareP99] = [percentile(ours.latencies, 0.99), percentile(theirs.latencies, 0.99)]
  const isFast = p99 < MOST_RATIO * bareP99
  console.log(`${isFast ? 'ok' : 'NOT OK'}: p99 is ${(p99 / bareP99).toFixed(1)} times that of a bare route, less than ${MOST_RATIO} wanted`)
  return isClean && isFast
}

const newTally = () => ({ latencies: [], errors: 0 })

/** Sends so many requests; the connections of a run are its own. */
function shoot(url, amount, connections, tally) {
  return new Promise((resolve, reject) => {
    const run = autocannon({ url, amount, connections }, (error, { errors, timeouts, mismatches } = {}) => {
      if (error) return reject(error)
      tally.errors += errors + timeouts + mismatches
      resolve()
    })
    run.on('response', (_client, status, _bytes, ms) => {
      tally.latencies.push(ms)
      if (status !== 200) tally.errors += 1
    })
  })
}

const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]

const say = (name, { latencies }) => {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(latencies, share).toFixed(1))
  console.log(`${name.padEnd(20)} p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, of ${latencies.length}`)
}

/** Mixed load at an even pace; the heap is read after collections of garbage. */
async function flat(server, url, minutes) {
  const load = autocannon({ url, duration: minutes * 60, connections: 20, overallRate: MIXED_PER_SECOND, requests: MIXED.map((path) => ({ path })) })
  const counts = { answers: 0, serverErrors: 0 }
  load.on('response', (_client, status) => {
    counts.answers += 1
    if (status >= 500) counts.serverErrors += 1
  })
  const ended = once(load, 'done')
  const stream = prices(url)
  const heaps = []
  // the last reading comes while there is still load
  for (const end = Date.now() + minutes * 60_000 - MEMORY_EVERY_MS; Date.now() < end;) {
    await sleep(MEMORY_EVERY_MS)
    server.send('memory')
    const [{ heapMb, rssMb }] = await once(server, 'message')
    heaps.push(heapMb)
    console.log(
      `${String(heaps.length * (MEMORY_EVERY_MS / 1_000)).padStart(5)} s  heap ${heapMb.toFixed(1)} MB  rss ${rssMb.toFixed(0)} MB  ${counts.answers} answers`,
    )
  }
  const [{ errors }] = await ended
  const gapS = stream.end()
  const third = Math.max(1, Math.floor(heaps.length / 3))
  // the first third fills caches and rings
  const [middle, last] = [heaps.slice(third, 2 * third), heaps.slice(-third)].map((part) => part.reduce((sum, heap) => sum + heap, 0) / part.length)
  const growth = last / middle - 1
  const isFlat = growth < MOST_GROWTH && errors === 0 && counts.serverErrors === 0 && gapS <= MOST_GAP_S
  console.log(
    `${isFlat ? 'ok' : 'NOT OK'}: in the last third the heap is ${(growth * 100).toFixed(1)} % larger than in the one before; ${counts.answers} answers, ${errors} errors, ${counts.serverErrors} with 5xx`,
  )
  console.log(`${gapS <= MOST_GAP_S ? 'ok' : 'NOT OK'}: prices came on the WebSocket with no gap above ${gapS.toFixed(1)} s, at most ${MOST_GAP_S} wanted`)
  return isFlat
}

/** Listens to the prices of one symbol; tells the longest time without any, in s. */
function prices(url) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`)
  let [last, gapMs] = [performance.now(), 0]
  const note = () => {
    gapMs = Math.max(gapMs, performance.now() - last)
    last = performance.now()
  }
  socket.addEventListener('open', () => socket.send('{"type":"subscribe","symbol":"BTC"}'))
  socket.addEventListener('message', ({ data }) => JSON.parse(data).type === 'price' && note())
  return {
    end() {
      note()
      socket.close()
      return gapMs / 1_000
    },
  }
}

if (process.argv[2] === '--child') await child(process.argv[3])
else await parent()
