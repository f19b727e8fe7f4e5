import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderRouter, roundRobin } from 'feedmux'
import { alternativeMe, binance, coinbase, coingecko, coinpaprika, kraken, okx } from 'feedmux/providers'
import pc from 'picocolors'
import { insights } from './insights.ts'
import { PHASES, type Phase } from './phases.ts'
import { type Question, questionsFrom } from './questions.ts'
import { report, verdicts } from './report.ts'
import { type Screen, screen } from './screen.ts'
import { type Statistics, statistics } from './statistics.ts'
import { startWorld, type World } from './world.ts'

// The requests begin evenly over this time: about 20 a second for 300 of them.
const DURATION_MS = 15_000
// A phase goes on for so many more requests until its fault was met.
const MOST_EXTRA = 100

export interface SimulationOptions {
  readonly seed: number
  readonly requests: number
  readonly output: NodeJS.WriteStream
}

/** One router of feedmux over seven simulated providers, each with its bad time; then news, moods, gas, indicators and a forecast. True: all went as it should. */
export async function simulate({ seed, requests, output }: SimulationOptions): Promise<boolean> {
  const world = await startWorld(seed)
  const router = routerFor(world)
  try {
    output.write(`${requests} requests to 7 SIMULATED providers on 127.0.0.1 (real HTTP, made-up prices, seed ${seed}); nothing leaves this machine.\n\n`)
    const found = statistics()
    const view = screen(world, found, output)
    const questions = questionsFrom(seed, world.assets)
    const ask = (question: Question): Promise<void> => found.record(route(router, question))
    try {
      for (const phase of PHASES) {
        await run(phase, {
          world,
          found,
          view,
          count: Math.max(1, Math.round(requests * phase.share)),
          paceMs: DURATION_MS / requests,
          ask: () => ask(phase.only ? questions.ticker() : questions.next()),
        })
      }
    } finally {
      view.close()
    }
    const derived = await insights(world)
    const judged = verdicts(world, found, derived)
    output.write(`\n${report(world, found)}\n\n`)
    for (const { name, text } of derived) output.write(`${pc.bold(name.padEnd(12))}${text}\n`)
    output.write('\n')
    for (const error of found.errors.slice(0, 3)) output.write(`${pc.red('unanswered:')} ${error}\n`)
    for (const { ok, text } of judged) output.write(`${ok ? pc.green('✓') : pc.red('✗')} ${text}\n`)
    return judged.every(({ ok }) => ok)
  } finally {
    await router.close()
    await world.close()
  }
}

type DemoRouter = ReturnType<typeof routerFor>

function routerFor(world: World) {
  const at = (id: string): { hosts: string[] } => ({ hosts: world.hosts(id) })
  return new ProviderRouter({
    providers: [
      binance(at('binance')),
      kraken(at('kraken')),
      coinbase(at('coinbase')),
      okx(at('okx')),
      coinpaprika(at('coinpaprika')),
      coingecko(at('coingecko')),
      alternativeMe(at('alternative-me')),
    ],
    // Everybody in turn, so that everybody's fault is met.
    strategy: roundRobin(),
    hedge: { afterMs: 'p95' },
    // Shorter than the defaults (5 s, 10 s, 60 s, 10 s), so that half a minute is enough to see things end.
    timeoutMs: 600,
    totalTimeoutMs: 4_000,
    breaker: { cooldownMs: 2_000 },
    cache: { ttlMs: { ticker: 2_000 } },
  })
}

function route(router: DemoRouter, question: Question) {
  if (question.capability === 'ticker') return router.request('ticker', question.params)
  if (question.capability === 'candles') return router.request('candles', question.params)
  return question.capability === 'orderBook' ? router.request('orderBook', question.params) : router.request('fearGreed', question.params)
}

interface Stretch {
  readonly world: World
  readonly found: Statistics
  readonly view: Screen
  readonly count: number
  readonly paceMs: number
  readonly ask: () => Promise<void>
}

async function run(phase: Phase, { world, found, view, count, paceMs, ask }: Stretch): Promise<void> {
  const asked: Promise<void>[] = []
  const met = (): boolean => phase.fault === undefined || phase.fault.met(world, found) > 0
  view.phase(phase.name)
  await phase.begin(world)
  while (asked.length < count || (!met() && asked.length < count + MOST_EXTRA)) {
    asked.push(ask())
    await sleep(paceMs)
  }
  // What is under way ends with the fault still there.
  await Promise.all(asked)
  await phase.end(world)
  view.phaseDone(asked.length)
}
