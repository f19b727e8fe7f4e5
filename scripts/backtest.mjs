// How often prices end inside the intervals of the built-in forecasts, in made-up worlds whose rules are known: docs/indicators.md
// With --write the result is kept in test/fixtures/forecast-coverage.json, which a test holds against the code.
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const FIXTURE = 'test/fixtures/forecast-coverage.json'
const SERIES = 1_000
const LEVELS = [0.5, 0.8, 0.95]
const HORIZONS = [1, 7, 14, 30]
const FURTHEST = 30
/** Standard deviation of a day's log return. */
const DAILY = 0.03
const DRIFT = 0.0005

/** Numbers in 0…1 (mulberry32): the same ones in every run. */
function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normal numbers out of even ones (Box and Muller). */
const normals = (random) => () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const walk = (normal) => () => DRIFT + DAILY * normal()

/** Student's t with four degrees of freedom, as wide as the others. */
function fatTails(normal) {
  const chi = () => normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2
  return () => DRIFT + (DAILY * normal()) / Math.sqrt(chi() / 4) / Math.SQRT2
}

/** GARCH(1,1): a wild day is followed by wild days. */
function clusters(normal) {
  let variance = DAILY ** 2
  const step = () => {
    const surprise = Math.sqrt(variance) * normal()
    variance = DAILY ** 2 * 0.03 + 0.1 * surprise ** 2 + 0.87 * variance
    return DRIFT + surprise
  }
  for (let day = 0; day < 300; day++) step()
  return step
}

/** Steps lean the way that the last weeks went. */
function trending(normal) {
  let lean = 0
  return () => {
    lean = 0.97 * lean + 0.002 * normal()
    return lean + DAILY * normal()
  }
}

/** From one day on, every step is so many times as wide. */
const wilder = (fromDay, times) => (normal) => {
  let day = 0
  return () => (++day >= fromDay ? times : 1) * DAILY * normal()
}

/** What the days do, how many of them the models see, and whose assumptions hold there. */
const worlds = {
  'random walk': { steps: walk, days: 180, holds: ['drift', 'holt'] },
  'random walk of 40 days': { steps: walk, days: 40, holds: ['drift', 'holt'] },
  'fat tails': { steps: fatTails, days: 180, holds: [] },
  'volatility in clusters': { steps: clusters, days: 180, holds: ['drift', 'holt'] },
  'slow trends': { steps: trending, days: 180, holds: ['holt'] },
  'twice as wild for 30 days': { steps: wilder(150, 2), days: 180, holds: [] },
  'three times as wild from tomorrow on': { steps: wilder(180, 3), days: 180, holds: [] },
}

/** World → model → level → days ahead → share of series that ended inside the interval. The same figures in every run. */
export function coverage(models) {
  const results = Object.entries(worlds).map(([name, world], index) => {
    const series = Array.from({ length: SERIES }, (_, n) => pathOf(world, 1_000_003 * index + n))
    return [name, { holds: world.holds, inside: Object.fromEntries(models.map((model) => [model.id, insideOf(model, series)])) }]
  })
  return Object.fromEntries(results)
}

/** What a model sees, and the log price of each day after it. */
function pathOf({ steps, days }, seed) {
  const step = steps(normals(seeded(seed)))
  const logs = [Math.log(100)]
  while (logs.length < days + FURTHEST) logs.push(logs.at(-1) + step())
  const closes = logs.slice(0, days).map(Math.exp)
  return { seen: { closes, last: closes.at(-1), lastAt: 0, candles: [] }, ends: logs.slice(days) }
}

function insideOf(model, series) {
  const rows = LEVELS.map((level) => {
    const hits = HORIZONS.map(() => 0)
    for (const { seen, ends } of series) {
      const projections = model.predict(seen, FURTHEST, level)
      for (const [n, ahead] of HORIZONS.entries()) {
        const { low, high } = projections[ahead - 1]
        const price = Math.exp(ends[ahead - 1])
        if (price >= low && price <= high) hits[n]++
      }
    }
    return [level, Object.fromEntries(HORIZONS.map((ahead, n) => [ahead, hits[n] / series.length]))]
  })
  return Object.fromEntries(rows)
}

/** A table for people: percent inside, by days ahead. */
export function tableOf(results) {
  const head = `${'asked for'.padEnd(14)}${LEVELS.map((level) => `${level * 100} %`.padEnd(HORIZONS.length * 4 + 4)).join('')}`
  const days = `${'days ahead'.padEnd(14)}${LEVELS.map(() => `${HORIZONS.map((ahead) => String(ahead).padStart(4)).join('')}    `).join('')}`
  const blocks = Object.entries(results).map(([world, { holds, inside }]) => {
    const lines = Object.entries(inside).map(([id, byLevel]) => {
      const cells = LEVELS.map((level) => `${HORIZONS.map((ahead) => (byLevel[level][ahead] * 100).toFixed(0).padStart(4)).join('')}    `)
      return `  ${id.padEnd(12)}${cells.join('')}${holds.includes(id) ? '' : 'not its world'}`
    })
    return `${world}\n${lines.join('\n')}`
  })
  return `${head}\n${days}\n${blocks.join('\n')}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const contents = `export { driftModel } from './src/providers/drift.ts'\nexport { holtModel } from './src/providers/holt.ts'`
  const bundle = await build({ stdin: { contents, resolveDir: process.cwd() }, bundle: true, format: 'esm', write: false })
  const { driftModel, holtModel } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`)
  const results = coverage([driftModel, holtModel])
  console.log(tableOf(results))
  if (process.argv.includes('--write')) writeFileSync(FIXTURE, `${JSON.stringify(results, null, 2)}\n`)
}
