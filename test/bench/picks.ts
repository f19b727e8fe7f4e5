import { defineProvider, fastest, leastUsed, priority, roundRobin, score, type Strategy, weighted, weightedRandom } from 'feedmux'
import type { Ask } from '../../src/pipeline/ask.js'
import type { Candidate } from '../../src/pipeline/candidate.js'
import { type Internals, withInternals } from './internals.ts'
import { medians, type Work } from './measure.ts'
import { figure, type Row, time } from './report.ts'

const FEW = 5
const MANY = 63
const NOW = Date.UTC(2026, 0, 1)
/** Rotations per second that a rotating key pool publishes; every pick is held against it. */
const REFERENCE_PER_SECOND = 328_296

const strategies: Readonly<Record<string, () => Strategy>> = {
  'round-robin': roundRobin,
  weighted,
  'weighted-random': weightedRandom,
  priority,
  'least-used': leastUsed,
  fastest,
  score,
}

/** P1 and P2: choosing a provider, and counting the choice. */
export async function picks(): Promise<Row[]> {
  const rows = await withInternals(async (load) => {
    const all: Measured[] = []
    for (const [name, strategy] of Object.entries(strategies)) all.push(await measure(name, strategy(), await load()))
    return all
  })
  const few = worst(rows, ({ few: pick, clock }) => pick / clock)
  const many = worst(rows, ({ many: pick, few: five }) => pick / five)
  const recorded = worst(rows, ({ recorded: pick, few: five }) => pick / five)
  const each = rows.map(({ name, few: five, many: all }) => `${name} ${figure(five)}/${figure(all)}`).join(', ')
  const perSecond = (ns: number): number => 1e9 / ns / REFERENCE_PER_SECOND
  const bytes = Math.max(...rows.map((row) => row.bytes))
  return [
    { id: 'P1', what: `a pick of ${FEW} against performance.now(), slowest strategy`, ...few, target: 1.5 },
    { id: 'P1', what: `a pick of ${MANY} against a pick of ${FEW}, slowest strategy`, ...many, target: 14 },
    {
      id: 'P1',
      what: `picks/s at ${FEW} against ${figure(REFERENCE_PER_SECOND)}/s`,
      value: Math.min(...rows.map((row) => perSecond(row.few))),
      target: 50,
      atLeast: true,
      detail: `ns at ${FEW}/${MANY}: ${each}`,
    },
    {
      id: 'P1',
      what: `picks/s at ${MANY} against ${figure(REFERENCE_PER_SECOND)}/s`,
      value: Math.min(...rows.map((row) => perSecond(row.many))),
      target: 5,
      atLeast: true,
      detail: '',
    },
    { id: 'P1', what: 'allocated by a pick', value: bytes, unit: 'B', target: 0.5, detail: 'of the strategy that allocates most' },
    { id: 'P2', what: `pick and record at ${FEW} against the pick, slowest strategy`, ...recorded, target: 2 },
  ]
}

interface Measured {
  readonly name: string
  readonly few: number
  readonly many: number
  readonly recorded: number
  readonly clock: number
  readonly bytes: number
}

function worst(rows: readonly Measured[], ratio: (row: Measured) => number): { value: number; detail: string } {
  const [first] = rows.toSorted((a, b) => ratio(b) - ratio(a))
  if (first === undefined) throw new Error('no strategies')
  const { name, few, many, recorded, clock } = first
  return { value: ratio(first), detail: `${name}: ${time(few)}, at ${MANY} ${time(many)}, recorded ${time(recorded)}, clock ${time(clock)}` }
}

async function measure(name: string, strategy: Strategy, internals: Internals): Promise<Measured> {
  const few = question(internals, strategy, FEW)
  const many = question(internals, strategy, MANY)
  const recorded = question(internals, strategy, FEW)
  const works = { few: picking(internals, few), many: picking(internals, many), recorded: recording(internals, recorded), clock: reading }
  const ns = await medians(works, 9)
  return { name, ...ns, bytes: allocated(works.few) }
}

const ignore = (): void => undefined
let sink = 0

function picking({ select }: Internals, ask: Ask): Work {
  return (times) => {
    for (let turn = 0; turn < times; turn++) sink += select(ask, ignore)?.picks ?? 0
  }
}

/** Pick, count it, and book how it went: uses, in flight, latency. */
function recording({ select }: Internals, ask: Ask): Work {
  return (times) => {
    for (let turn = 0; turn < times; turn++) {
      const candidate = select(ask, ignore)
      if (candidate) record(ask, candidate)
    }
  }
}

function record(ask: Ask, candidate: Candidate): void {
  const { state } = candidate
  ask.group.dispatched(candidate, ask)
  state.inFlight++
  state.inFlight--
  state.health.succeeded(80, ask.now)
}

const reading: Work = (times) => {
  for (let turn = 0; turn < times; turn++) sink += performance.now()
}

/** A question that `count` measured providers can answer. */
function question({ Ask: AskClass, Candidate: CandidateClass, Group, ProviderState, BREAKER_DEFAULTS }: Internals, strategy: Strategy, count: number): Ask {
  const group = new Group('ticker', () => 0.5)
  for (let index = 0; index < count; index++) {
    const id = `provider-${index}`
    const endpoint = { call: () => Promise.resolve({ symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 1 }) }
    const provider = defineProvider({ id, name: id, homepage: 'https://example.test', docs: 'https://example.test', endpoints: { ticker: endpoint } })
    const state = new ProviderState(provider, { breaker: BREAKER_DEFAULTS, random: () => 0.5, overrides: {}, breakerChanged: ignore })
    state.health.succeeded(80 + index, NOW)
    group.candidates.push(new CandidateClass(state, { id, priority: 1 + (index % 3), weight: 1 + (index % 4), enabled: true }, endpoint, group))
  }
  const preferences = { skipSlowerThanMs: Infinity, ejectSlowerThan: 4, keepIncumbent: undefined, strictDollars: false }
  return new AskClass(group, { symbol: 'BTC/USD' }, 'ticker:BTC/USD', { strategy }, preferences, NOW)
}

/** Bytes of one time, of work that is warm; needs --expose-gc to be exact. */
function allocated(work: Work): number {
  const times = 20_000
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  void work(times)
  return Math.max(0, process.memoryUsage().heapUsed - before) / times
}

/** What was added up, so that no work is left out as useless. */
export const total = (): number => sink
