/** The market that all simulated upstreams look at: prices from a seeded random walk, a little different at each of them. */
export interface Market {
  readonly assets: readonly string[]
  /** The price now, in dollars; `venue` shifts it by less than 0.05 %. */
  price(asset: string, venue: string, now: number): number
  /** Open, high, low, close and volume of the candle that opened at `openTime`. */
  candle(asset: string, openTime: number, lengthMs: number, now: number): Ohlcv
  /** Traded in the last 24 h, in units of the asset. */
  volume(asset: string): number
}

export interface Ohlcv {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** Where each walk starts, in dollars. Rounded, of no particular day. */
const START: Readonly<Record<string, number>> = {
  BTC: 65_000,
  ETH: 3_400,
  SOL: 160,
  XRP: 0.6,
  ADA: 0.45,
  DOGE: 0.14,
  LTC: 84,
  DOT: 6.5,
  LINK: 16,
  AVAX: 34,
  UNI: 9,
  BCH: 430,
  ATOM: 7.5,
  ETC: 26,
  XLM: 0.11,
  ALGO: 0.17,
  FIL: 5.2,
  AAVE: 105,
  NEAR: 6.2,
  TRX: 0.13,
  BNB: 590,
}

const STEP_MS = 250
/** Steps of one turn: a minute. */
const TURN = 240
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export function market(seed: number, startedAt = Date.now()): Market {
  // Each asset has its own: who is asked first changes nobody else's price.
  const walks = new Map(Object.keys(START).map((asset) => [asset, walkOf(`${seed}${asset}`)]))
  const base = (asset: string): number => START[asset] ?? 1
  const walk = (asset: string, now: number): number => walks.get(asset)?.(Math.max(0, Math.floor((now - startedAt) / STEP_MS))) ?? 1

  // Swings of days, hours and minutes, each asset's own.
  function wave(asset: string, time: number): number {
    const phase = 100 * hash(`${seed}${asset}`)
    const [days, hours, minutes] = [time / DAY_MS, time / HOUR_MS, time / 600_000].map((turns, index) =>
      Math.sin(turns * (0.8 + (phase % 1) / 2) + phase * (index + 1)),
    )
    return 0.03 * (days ?? 0) + 0.006 * (hours ?? 0) + 0.001 * (minutes ?? 0)
  }

  return {
    assets: Object.keys(START),
    price: (asset, venue, now) => base(asset) * walk(asset, now) * (1 + (hash(`${venue}${asset}`) - 0.5) * 0.001),
    // The past is made of waves with seeded phases: the same candle is the same whenever it is asked.
    candle(asset, openTime, lengthMs, now) {
      const at = (time: number): number => (time > startedAt ? base(asset) * walk(asset, time) : base(asset) * (1 + wave(asset, time) - wave(asset, startedAt)))
      const [open, close] = [at(openTime), at(Math.min(openTime + lengthMs, now))]
      const wick = 1 + 0.004 * hash(`${asset}${openTime}`)
      return { open, close, high: Math.max(open, close) * wick, low: Math.min(open, close) / wick, volume: 50 + 100 * hash(`${openTime}${asset}`) }
    },
    volume: (asset) => 1e9 / base(asset),
  }
}

/** A walk by its steps. Only each turn's first value is kept, the others are drawn again: a server that runs for weeks keeps little. */
function walkOf(seed: string): (step: number) => number {
  const firsts = [1]
  const drawing = (turn: number): Drawing => ({ step: turn * TURN, value: firsts[turn] ?? 1, draw: randomFrom(2 ** 32 * hash(`${seed} ${turn}`)) })
  let last = drawing(0)
  return (step) => {
    const turn = Math.min(Math.floor(step / TURN), firsts.length - 1)
    if (step < last.step || step >= (Math.floor(last.step / TURN) + 1) * TURN) last = drawing(turn)
    while (last.step < step) {
      // drawn back a little, so that it stays near its start for weeks: by 0.8 % or so, as the hours before it did
      last.value *= 1 + (last.draw() - 0.5) * 0.0004 - 0.0001 * Math.log(last.value)
      last.step += 1
      if (last.step % TURN !== 0) continue
      firsts[last.step / TURN] ??= last.value
      last = drawing(last.step / TURN)
    }
    return last.value
  }
}

interface Drawing {
  step: number
  value: number
  readonly draw: () => number
}

/** Numbers from 0 to 1 that a seed fixes (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function hash(text: string): number {
  let mixed = 2_166_136_261
  for (const char of text) mixed = Math.imul(mixed ^ (char.codePointAt(0) ?? 0), 16_777_619)
  return randomFrom(mixed >>> 0)()
}
