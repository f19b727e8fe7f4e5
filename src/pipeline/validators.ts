import type { Answer } from '../http/client.js'

const MAX_ENTRIES = 20

/** The last answers of a provider to what it is asked conditionally, by what was asked. */
export class Validators {
  readonly #answers = new Map<string, Answer>()

  /** To be held until the next one is here: it may be gone by then. */
  last(place: string): Answer | undefined {
    return this.#answers.get(place)
  }

  keep(place: string, answer: Answer): void {
    this.#answers.delete(place)
    if (!answer.headers.has('etag') && !answer.headers.has('last-modified')) return
    if (this.#answers.size >= MAX_ENTRIES) this.#answers.delete(this.#answers.keys().next().value ?? '')
    this.#answers.set(place, answer)
  }
}

/** Headers that ask for an answer only where there is a newer one. */
export function ageOf({ headers }: Answer): Readonly<Record<string, string>> {
  const [tag, date] = [headers.get('etag'), headers.get('last-modified')]
  return { ...(tag && { 'if-none-match': tag }), ...(date && { 'if-modified-since': date }) }
}

/** The last answer as if it had come now, with what the server says of it anew. */
export const again = (last: Answer, { headers }: Answer): Answer => ({ ...last, status: 200, headers: merged(last.headers, headers) })

function merged(old: Headers, fresh: Headers): Headers {
  const headers = new Headers(old)
  for (const [name, value] of fresh) headers.set(name, value)
  return headers
}
