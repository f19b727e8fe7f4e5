import process from 'node:process'
import { parseArgs } from 'node:util'
import { askLive } from './live.ts'
import { simulate } from './simulation.ts'

const USAGE = `npm run demo                       simulated providers with faults, no network needed
npm run demo -- --live             a few questions to the real services
npm run demo -- --seed 7           other prices and questions (default: 1)
npm run demo -- --requests 600     100 to 2000 (default: 300)`

process.exitCode = await main()

async function main(): Promise<number> {
  const options = read()
  if (options === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  return (options.live ? await askLive(process.stdout) : await simulate({ ...options, output: process.stdout })) ? 0 : 1
}

function read(): { live: boolean; seed: number; requests: number } | undefined {
  try {
    const { values } = parseArgs({
      options: { live: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' }, requests: { type: 'string', default: '300' } },
    })
    const [seed, requests] = [Number(values.seed), Number(values.requests)]
    const possible = Number.isSafeInteger(seed) && Number.isInteger(requests) && requests >= 100 && requests <= 2_000
    return possible ? { live: values.live, seed, requests } : undefined
  } catch {
    return undefined
  }
}
