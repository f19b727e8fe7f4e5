import type { Candidate, RouteRequest, Strategy } from '../../src/strategies/strategy.js'

/** A candidate as selection shows it, with nothing known of it but what is given. */
export const candidate = (id: string, known: Partial<Candidate> = {}): Candidate => ({
  id,
  priority: 1,
  weight: 1,
  picks: 0,
  lastPick: -1,
  uses: 0,
  inFlight: 0,
  errorRate: 0,
  consecutiveFailures: 0,
  cost: 1,
  ...known,
})

/** A question at a draw of 0.5 for everybody. */
export const request = (known: Partial<RouteRequest> = {}): RouteRequest => ({
  capability: 'ticker',
  params: { symbol: 'BTC/USD' },
  now: 1_800_000_000_000,
  draw: () => 0.5,
  ...known,
})

/** Ids from the lowest cost to the highest; equal cost keeps the order given. */
export function ranked(strategy: Strategy, candidates: readonly Candidate[], asked = request()): string[] {
  const compare = (a: Candidate, b: Candidate, by: Strategy | undefined): number =>
    by === undefined ? 0 : by(a, asked) - by(b, asked) || compare(a, b, by.then)
  return [...candidates].sort((a, b) => compare(a, b, strategy)).map(({ id }) => id)
}

/** Who is picked, `count` times over, when picking is all that happens. */
export function picks(
  strategy: Strategy,
  members: readonly Candidate[],
  count: number,
  askedFor: (sequence: number) => RouteRequest = () => request(),
): string[] {
  let state = [...members]
  return Array.from({ length: count }, (_, sequence) => {
    const [first = ''] = ranked(
      strategy,
      state.toSorted((a, b) => a.lastPick - b.lastPick),
      askedFor(sequence),
    )
    state = state.map((one) => (one.id === first ? { ...one, picks: one.picks + 1, uses: one.uses + 1, lastPick: sequence } : one))
    return first
  })
}

/** How often each id stands in a list. */
export const tally = (ids: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return counts
}
