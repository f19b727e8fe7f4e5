import type { RouterEvents } from 'feedmux'
import type { Alert } from './alerts.ts'
import type { History, Row } from './history.ts'
import type { ServerRouter } from './providers.ts'

const EVERY_MS = 10_000
/** Of each kind between two writes: what comes beyond that is not kept. */
const MOST = 500

/** Keeps what happens: rotations, failures and alerts, written together now and then. */
export function recording(router: ServerRouter, history: History): { alert(alert: Alert): void; flush(): void; close(): void } {
  let rotations: Row<'rotations'>[] = []
  let failures: Row<'failures'>[] = []
  const rotated = ({ at, pool, from = null, to, reason }: { at: number; pool: string; from?: string | null; to: string; reason: string }): void => {
    if (rotations.length < MOST) rotations.push({ at, pool, from, to, reason })
  }
  const failed = ({ at, provider, capability, reason = null, status = null, message }: Failed): void => {
    if (failures.length < MOST) failures.push({ at, provider, capability, reason, status, message })
  }
  function flush(): void {
    if (rotations.length > 0) history.save('rotations', rotations)
    if (failures.length > 0) history.save('failures', failures)
    ;[rotations, failures] = [[], []]
  }
  router.on('pool-rotated', rotated)
  router.on('attempt-failed', failed)
  const timer = setInterval(flush, EVERY_MS).unref()
  return {
    alert: ({ at, type, severity, message }) => void history.save('alerts', [{ at, type, severity, message }]),
    flush,
    close() {
      clearInterval(timer)
      router.off('pool-rotated', rotated)
      router.off('attempt-failed', failed)
      flush()
    },
  }
}

type Failed = Omit<RouterEvents['attempt-failed'], 'reason' | 'status'> & { reason?: string | null; status?: number | null }
