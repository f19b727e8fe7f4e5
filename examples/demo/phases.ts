import type { Statistics } from './statistics.ts'
import type { World } from './world.ts'

/** A stretch of the demo with one thing wrong. */
export interface Phase {
  readonly name: string
  /** Of all requests. */
  readonly share: number
  /** Only prices that were asked before, which may be served stale. */
  readonly only?: 'tickers'
  begin(world: World): Promise<void>
  end(world: World): Promise<void>
  /** The fault that must really be met here, how often it was so far, and at whom. */
  readonly fault?: { readonly name: string; met(world: World, statistics: Statistics): number }
}

const nothing = async (): Promise<void> => {}
const COOLDOWN_S = 2
const REGULARS = ['binance', 'kraken', 'coinbase', 'okx', 'coinpaprika']

/** Each provider's bad time, one after the other, and at the end all at once. */
export const PHASES: readonly Phase[] = [
  { name: 'all is well', share: 0.15, begin: nothing, end: nothing },
  {
    name: `coinbase answers 429, Retry-After ${COOLDOWN_S} s`,
    share: 0.15,
    begin: (world) => world.setFault('coinbase', { kind: 'rate-limited', retryAfterS: COOLDOWN_S }),
    end: (world) => world.setFault('coinbase', undefined),
    fault: { name: 'coinbase 429', met: (world) => world.shown('coinbase', 'rate-limited') },
  },
  {
    name: 'okx takes requests and never answers',
    share: 0.15,
    begin: (world) => world.setFault('okx', { kind: 'hang' }),
    end: (world) => world.setFault('okx', undefined),
    fault: { name: 'okx hang', met: (world) => world.shown('okx', 'hang') },
  },
  {
    name: 'coinpaprika is down, and one of three Binance hosts',
    share: 0.15,
    async begin(world) {
      await world.setFault('coinpaprika', { kind: 'down' })
      await world.setFault('binance', { kind: 'down' }, 1)
    },
    async end(world) {
      await world.setFault('coinpaprika', undefined)
      await world.setFault('binance', undefined)
    },
    // Where nobody listens nobody can count: the router's own trace tells.
    fault: { name: 'coinpaprika refused', met: (_world, statistics) => statistics.failed('coinpaprika', 'network') },
  },
  {
    name: 'kraken lies: HTTP 200 with an error or no price inside',
    share: 0.15,
    begin: (world) => world.setFault('kraken', { kind: 'lie' }),
    end: (world) => world.setFault('kraken', undefined),
    fault: { name: 'kraken lie', met: (world) => world.shown('kraken', 'lie') },
  },
  {
    name: 'binance browns out: 10 times slower',
    share: 0.15,
    begin: (world) => world.setFault('binance', { kind: 'brown-out', factor: 10 }),
    end: (world) => world.setFault('binance', undefined),
    fault: { name: 'binance brown-out', met: (world) => world.shown('binance', 'brown-out') },
  },
  { name: 'everybody is back', share: 0.05, begin: nothing, end: nothing },
  {
    name: 'all are down but CoinGecko, the last resort',
    share: 0.05,
    only: 'tickers',
    async begin(world) {
      await Promise.all(REGULARS.map((id) => world.setFault(id, { kind: 'down' })))
    },
    async end(world) {
      await Promise.all(REGULARS.map((id) => world.setFault(id, undefined)))
    },
  },
]
