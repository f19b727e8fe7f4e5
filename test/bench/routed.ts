import QuickLRU from 'quick-lru'
import { type CallName, calls } from './calls.ts'
import { child } from './child.ts'
import { medians, sequential, type Work } from './measure.ts'
import { type Row, time } from './report.ts'

/** P3: a routed call against viem's fallback, in time and in bytes. */
export async function bareCalls(): Promise<Row[]> {
  const ns = await compare('bare', 'viem')
  const [bytes, viemBytes] = [bytesOf('bare'), bytesOf('viem')]
  return [
    row('P3', "a routed call against viem's fallback: time", ns.bare, ns.viem, 0.9),
    {
      id: 'P3',
      what: "a routed call against viem's fallback: bytes",
      value: bytes / viemBytes,
      target: 0.35,
      detail: `${Math.round(bytes)} B, ${Math.round(viemBytes)} B`,
    },
  ]
}

/** P4: timeout, limiter, signal and events on, against what else one would take. */
export async function fullCalls(): Promise<Row[]> {
  // one peer at a time: what they leave behind (timers, listeners) must not slow the others, and ethers leaves most
  const naive = await compare('full', 'naive')
  const cockatiel = await compare('full', 'cockatiel')
  const ethers = await compare('full', 'ethers')
  return [
    row('P4', 'everything on, against p-throttle(p-retry(opossum))', naive.full, naive.naive, 0.75),
    row('P4', 'everything on, against cockatiel wrap(retry, breaker, timeout)', cockatiel.full, cockatiel.cockatiel, 1 / 5),
    row('P4', "everything on, against ethers' FallbackProvider", ethers.full, ethers.ethers, 1 / 30),
  ]
}

/** P5: an answer out of the cache. */
export async function cacheHits(): Promise<Row[]> {
  const lru = new QuickLRU<string, object>({ maxSize: 1_000 })
  lru.set('ticker:BTC/USD', {})
  let sink = 0
  const get: Work = (times) => {
    for (let turn = 0; turn < times; turn++) if (lru.get('ticker:BTC/USD') !== undefined) sink++
  }
  const cached = calls.cached()
  await cached()
  const ns = await medians({ cached: sequential(cached), get })
  const millions = 1e3 / ns.cached
  return [
    row('P5', 'a cache hit against a bare quick-lru get', ns.cached, ns.get, 12),
    { id: 'P5', what: 'cache hits', value: millions, unit: 'M/s', target: 3, atLeast: true, detail: sink > 0 ? time(ns.cached) : '' },
  ]
}

/** P6: the first provider is down, and known to be. */
export async function firstDown(): Promise<Row[]> {
  const ns = await compare('firstDown', 'bothUp', 'viemFirstDown')
  return [
    row('P6', 'first provider down against the healthy path', ns.firstDown, ns.bothUp, 1.1),
    row('P6', "first provider down against viem's fallback", ns.firstDown, ns.viemFirstDown, 1 / 6),
  ]
}

function row(id: string, what: string, own: number, peer: number, target: number): Row {
  return { id, what, value: own / peer, target, detail: `${time(own)}, ${time(peer)}` }
}

async function compare<N extends CallName>(...names: N[]): Promise<Record<N, number>> {
  return medians(Object.fromEntries(names.map((name) => [name, sequential(calls[name]())])) as unknown as Record<N, Work>)
}

/** Bytes that one call allocates, told by a process of its own. */
function bytesOf(name: CallName): number {
  return child('child-bytes.ts', [name], ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256']) as number
}
