import { AllProvidersFailedError, type Attempt, type RouterResult } from 'feedmux'

/** What happened to the requests so far. */
export interface Statistics {
  readonly asked: number
  readonly answered: number
  /** How many answers came from the network, the cache, another caller's question, or were stale. */
  readonly sources: Readonly<Record<RouterResult<unknown>['source'], number>>
  /** Answered by another provider than the one that was asked first. */
  readonly failovers: number
  readonly hedges: number
  readonly latenciesMs: readonly number[]
  /** Answers from the network by provider. */
  readonly answers: ReadonlyMap<string, number>
  /** Failed attempts by provider. */
  readonly failures: ReadonlyMap<string, number>
  /** Attempts at `provider` that failed for `reason`. */
  failed(provider: string, reason: string): number
  /** What was said where nobody answered. */
  readonly errors: readonly string[]
  record(question: Promise<RouterResult<unknown>>): Promise<void>
}

export function statistics(): Statistics {
  const sources = { network: 0, cache: 0, shared: 0, stale: 0 }
  const [answers, failures, reasons] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const latenciesMs: number[] = []
  const errors: string[] = []
  const counts = { asked: 0, answered: 0, failovers: 0, hedges: 0 }

  function note(attempts: readonly Attempt[]): void {
    for (const { provider, outcome, reason, hedged } of attempts) {
      if (hedged) counts.hedges += 1
      if (outcome !== 'failed') continue
      add(failures, provider)
      add(reasons, `${provider} ${reason}`)
    }
  }

  function answered({ source, latencyMs, provider, attempts }: RouterResult<unknown>): void {
    counts.answered += 1
    sources[source] += 1
    latenciesMs.push(latencyMs)
    // A shared or cached answer carries the attempts of the question that brought it: they are counted there.
    if (source === 'network' || source === 'stale') note(attempts)
    if (source !== 'network') return
    add(answers, provider)
    const first = attempts.find(({ outcome }) => outcome !== 'skipped')
    if (first !== undefined && first.provider !== provider) counts.failovers += 1
  }

  return {
    get asked() {
      return counts.asked
    },
    get answered() {
      return counts.answered
    },
    get failovers() {
      return counts.failovers
    },
    get hedges() {
      return counts.hedges
    },
    sources,
    latenciesMs,
    answers,
    failures,
    errors,
    failed: (provider, reason) => reasons.get(`${provider} ${reason}`) ?? 0,
    async record(question) {
      counts.asked += 1
      try {
        answered(await question)
      } catch (error) {
        if (AllProvidersFailedError.is(error)) note(error.attempts)
        errors.push(error instanceof Error ? error.message : String(error))
      }
    },
  }
}

/** The value that `share` of the list stays below, or undefined of an empty list. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
