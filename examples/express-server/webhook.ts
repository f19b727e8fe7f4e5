import { createHmac } from 'node:crypto'
import pRetry, { AbortError } from 'p-retry'
import type { Alert } from './alerts.ts'

/** Where alerts are sent. */
export interface WebhookOptions {
  readonly url: string
  /** Signs each message, at least 16 characters. */
  readonly secret: string
  /** After the first try; waits of 1, 2, 4 s and so on. @default 3 */
  readonly retries?: number | undefined
  /** Before the first repeat. @default 1_000 */
  readonly waitMs?: number | undefined
  /** Of one try. @default 10_000 */
  readonly timeoutMs?: number | undefined
  /** Told when a message could not be delivered; never holds the address, which may be a secret itself. */
  readonly failed?: ((why: string) => void) | undefined
}

const MOST_WAITING = 100
const SHORTEST_SECRET = 16

/** The signature of a message: what its receiver computes to know who sent it, and that it was not changed. `timestamp` in Unix s. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** Sends alerts, one after the other. */
export class Webhook {
  readonly #options: { readonly [K in keyof WebhookOptions]-?: NonNullable<WebhookOptions[K]> }
  readonly #closing = new AbortController()
  #queue = Promise.resolve()
  #waiting = 0

  /** Throws for an address or a secret that can't be right. */
  constructor({ url, secret, retries, waitMs, timeoutMs, failed }: WebhookOptions) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new TypeError('the webhook needs an address like https://example.com/alerts')
    if (secret.length < SHORTEST_SECRET) throw new TypeError(`the webhook needs a secret of at least ${SHORTEST_SECRET} characters, got ${secret.length}`)
    this.#options = { url, secret, retries: retries ?? 3, waitMs: waitMs ?? 1_000, timeoutMs: timeoutMs ?? 10_000, failed: failed ?? (() => undefined) }
  }

  send(alert: Alert): void {
    if (this.#closing.signal.aborted) return
    if (this.#waiting >= MOST_WAITING)
      return this.#options.failed(`${MOST_WAITING} alerts wait for the webhook already: one of type ${alert.type} was not sent`)
    this.#waiting += 1
    this.#queue = this.#queue.then(() => this.#deliver(alert))
  }

  /** Gives up what waits. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#queue
  }

  async #deliver(alert: Alert): Promise<void> {
    const { retries, waitMs, failed } = this.#options
    const { signal } = this.#closing
    const body = JSON.stringify({ ...alert, at: new Date(alert.at).toISOString() })
    const id = crypto.randomUUID() // the same for all tries, so that a receiver knows repeats
    try {
      await pRetry(() => this.#post(body, id), { retries, minTimeout: waitMs, factor: 2, randomize: true, signal })
    } catch (error) {
      if (!signal.aborted) failed(`the webhook ${error instanceof Error ? error.message : 'failed'}: an alert of type ${alert.type} was not delivered`)
    } finally {
      this.#waiting -= 1
    }
  }

  async #post(body: string, id: string): Promise<void> {
    const { url, secret, timeoutMs } = this.#options
    const timestamp = String(Math.floor(Date.now() / 1_000))
    const headers = {
      'content-type': 'application/json',
      'x-feedmux-id': id,
      'x-feedmux-timestamp': timestamp,
      'x-feedmux-signature': signatureOf(secret, timestamp, body),
    }
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)])
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' }).catch((error: unknown) => {
      throw new Error(error instanceof Error && error.name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : 'could not be reached')
    })
    await response.body?.cancel()
    if (response.ok) return
    const why = `answered HTTP ${response.status}`
    // whoever does not want it now will not want it in a second either
    throw response.status >= 500 || response.status === 429 ? new Error(why) : new AbortError(why)
  }
}
