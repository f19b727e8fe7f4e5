import type { Answer } from '../http/client.js'

const MAX_ENTRIES = 20

/** The last answers of a provider to what it is asked conditionally, by address: sent along with what they say of their age, and given again where nothing is new. */
export class Validators {
  readonly #answers = new Map<string, Answer>()

  /** Headers that ask for an answer only where there is a newer one. */
  of(url: string): Readonly<Record<string, string>> {
    const { headers } = this.#answers.get(url) ?? {}
    const [tag, date] = [headers?.get('etag'), headers?.get('last-modified')]
    return { ...(tag && { 'if-none-match': tag }), ...(date && { 'if-modified-since': date }) }
  }

  /** The last answer as if it had come now; nothing where there is none. */
  again(url: string, { headers }: Answer): Answer | undefined {
    const last = this.#answers.get(url)
    return last && { ...last, status: 200, headers: merged(last.headers, headers) }
  }

  keep(url: string, answer: Answer): void {
    this.#answers.delete(url)
    if (!answer.headers.has('etag') && !answer.headers.has('last-modified')) return
    if (this.#answers.size >= MAX_ENTRIES) this.#answers.delete(this.#answers.keys().next().value ?? '')
    this.#answers.set(url, answer)
  }
}

function merged(old: Headers, fresh: Headers): Headers {
  const headers = new Headers(old)
  for (const [name, value] of fresh) headers.set(name, value)
  return headers
}
