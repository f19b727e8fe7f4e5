import type { Capability } from '../model/capabilities.js'
import type { Ask } from './ask.js'
import { Candidate } from './candidate.js'

// Its rest may have begun and ended without anybody looking.
const hasRecovered = ({ lastPick, lastPickAt, state }: Candidate, now: number): boolean =>
  lastPick >= 0 && (state.rest.until > lastPickAt || state.breaker.state(now) === 'half-open')

/** The candidates of one pool for one capability, and what selection counts over them. */
export class Group {
  readonly capability: Capability
  candidates: Candidate[] = []
  /** Number of the next pick. */
  sequence = 0
  /** Moment of the look that is under way, Unix ms: ages are counted from it. */
  now = 0
  /** What was asked last. */
  lastParams: unknown
  /** Who was picked last, and since when without another in between. */
  incumbent: Candidate | undefined
  incumbentSince = -Infinity
  /** Hears of every pick, and why it is another than before. */
  onPick: ((candidate: Candidate, why: 'strategy' | 'failover' | 'rate-limit' | 'breaker' | 'recovery', ask: Ask) => void) | undefined
  readonly #seed: () => number
  readonly #hashes = new Map<string, number>()

  constructor(capability: Capability, seed: () => number) {
    this.capability = capability
    this.#seed = seed
  }

  dispatched(candidate: Candidate, ask: Ask): void {
    const { now } = ask
    this.lastParams = ask.params
    if (ask.isPart) return candidate.picked(this.sequence++, now)
    if (this.onPick) this.onPick(candidate, this.#why(candidate, ask), ask)
    candidate.picked(this.sequence++, now)
    candidate.returned = false
    if (this.incumbent !== candidate) {
      this.incumbent = candidate
      this.incumbentSince = now
    }
  }

  #why(candidate: Candidate, ask: Ask): 'strategy' | 'failover' | 'rate-limit' | 'breaker' | 'recovery' {
    const before = this.incumbent
    if (before === undefined || before === candidate) return 'strategy'
    if (ask.hasTried(before)) return 'failover'
    const out = before.state.restingUntil(ask.now)
    if (out !== undefined) return out.reason === 'circuit-open' ? 'breaker' : 'rate-limit'
    return candidate.returned || hasRecovered(candidate, ask.now) ? 'recovery' : 'strategy'
  }

  /** Takes out one that can't be asked for now, and remembers how far its picks were from what was due. */
  leave(candidate: Candidate): void {
    candidate.present = false
    const pace = this.#paceOfOthers(candidate)
    candidate.lag = pace === undefined ? undefined : Math.min(1, Math.max(-1, candidate.picks - pace * candidate.weight))
  }

  /**
   * Puts one that joins or comes back level with those that are here: neither starved nor flooded. One that comes back is as
   * far from its next pick as it was when it left, however often it comes and goes; for one that joins that is drawn.
   */
  level(candidate: Candidate): void {
    candidate.present = true
    candidate.returned ||= candidate.out && candidate.lastPick >= 0
    candidate.out = false
    const pace = this.#paceOfOthers(candidate)
    if (pace === undefined) return
    const lag = candidate.lag ?? (pace > 0 ? -this.draw(candidate.id) : 0)
    candidate.picks = Math.max(0, pace * candidate.weight + lag)
    let least: Candidate | undefined
    for (const other of this.candidates) if (other !== candidate && other.present && (least === undefined || other.uses < least.uses)) least = other
    if (least !== undefined && least.uses > candidate.uses) candidate.useLike(least)
  }

  /** Picks per weight among the others that are here. */
  #paceOfOthers(candidate: Candidate): number | undefined {
    let picks = 0
    let weight = 0
    for (const other of this.candidates) {
      if (other === candidate || !other.present || other.weight <= 0) continue
      picks += other.picks
      weight += other.weight
    }
    return weight > 0 ? picks / weight : undefined
  }

  /** Median latency estimate of those that were measured. */
  get typicalLatencyMs(): number | undefined {
    const known = this.candidates.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b)
    return known[(known.length - 1) >> 1]
  }

  /** 0…1 from the seed (a whole number), the number of the pick, and the id. */
  draw(id: string): number {
    let hash = (this.#seed() ^ Math.imul(this.sequence + 1, 0x9e37_79b1) ^ this.#hashOf(id)) | 0
    hash = Math.imul(hash ^ (hash >>> 16), 0x2c1b_3c6d)
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39)
    return ((hash ^ (hash >>> 15)) >>> 0) / 0x1_0000_0000
  }

  #hashOf(id: string): number {
    const known = this.#hashes.get(id)
    if (known !== undefined) return known
    let hash = 0x811c_9dc5
    for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x0100_0193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b)
    this.#hashes.set(id, hash)
    return hash
  }

  /** A copy on which `plan()` can pick without anybody noticing. */
  copy(): Group {
    const copy = new Group(this.capability, this.#seed)
    copy.candidates = this.candidates.map((candidate) => candidate.copy(copy))
    copy.sequence = this.sequence
    copy.now = this.now
    copy.incumbentSince = this.incumbentSince
    copy.incumbent = copy.candidates[this.incumbent ? this.candidates.indexOf(this.incumbent) : -1]
    return copy
  }
}
