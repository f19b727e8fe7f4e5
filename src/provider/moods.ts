import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { FearGreed } from '../model/insight.js'
import { read } from './read.js'
import { type Row, some } from './rows.js'

/** Readings of a fear-and-greed index, newest first; the word is the provider's own. */
export function moodsOf(rows: readonly Row[], { limit = 1 }: ParamsOf<'fearGreed'>, timeOf: (row: Row) => number): FearGreed[] {
  const moods = rows.map((row): FearGreed => {
    const value = read.amount(row.value, 'value')
    if (value > 100) throw new BadResponseError(`value: 0…100 expected, got ${value}`)
    return { value, label: read.string(row.value_classification, 'value_classification'), at: timeOf(row) }
  })
  return some(moods, 'values')
    .toSorted((a, b) => b.at - a.at)
    .slice(0, limit)
}
