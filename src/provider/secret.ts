/** One key, a list of keys, or a function that fetches one. */
export type SecretSource = string | readonly string[] | (() => string | Promise<string>)

const REDACTED = '[redacted]'
/** Cutting anything shorter out of a text would leave nothing of it. */
const SHORTEST = 4

/** Holds keys without ever printing them: `String()`, `JSON.stringify` and `util.inspect` give `[redacted]`. */
export class Secret {
  readonly #source: SecretSource
  readonly #seen = new Set<string>()

  constructor(source: SecretSource) {
    this.#source = source
    for (const key of typeof source === 'function' ? [] : [source].flat()) this.#remember(key)
  }

  /** Whether both are the same key or keys, or fetched by the same function. */
  static areSame(a: Secret | undefined, b: Secret | undefined): boolean {
    if (a === b || a === undefined || b === undefined) return a === b
    if (!(#source in a) || !(#source in b)) return false // of another copy of the package
    const [one, other] = [a.#source, b.#source]
    return typeof one === 'function' || typeof other === 'function' ? one === other : JSON.stringify([one].flat()) === JSON.stringify([other].flat())
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
    const keys = [...this.#seen].sort((a, b) => b.length - a.length) // a key can begin like another
    return keys.reduce((clean, key) => clean.replaceAll(formsOf(key), REDACTED), text)
  }

  #remember(key: string): string {
    if (key.length >= SHORTEST) this.#seen.add(key)
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

/** Each character as it is or percent-encoded, since every place encodes others; or the whole in base64. */
function formsOf(key: string): RegExp {
  const chars = Array.from(key, (char) => `(?:${literal(char)}|${encoded(char)}${char === ' ' ? '|\\+' : ''})`)
  // the last digit of a rest depends on what follows
  const base64 = btoa(String.fromCharCode(...bytesOf(key))).replace(/.?=+$/, '')
  return new RegExp(`${chars.join('')}|${literal(base64)}[\\w+/-]?|${literal(base64.replaceAll('+', '-').replaceAll('/', '_'))}[\\w-]?`, 'gi')
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const encoded = (char: string): string => Array.from(bytesOf(char), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
