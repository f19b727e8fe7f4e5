import pc from 'picocolors'
import type { Statistics } from './statistics.ts'
import { percentile } from './statistics.ts'
import type { World } from './world.ts'

const EVERY_MS = 120
const BAR = 30

/** Shows who answers while the demo runs. */
export interface Screen {
  /** A new phase has begun. */
  phase(name: string): void
  /** It is over: on a terminal nothing is left to say, elsewhere one line is printed. */
  phaseDone(asked: number): void
  /** Removes the live lines. */
  close(): void
}

/** One line for each provider, redrawn; plain lines where the output is no terminal. */
export function screen(world: World, statistics: Statistics, output: NodeJS.WriteStream): Screen {
  return output.isTTY ? live(world, statistics, output) : plain(statistics, output)
}

function plain(statistics: Statistics, output: NodeJS.WriteStream): Screen {
  let current = ''
  return {
    phase(name) {
      current = name
    },
    phaseDone(asked) {
      const failed = statistics.errors.length
      const p95 = percentile(statistics.latenciesMs.slice(-asked), 0.95)
      output.write(
        `  ${current}: ${asked} requests${p95 === undefined ? '' : `, p95 ${Math.round(p95)} ms`}${failed > 0 ? `, ${failed} unanswered so far` : ''}\n`,
      )
    },
    close() {},
  }
}

function live(world: World, statistics: Statistics, output: NodeJS.WriteStream): Screen {
  let [drawn, current] = [0, '']
  const erase = (): void => {
    if (drawn > 0) output.moveCursor(0, -drawn)
    output.cursorTo(0)
    output.clearScreenDown()
    drawn = 0
  }
  const draw = (): void => {
    const width = Math.max(20, output.columns - 1)
    const lines = [current, ...world.ids.map((id) => line(id, world, statistics)), `${statistics.answered} of ${statistics.asked} answered`]
    erase()
    output.write(lines.map((text) => `${cut(text, width)}\n`).join(''))
    drawn = lines.length
  }
  const timer = setInterval(draw, EVERY_MS)
  return {
    phase(name) {
      current = `now: ${name}`
      draw()
    },
    phaseDone: draw,
    close() {
      clearInterval(timer)
      erase()
    },
  }
}

function line(id: string, world: World, { answers, failures }: Statistics): string {
  const most = Math.max(1, ...answers.values())
  const answered = answers.get(id) ?? 0
  const failed = failures.get(id) ?? 0
  const faults = [...new Set(world.upstreams(id).flatMap(({ fault }) => (fault ? [fault.kind] : [])))].join(' ')
  const bar = '█'.repeat(Math.ceil((answered / most) * BAR)).padEnd(BAR)
  return `  ${id.padEnd(15)}${bar} ${String(answered).padStart(4)} answers${failed > 0 ? `, ${failed} failed` : ''}${faults ? `  [${faults}]` : ''}`
}

// Colours only after cutting: their codes have no width.
function cut(text: string, width: number): string {
  const short = text.slice(0, width)
  return short.replace(/█+/, (bar) => pc.green(bar)).replace(/\[[^\]]*\]$/, (fault) => pc.red(fault))
}
