import { leavesOf, type Path, withValueAt } from './leaves.js'

/** Numbers 0…1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let hash = Math.imul(state ^ (state >>> 15), 1 | state)
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash
    return ((hash ^ (hash >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const DEPTH = 500
const nested = JSON.parse('{"a":['.repeat(DEPTH) + '1' + ']}'.repeat(DEPTH)) as unknown
// as JSON.parse makes them: a member of that name, not the prototype
const hostile = ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"toString":1,"valueOf":2,"length":-1}'].map(
  (text) => JSON.parse(text) as unknown,
)

/** What stands where something else should: other types, texts that are nearly numbers, figures out of range, traps. */
// prettier-ignore
const STRANGE: readonly unknown[] = [
  null, true, false, '', ' ', '0', '-1', 'NaN', 'Infinity', '0x10', '1e400', 'null', '<html>', [], {}, [[]], [null], ['1', '2'], { a: 1 },
  0, -0, -1, 1.5, 1e-320, 1e308, 1e21, Number.NaN, Infinity, -Infinity, 'x'.repeat(10_000), nested, ...hostile,
]
const WHOLE: readonly unknown[] = [...STRANGE, '<!doctype html><html></html>', 'unauthorized', undefined]

/** A body like this one, in which something is wrong: a type swapped, a member dropped or doubled, the whole replaced. `draw` gives 0…1. */
export function mutated(body: unknown, draw: () => number): unknown {
  const one = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T
  if (draw() < 0.05) return one(WHOLE)
  let changed = body
  for (let times = 1 + Math.floor(draw() * 3); times > 0; times--) {
    const leaves = leavesOf(changed)
    if (leaves.length === 0) return one(WHOLE)
    const leaf = one(leaves)
    const path = leaf.slice(0, 1 + Math.floor(draw() * leaf.length))
    changed = draw() < 0.25 ? without(changed, path) : withValueAt(changed, path, draw() < 0.1 ? valueAt(changed, one(leaves)) : one(STRANGE))
  }
  return changed
}

const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], value)

function without(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return undefined
  if (rest.length > 0) return withValueAt(value, [name], without((value as Record<string | number, unknown>)[name], rest))
  if (Array.isArray(value)) return value.filter((_, index) => index !== name)
  return Object.fromEntries(Object.entries(value as object).filter(([key]) => key !== name))
}
