/** What the machine says of itself; the library reads nothing of it. What is not known is left out. */
export interface SystemReadings {
  readonly cpuPercent?: number | undefined
  readonly memoryPercent?: number | undefined
  readonly memoryUsedMb?: number | undefined
  readonly memoryTotalMb?: number | undefined
  readonly uptimeSeconds?: number | undefined
  readonly loadAverage?: readonly [number, number, number] | undefined
  /** `Node.js 24.21.0` */
  readonly runtime?: string | undefined
  readonly platform?: string | undefined
  readonly architecture?: string | undefined
}

/** Where history is kept. */
export interface DatabaseReadings {
  /** `SQLite` */
  readonly name: string
  readonly connected: boolean
  /** Rows, or values. */
  readonly entries?: number | undefined
}

/** What a worker collects: what pages show, or what history keeps. */
export type CollectionType = 'ui' | 'historical'

/** One kind of collecting. Times in Unix ms. */
export interface WorkerJob {
  readonly type: CollectionType
  readonly everyMs: number
  readonly running: boolean
  readonly nextRunAt?: number | undefined
  readonly lastRunAt?: number | undefined
  /** Since the start. */
  readonly runs: number
  readonly records: number
  readonly failures: number
}

/** How a background worker stands. */
export interface WorkerStatus {
  readonly running: boolean
  readonly startedAt?: number | undefined
  readonly jobs: readonly WorkerJob[]
  /** Newest first. */
  readonly recentErrors: readonly { readonly at: number; readonly type: CollectionType; readonly message: string }[]
}

/** A background worker that collects through the router. */
export interface Worker {
  status(): WorkerStatus
  /** False where it runs already. */
  start(): boolean
  /** False where it does not run. */
  stop(): boolean
  /** Collects now; gives how many records were saved. */
  collect(type: CollectionType | 'both'): Promise<number>
}

/** One connected client of a live stream. Times in Unix ms. */
export interface Session {
  readonly id: string
  readonly clientType: 'browser' | 'api' | 'mobile'
  readonly connectedAt: number
  readonly lastActivityAt: number
  readonly address?: string | undefined
  readonly userAgent?: string | undefined
  readonly metadata: Readonly<Record<string, string>>
}

/** Counters of a live stream. */
export interface SessionStatistics {
  readonly activeConnections: number
  readonly totalSessions: number
  readonly totalConnectionsEver: number
  readonly messagesSent: number
  readonly messagesReceived: number
  readonly clientTypes: Readonly<Record<string, number>>
  /** Clients of each channel. */
  readonly subscriptions: Readonly<Record<string, number>>
}

/** Clients of a live stream. */
export interface Sessions {
  list(): readonly Session[]
  statistics(): SessionStatistics
  /** Sends to everybody of a channel; false where there is no such channel. */
  broadcast(group: string, message: unknown): boolean
}
