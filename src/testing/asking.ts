import { AllProvidersFailedError, type ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { AnyProvider } from '../provider/provider.js'
import { ProviderRouter } from '../router/provider-router.js'
import { fakeClock } from './fake-clock.js'
import { bodyAt } from './several.js'

/** The time of questions that give none: 2026-11-01T12:00:00Z, Unix ms. */
export const PROOF_TIME = Date.UTC(2026, 10, 1, 12)

/** What a server answers. */
export interface Served {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body: unknown
  readonly now?: number | undefined
}

/** What was sent. */
export interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
}

/** How it ended: data or the failure, and all that was sent for it. */
export type Ended =
  | { readonly data: unknown; readonly missing: readonly string[]; readonly failure?: undefined; readonly sent: readonly Sent[] }
  | { readonly failure: ProviderError; readonly error: AllProvidersFailedError; readonly sent: readonly Sent[] }

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

function typeOf(body: unknown): string {
  if (typeof body !== 'string') return 'application/json'
  if (/^\s*<(\?xml|rss|feed|rdf)/i.test(body)) return 'application/xml'
  return /^\s*</.test(body) ? 'text/html' : 'text/plain'
}

/** Asks a provider one question through a real router whose network always gives this answer. Throws what is no failure of a provider. */
export async function askThrough(
  provider: AnyProvider,
  capability: Capability,
  params: object,
  { status = 200, headers, body, now = PROOF_TIME }: Served,
): Promise<Ended> {
  const sent: Sent[] = []
  let places = 0
  const fetch = async (...asked: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    const request = new Request(...asked)
    const own = bodyAt(body, places++)
    sent.push({ url: request.url, method: request.method, headers: request.headers, body: await request.text() })
    return own === undefined ? new Response('', { status: 500 }) : new Response(textOf(own), { status, headers: { 'content-type': typeOf(own), ...headers } })
  }
  // Its limits are looked at elsewhere: here a second request, for a batch say, would wait for a clock that stands still.
  const unlimited = { ...provider, limits: [], minSpacingMs: 0 }
  const router = new ProviderRouter({ providers: [unlimited], cache: false, retries: 0, maxAttempts: 1, fetch, clock: fakeClock(now), random: () => 0.5 })
  try {
    const { data, missing = [] } = await router.request(capability, params)
    return { data, missing, sent }
  } catch (error) {
    if (!AllProvidersFailedError.is(error)) throw error
    const failure = error.failures.at(-1)
    if (failure === undefined) throw error
    return { failure, error, sent }
  } finally {
    await router.close()
  }
}
