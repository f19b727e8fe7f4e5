import { child } from './child.ts'
import { figure, type Row } from './report.ts'

interface Memory {
  readonly providers: number
  readonly perProvider: number
  readonly kept: number
  readonly timers: number
  readonly idlePercent: number
}

/** P8: what a router keeps and does while nothing happens. */
export async function memory(): Promise<Row[]> {
  const { providers, perProvider, kept, timers, idlePercent } = child('child-memory.ts', [], ['--expose-gc']) as Memory
  return [
    { id: 'P8', what: 'memory per provider, each asked once', value: perProvider / 1_024, unit: 'KB', target: 10, detail: `${figure(providers)} providers` },
    // a heap is never exactly as it was: less than a byte in four calls is noise, one kept object per call would be 16 at least
    { id: 'P8', what: 'kept per call after 1 M calls', value: kept, unit: 'B', target: 0.25, detail: 'after collection' },
    { id: 'P8', what: 'timers that hold the process, idle', value: timers, unit: '', target: 0, detail: '' },
    { id: 'P8', what: `CPU of ${figure(providers)} idle providers, of one core`, value: idlePercent, unit: '%', target: 0.3, detail: 'over 2 s' },
  ]
}
