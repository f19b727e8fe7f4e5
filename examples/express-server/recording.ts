import type { RouterEvents } from 'feedmux'
import type { Alert } from './alerts.ts'
import type { History, Row, Table } from './history.ts'
import type { ServerRouter } from './providers.ts'

const EVERY_MS = 10_000
/** Of each kind between two writes: what comes beyond that is not kept. */
const MOST = 500

/** Keeps what happens: rotations, failures and alerts, written together now and then. What can't be written is told once, and lost. */
export function recording(router: ServerRouter, history: History, say: (text: string) => void = () => undefined): Recording {
  let rotations: Row<'rotations'>[] = []
  let failures: Row<'failures'>[] = []
  let isFailing = false
  const rotated = ({ at, pool, from = null, to, reason }: Rotated): void => {
    if (rotations.length < MOST) rotations.push({ at, pool, from, to, reason })
  }
  const failed = ({ at, provider, capability, reason = null, status = null, message }: Failed): void => {
    if (failures.length < MOST) failures.push({ at, provider, capability, reason, status, message })
  }
  // a full disk ends neither a timer nor the server
  function keep<T extends Table>(table: T, rows: readonly Row<T>[]): void {
    if (rows.length === 0) return
    try {
      history.save(table, rows)
      isFailing = false
    } catch (error) {
      if (!isFailing) say(`the history can't be written: ${error instanceof Error ? error.message : String(error)}`)
      isFailing = true
    }
  }
  function flush(): void {
    keep('rotations', rotations)
    keep('failures', failures)
    ;[rotations, failures] = [[], []]
  }
  router.on('pool-rotated', rotated)
  router.on('attempt-failed', failed)
  const timer = setInterval(flush, EVERY_MS).unref()
  return {
    alert: ({ at, type, severity, message }) => keep('alerts', [{ at, type, severity, message }]),
    flush,
    close() {
      clearInterval(timer)
      router.off('pool-rotated', rotated)
      router.off('attempt-failed', failed)
      flush()
    },
  }
}

/** What is kept as it happens. */
interface Recording {
  alert(alert: Alert): void
  /** Writes now. */
  flush(): void
  close(): void
}

interface Rotated {
  readonly at: number
  readonly pool: string
  readonly from?: string | null
  readonly to: string
  readonly reason: string
}

type Failed = Omit<RouterEvents['attempt-failed'], 'reason' | 'status'> & { reason?: string | null; status?: number | null }
