import { inspect } from 'node:util'
import { vi } from 'vitest'
import type { RouterEvents } from '../../src/model/events.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import type { ProviderRouter } from '../../src/router/provider-router.js'

/** A key that each way of encoding changes in its own way. */
export const KEY = "Plant3d+Key/with=odd~marks!(and a 'gap')"

const base64 = (text: string): string => Buffer.from(text).toString('base64').replaceAll('=', '')
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

/** Every way in which a text can hold the key. */
export const FORMS: Readonly<Record<string, string>> = {
  plain: KEY,
  'URL-encoded': encodeURIComponent(KEY),
  'encoded as in a query': formEncoded(KEY),
  'URL-encoded in lower case': encodeURIComponent(KEY).replaceAll(/%../g, (code) => code.toLowerCase()),
  base64: base64(KEY),
}

/** Names of the forms in which `text` holds the key. */
export const leaksIn = (text: string): string[] => Object.entries(FORMS).flatMap(([name, form]) => (text.includes(form) ? [name] : []))

const EVENTS = Object.keys({
  'request-settled': true,
  'attempt-succeeded': true,
  'attempt-failed': true,
  'attempt-skipped': true,
  'breaker-changed': true,
  'cooldown-started': true,
  'cooldown-ended': true,
  'quota-updated': true,
  'quota-forecast': true,
  'cache-hit': true,
  'cache-missed': true,
  'cache-served-stale': true,
  'pool-rotated': true,
  'provider-isolated': true,
  'provider-restored': true,
  'provider-retired': true,
  'probe-settled': true,
  'store-restored': true,
  'store-unavailable': true,
  'strategy-failed': true,
} satisfies Record<keyof RouterEvents, true>) as (keyof RouterEvents)[]

/** All that a router tells whoever listens. */
export function listen(router: ProviderRouter): unknown[] {
  const heard: unknown[] = []
  for (const name of EVENTS) router.on(name, (payload) => heard.push({ name, ...payload }))
  return heard
}

/** A value as text, in every way in which somebody may print it. */
export function printed(value: unknown): string {
  const texts = [
    inspect(value, { depth: 10, showHidden: true, getters: true }),
    inspect(value, { depth: 10, showHidden: true, customInspect: false }),
    String(value),
  ]
  try {
    texts.push(JSON.stringify(value) ?? '')
  } catch {
    // a circle: inspect has shown it
  }
  for (let error = value, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++)
    texts.push(error.message, error.stack ?? '', inspect(error))
  return texts.join('\n')
}

/** Everything that can be read from outside of a router and its provider. */
export function surfaces(router: ProviderRouter, provider: AnyProvider, symbol = 'BTC/USD'): Record<string, string> {
  return {
    status: printed(router.status()),
    snapshot: printed(router.snapshot()),
    plan: printed(router.plan('ticker', { symbol })),
    router: printed(router),
    provider: printed({ ...provider, hosts: undefined }),
    apiKey: printed(provider.apiKey),
  }
}

/** What is written to the two streams and the console from here on, until mocks are restored. */
export function streams(): string[] {
  const written: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk))
      return true
    })
  }
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...args) => void written.push(inspect(args, { depth: 10 })))
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void written.push(inspect(warning)))
  return written
}
