import { ProviderError } from '../errors.js'
import type { TextSentiment } from '../model/insight.js'
import type { CallContext } from '../provider/provider.js'

/** How long a reading is used again, in ms. */
export const READING_MS = 300_000
/** Readings kept at once, and characters of their texts. */
const MOST = 1_000
const MOST_CHARACTERS = 2_000_000

/** Readings of one model by the whole text (not by its beginning, nor by a hash that another text may have). */
export class Readings {
  readonly #ttlMs: number
  readonly #known = new Map<string, { readonly reading: TextSentiment; readonly at: number }>()
  #characters = 0

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  get(text: string, now: number): TextSentiment | undefined {
    const found = this.#known.get(text)
    if (found && now >= found.at && now - found.at < this.#ttlMs) return found.reading
    this.#forget(text)
    return undefined
  }

  set(text: string, reading: TextSentiment, now: number): void {
    if (this.#ttlMs <= 0 || text.length > MOST_CHARACTERS) return
    this.#forget(text)
    this.#known.set(text, { reading, at: now })
    this.#characters += text.length
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST && this.#characters <= MOST_CHARACTERS) return
      this.#forget(oldest)
    }
  }

  #forget(text: string): void {
    if (this.#known.delete(text)) this.#characters -= text.length
  }
}

/** The texts asked for. Throws `bad-request` for anything but texts. */
export function textsOf(provider: string, { texts }: { readonly texts: unknown }): readonly string[] {
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
    throw new ProviderError({ provider, reason: 'bad-request', message: "texts must be a list like ['Bitcoin rises']" })
  return texts
}

/** How the texts of one question are read. */
export interface EachText {
  readonly readings: Readings
  /** Texts under way at the same time. */
  readonly atOnce: number
  readonly read: (text: string, signal: AbortSignal) => Promise<TextSentiment>
}

/** One reading per text, in the order of the texts; each distinct text is read once. The first failure ends the others; what was read until then is kept. */
export async function eachText(texts: readonly string[], context: CallContext, { readings, atOnce, read }: EachText): Promise<TextSentiment[]> {
  const { now } = context
  const found = new Map<string, TextSentiment>()
  for (const text of texts) {
    const known = readings.get(text, now)
    if (known) found.set(text, known)
  }
  const queue = [...new Set(texts)].filter((text) => !found.has(text)).values()
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const work = async (): Promise<void> => {
    for (const text of queue) {
      signal.throwIfAborted()
      const reading = await read(text, signal)
      found.set(text, reading)
      readings.set(text, reading, now)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    stop.abort()
  }
  return texts.flatMap((text) => found.get(text) ?? [])
}
