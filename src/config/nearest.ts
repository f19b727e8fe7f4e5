/** The candidate that a misspelt word stands for; nothing where none is near. Case, `_` and `-` make no difference. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word).slice(0, LONGEST)
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const name = plain(candidate).slice(0, LONGEST)
    if (Math.abs(name.length - wanted.length) >= least) continue
    const distance = distanceOf(wanted, name)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

const LONGEST = 64

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '')

/** Letters to add, drop, change, or swap with their neighbour. */
function distanceOf(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const changed = at(last, j - 1) + (same ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Infinity
      row.push(Math.min(changed, at(last, j) + 1, at(row, j - 1) + 1, swapped))
    }
    before = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity
