/** One key, a list of keys, or a function that fetches one. */
export type SecretSource = string | readonly string[] | (() => string | Promise<string>)

const REDACTED = '[redacted]'

/** Holds keys without ever printing them: `String()`, `JSON.stringify` and `util.inspect` give `[redacted]`. */
export class Secret {
  readonly #source: SecretSource
  readonly #seen = new Set<string>()

  constructor(source: SecretSource) {
    this.#source = source
    for (const key of typeof source === 'function' ? [] : [source].flat()) this.#seen.add(key)
  }

  /** How many keys there are to choose from. */
  get size(): number {
    return Array.isArray(this.#source) ? this.#source.length : 1
  }

  /** The key itself, for the place where it is sent. `index` chooses among several. */
  reveal(index = 0): string | Promise<string> {
    if (typeof this.#source !== 'function') return [this.#source].flat()[index % this.size] ?? ''
    const key = this.#source()
    if (typeof key === 'string') return this.#remember(key)
    return key.then((late) => this.#remember(late))
  }

  /** `text` without any key that was ever revealed, plain, URL-encoded or base64. */
  redact(text: string): string {
    const all = [...this.#seen].flatMap(forms).sort((a, b) => b.length - a.length) // a key can begin like another
    return all.reduce((clean, form) => clean.replaceAll(form, REDACTED), text)
  }

  #remember(key: string): string {
    this.#seen.add(key)
    return key
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED
  }
}

function forms(key: string): string[] {
  if (key.length < 4) return []
  const bytes = new TextEncoder().encode(key)
  const wellFormed = new TextDecoder().decode(bytes) // encodeURIComponent throws on half a character
  const base64 = btoa(String.fromCharCode(...bytes)).replaceAll('=', '')
  return [key, encodeURIComponent(wellFormed), base64]
}
