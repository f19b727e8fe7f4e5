// Bytes that one call allocates: its own process, with room enough that nothing is collected in between.
import { type CallName, calls } from './calls.ts'

const TIMES = 20_000
const call = calls[process.argv[2] as CallName]()
for (let turn = 0; turn < TIMES; turn++) await call()
const samples: number[] = []
for (let round = 0; round < 5; round++) {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  for (let turn = 0; turn < TIMES; turn++) await call()
  samples.push((process.memoryUsage().heapUsed - before) / TIMES)
}
console.log(JSON.stringify(samples.toSorted((a, b) => a - b)[2]))
process.exit() // peers may hold timers
