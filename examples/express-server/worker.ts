import type { CollectionType, Worker, WorkerJob, WorkerStatus } from 'feedmux/http-api'
import type { Cancel, Clock } from 'feedmux'
import { type Collecting, type Task, TASKS } from './collecting.ts'

/** How often it collects. */
export interface WorkerOptions {
  /** What pages show. @default 300_000 */
  readonly uiMs?: number | undefined
  /** What history keeps. @default 900_000 */
  readonly historicalMs?: number | undefined
  /** After a collection that brought nothing at all, doubling up to the usual time. @default 5_000 */
  readonly retryMs?: number | undefined
  readonly clock?: Pick<Required<Clock>, 'now' | 'setTimeout'> | undefined
  readonly random?: (() => number) | undefined
  /** For tests. @default what `collecting.ts` lists */
  readonly tasks?: Readonly<Record<CollectionType, readonly Task[]>> | undefined
}

/** At most this much earlier or later than planned, as a share: many servers do not ask at the same moment. */
const JITTER = 0.1
const MOST_ERRORS = 50

interface Job {
  readonly type: CollectionType
  readonly everyMs: number
  running: boolean
  nextRunAt?: number | undefined
  lastRunAt?: number | undefined
  runs: number
  records: number
  failures: number
  /** Collections in a row that brought nothing. */
  empty: number
  cancel?: Cancel | undefined
}

const systemClock: Pick<Required<Clock>, 'now' | 'setTimeout'> = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** Collects through the router, one collection at a time: first when it starts, then again and again. */
export class BackgroundWorker implements Worker {
  readonly #jobs: readonly Job[]
  readonly #options: { readonly [K in 'retryMs' | 'clock' | 'random' | 'tasks']-?: NonNullable<WorkerOptions[K]> }
  readonly #collecting: Collecting
  readonly #closing = new AbortController()
  readonly #errors: WorkerStatus['recentErrors'][number][] = []
  #startedAt: number | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: Omit<Collecting, 'now' | 'signal'>, options: WorkerOptions = {}) {
    const { uiMs = 300_000, historicalMs = 900_000, retryMs = 5_000, clock = systemClock, random = Math.random, tasks = TASKS } = options
    this.#options = { retryMs, clock, random, tasks }
    this.#jobs = [newJob('ui', uiMs), newJob('historical', historicalMs)]
    this.#collecting = { ...parts, now: () => clock.now(), signal: this.#closing.signal }
  }

  status(): WorkerStatus {
    const startedAt = this.#startedAt
    return { running: startedAt !== undefined, ...(startedAt !== undefined && { startedAt }), jobs: this.#jobs.map(shown), recentErrors: [...this.#errors] }
  }

  start(): boolean {
    if (this.#startedAt !== undefined) return false
    this.#startedAt = this.#collecting.now()
    for (const job of this.#jobs) this.#plan(job, 0)
    return true
  }

  stop(): boolean {
    if (this.#startedAt === undefined) return false
    this.#startedAt = undefined
    for (const job of this.#jobs) {
      job.cancel?.()
      job.nextRunAt = undefined
    }
    return true
  }

  async collect(type: CollectionType | 'both'): Promise<number> {
    const counts = await Promise.all(this.#jobs.filter((job) => type === 'both' || job.type === type).map((job) => this.#inTurn(job)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** Ends for good; what is under way is given up. */
  async close(): Promise<void> {
    this.stop()
    this.#closing.abort()
    await this.#queue
  }

  /** One after the other, whoever asks. */
  #inTurn(job: Job): Promise<number> {
    const turn = this.#queue.then(() => this.#run(job))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #run(job: Job): Promise<number> {
    job.running = true
    try {
      const settled = await Promise.allSettled(this.#options.tasks[job.type].map((task) => task(this.#collecting)))
      const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      const saved = settled.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0)
      for (const error of failed) this.#note(job, error)
      job.runs += 1
      job.records += saved
      job.failures += failed.length
      // the router's own state is always there: that alone is nothing
      job.empty = failed.length >= settled.length - 1 && failed.length > 0 ? job.empty + 1 : 0
      this.#collecting.history?.prune(this.#collecting.now())
      return saved
    } finally {
      job.running = false
      job.lastRunAt = this.#collecting.now()
    }
  }

  #note({ type }: Job, error: unknown): void {
    const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
    this.#errors.unshift({ at: this.#collecting.now(), type, message })
    this.#errors.length = Math.min(this.#errors.length, MOST_ERRORS)
  }

  #plan(job: Job, ms: number): void {
    job.nextRunAt = this.#collecting.now() + ms
    job.cancel = this.#options.clock.setTimeout(() => void this.#due(job), ms)
  }

  async #due(job: Job): Promise<void> {
    job.nextRunAt = undefined
    await this.#inTurn(job).catch((error: unknown) => this.#note(job, error))
    if (this.#startedAt === undefined || job.nextRunAt !== undefined) return
    const usual = job.everyMs * (1 + JITTER * (2 * this.#options.random() - 1))
    this.#plan(job, job.empty === 0 ? usual : Math.min(usual, this.#options.retryMs * 2 ** (job.empty - 1)))
  }
}

const newJob = (type: CollectionType, everyMs: number): Job => ({ type, everyMs, running: false, runs: 0, records: 0, failures: 0, empty: 0 })

const shown = ({ type, everyMs, running, nextRunAt, lastRunAt, runs, records, failures }: Job): WorkerJob => ({
  type,
  everyMs,
  running,
  nextRunAt,
  lastRunAt,
  runs,
  records,
  failures,
})
