import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coverage, type Inside, tableOf } from '../../scripts/backtest.mjs'
import { driftModel } from '../../src/providers/drift.js'
import { holtModel } from '../../src/providers/holt.js'

const kept = JSON.parse(readFileSync('test/fixtures/forecast-coverage.json', 'utf8')) as ReturnType<typeof coverage>

/** Furthest from what was asked for, over levels and days ahead. */
const furthest = (inside: Inside): number =>
  Math.max(...Object.entries(inside).flatMap(([level, shares]) => Object.values(shares).map((share) => Math.abs(share - Number(level)))))

const worlds = Object.entries(kept).flatMap(([world, { holds, inside }]) =>
  Object.entries(inside).map(([model, shares]) => ({ world, model, holds: holds.includes(model), off: furthest(shares) })),
)

describe('the coverage of forecasts', () => {
  it('is what the kept figures say: node scripts/backtest.mjs --write', { timeout: 60_000 }, () => {
    expect(coverage([driftModel, holtModel])).toEqual(kept)
  })

  it.each(worlds.filter(({ holds }) => holds))('of $model in "$world", whose rules it assumes, is as asked for, give or take 4 points', ({ off }) => {
    expect(off).toBeLessThanOrEqual(0.04)
  })

  it.each([
    ['slow trends', 'drift', 15],
    ['twice as wild for 30 days', 'holt', 20],
    ['three times as wild from tomorrow on', 'drift', 40],
    ['three times as wild from tomorrow on', 'holt', 40],
  ])('in "%s" is off by more with %s: at least %i points, and the figures say so', (world, model, points) => {
    expect(worlds.find((row) => row.world === world && row.model === model)).toMatchObject({ holds: false })
    expect(worlds.find((row) => row.world === world && row.model === model)?.off).toBeGreaterThan(points / 100)
  })

  it('stands in docs/indicators.md as it is', () => {
    const page = readFileSync('docs/indicators.md', 'utf8')
    for (const [world, { inside }] of Object.entries(kept)) {
      const percent = ['drift', 'holt'].flatMap((model) => [1, 7, 30].map((ahead) => ((inside[model]?.['0.8']?.[ahead] ?? Number.NaN) * 100).toFixed(0)))
      expect(page).toContain(`| ${world} | ${percent.join(' | ')} |`)
    }
  })

  it('is printed as a table that says where a model is not in its world', () => {
    const lines = tableOf(kept).split('\n')
    expect(lines).toHaveLength(2 + Object.keys(kept).length + worlds.length)
    expect(lines.filter((line) => line.endsWith('not its world'))).toHaveLength(worlds.filter(({ holds }) => !holds).length)
  })
})
