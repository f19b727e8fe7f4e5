import type { Agreement } from '../model/result.js'

/** What one source says, in the unit that all are compared in. */
export interface Vote {
  readonly provider: string
  readonly value: number
  readonly asOf?: number | undefined
  /** Conversion into that unit. */
  readonly via?: Agreement['members'][number]['via'] | undefined
}

/** Share of the median that sources may differ by without being told apart. */
export const WITHIN = 0.005
/** A band of so many median deviations (MAD): outliers do not widen it, as they would widen σ. */
const MADS = 5

/** The middle one; the mean of both in the middle where their number is even. */
export function medianOf(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b)
  const [low = Number.NaN, high = low] = [ordered[(ordered.length - 1) >> 1], ordered[ordered.length >> 1]]
  return (low + high) / 2
}

/**
 * How sources agree: who is further from the median than the band, the wider of `within` and 5 × MAD, dissents. Two that
 * differ by more than `within` both do: nobody can tell which of them is right.
 */
export function agreementOf(votes: readonly Vote[], within: number): Agreement {
  const values = votes.map(({ value }) => value)
  const median = medianOf(values)
  const unit = Math.abs(median) || 1 // shares of nothing are told as they are
  const spread = (Math.max(...values) - Math.min(...values)) / unit
  const mad = medianOf(values.map((value) => Math.abs(value - median))) / unit
  const band = votes.length === 2 ? within / 2 : Math.max(within, MADS * mad)
  const members = votes.map(({ provider, value, asOf, via }) => ({
    provider,
    value,
    deviation: (value - median) / unit,
    ...(asOf !== undefined && { asOf }),
    ...(via && { via }),
  }))
  return { n: votes.length, median, spread, members, dissent: members.filter(({ deviation }) => Math.abs(deviation) > band).map(({ provider }) => provider) }
}

/** Who stands for the result: the one nearest to the median, unconverted if there is one; of two that disagree, the first. */
export function nearest({ members, dissent, n }: Agreement): string | undefined {
  const voters = n === 2 && dissent.length > 0 ? members.slice(0, 1) : members.filter(({ provider }) => !dissent.includes(provider))
  const plain = voters.filter(({ via }) => via === undefined)
  const [best] = (plain.length > 0 ? plain : voters).toSorted((a, b) => Math.abs(a.deviation) - Math.abs(b.deviation))
  return best?.provider
}
