/** Half-life of the latency estimate; many quick samples count at least a tenth each. */
const LATENCY_HALF_LIFE_MS = 10_000
const LEAST_SHARE = 0.1
/** A call that was ended took longer than it lasted: it stands for twice that, and counts half. */
const CENSORED_FACTOR = 2
const CENSORED_SHARE = 0.5
/** Half-life of the error rate and of the percentiles. */
const RATE_HALF_LIFE_MS = 60_000
const PERCENTILE_HALF_LIFE_MS = 300_000
/** One success before anything was seen, so that a first failure is no rate of 100 %. */
const PRIOR = 1

/** What traffic tells of a provider. Failures are no latencies, but for time-outs, which took at least so long. */
export class Health {
  /** Decaying average in ms. */
  latencyMs: number | undefined
  sampleAt = -Infinity
  consecutiveFailures = 0
  requests = 0
  successes = 0
  failures = 0
  rateLimitHits = 0
  lastSuccessAt: number | undefined
  lastFailureAt: number | undefined
  lastError: string | undefined
  readonly latencies = new Percentiles()
  #good = 0
  #bad = 0
  #ratedAt = 0

  succeeded(latencyMs: number, now: number): void {
    this.requests++
    this.successes++
    this.consecutiveFailures = 0
    this.lastSuccessAt = now
    this.measured(latencyMs, now)
    this.#decay(now)
    this.#good++
  }

  /** A failure that counts; one that says nothing of the provider's health goes to `refused`. */
  failed(error: string, now: number): void {
    this.refused(error, now)
    this.consecutiveFailures++
    this.#decay(now)
    this.#bad++
  }

  refused(error: string, now: number): void {
    this.requests++
    this.failures++
    this.lastFailureAt = now
    this.lastError = error
  }

  /** A call that was ended by its time, or by a quicker one, after so long: left out, the slowest would look quick. */
  cutOff(afterMs: number, now: number): void {
    const ms = afterMs * CENSORED_FACTOR
    if (ms > (this.latencyMs ?? 0)) this.measured(ms, now, CENSORED_SHARE)
  }

  measured(latencyMs: number, now: number, least = LEAST_SHARE): void {
    if (this.latencyMs === undefined) this.latencyMs = latencyMs
    else {
      const share = Math.max(least, 1 - 2 ** ((this.sampleAt - now) / LATENCY_HALF_LIFE_MS))
      this.latencyMs += share * (latencyMs - this.latencyMs)
    }
    this.sampleAt = now
    this.latencies.add(latencyMs, now)
  }

  /** 0…1, falling back to 0 when nothing happens. */
  errorRate(now: number): number {
    if (this.#bad === 0) return 0
    const factor = 2 ** ((this.#ratedAt - now) / RATE_HALF_LIFE_MS)
    return (this.#bad * factor) / ((this.#good + this.#bad) * factor + PRIOR)
  }

  #decay(now: number): void {
    if (now === this.#ratedAt) return
    const factor = Math.min(1, 2 ** ((this.#ratedAt - now) / RATE_HALF_LIFE_MS))
    this.#good *= factor
    this.#bad *= factor
    this.#ratedAt = now
  }
}

// 80 buckets, four per doubling, from a tenth of a millisecond to 100 s: within 19 % of the true value.
const BUCKETS = 80
const PER_DOUBLING = 4
const FIRST_MS = 0.1
const FULL_WEIGHT = 1e9
// long before a weight could become infinite
const RESCALE_AFTER_MS = 20 * PERCENTILE_HALF_LIFE_MS

/** From so many samples on, percentiles are worth acting upon. */
export const ENOUGH_SAMPLES = 20

/** Percentiles out of a histogram whose samples lose half their weight every five minutes. */
export class Percentiles {
  #weights: Float64Array | undefined
  #total = 0
  #origin = 0
  /** Samples seen, never falling. */
  count = 0

  add(ms: number, now: number): void {
    this.#weights ??= new Float64Array(BUCKETS)
    if (this.count === 0) this.#origin = now
    this.count++
    const age = now - this.#origin
    if (age > RESCALE_AFTER_MS) this.#rescale(now, 2 ** Math.min(age / PERCENTILE_HALF_LIFE_MS, 1_000))
    const weight = 2 ** ((now - this.#origin) / PERCENTILE_HALF_LIFE_MS)
    const index = Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log2(ms / FIRST_MS) * PER_DOUBLING)))
    this.#weights[index] = (this.#weights[index] ?? 0) + weight
    this.#total += weight
    if (weight > FULL_WEIGHT) this.#rescale(now, weight)
  }

  /** Upper edge of the bucket that holds the share `q` of the samples, in ms; nothing without samples. */
  at(q: number): number | undefined {
    if (this.#weights === undefined) return undefined
    let left = this.#total * q
    for (let index = 0; index < BUCKETS; index++) {
      left -= this.#weights[index] ?? 0
      if (left <= this.#total * 1e-9) return FIRST_MS * 2 ** ((index + 1) / PER_DOUBLING)
    }
    return FIRST_MS * 2 ** (BUCKETS / PER_DOUBLING)
  }

  #rescale(now: number, weight: number): void {
    this.#total /= weight
    this.#weights = this.#weights?.map((one) => one / weight)
    this.#origin = now
  }
}
