import { nearest } from './nearest.js'

/** One thing to know about a configuration. Never holds a value that may be a key. */
export interface ConfigProblem {
  /** `providers[3].priorty` */
  readonly path: string
  readonly message: string
  /** What to write instead: `did you mean 'priority'?` */
  readonly suggestion?: string
  /** The whole entry was left out. */
  readonly skipped?: true
}

/** What was found while a configuration was read. */
export interface ConfigReport {
  readonly format: 'feedmux' | 'legacy'
  /** What is wrong in the file: the setting, or where `skipped` the entry, has no effect. */
  readonly errors: readonly ConfigProblem[]
  /** What has no effect on purpose: keys in the file, say. */
  readonly warnings: readonly ConfigProblem[]
  /** What an import decided: turned priorities, old ids, retired services. */
  readonly decisions: readonly ConfigProblem[]
}

/** Of each kind; what comes after is counted. A file may have a hundred thousand faults, each with a text of its own. */
const MOST_PROBLEMS = 5_000
const [LONGEST_PATH, LONGEST_MESSAGE] = [200, 500]

type Suggestion = string | (() => string | undefined)

/** Collects what a report says. */
export class Findings {
  format: ConfigReport['format'] = 'feedmux'
  readonly errors: ConfigProblem[] = []
  readonly warnings: ConfigProblem[] = []
  readonly decisions: ConfigProblem[] = []
  /** Where an entry stands in the file, by its id. */
  readonly places = new Map<string, string>()
  readonly #more = new Map<readonly ConfigProblem[], number>()

  /** The setting has no effect. */
  wrong(path: string, message: string, suggestion?: Suggestion): void {
    this.#add(this.errors, path, message, suggestion)
  }

  /** The entry is left out. */
  skip(path: string, message: string, suggestion?: Suggestion): void {
    this.#add(this.errors, path, message, suggestion, true)
  }

  warn(path: string, message: string, suggestion?: Suggestion): void {
    this.#add(this.warnings, path, message, suggestion)
  }

  decide(path: string, message: string): void {
    this.#add(this.decisions, path, message)
  }

  report(): ConfigReport {
    const whole = (list: readonly ConfigProblem[]): readonly ConfigProblem[] => {
      const more = this.#more.get(list)
      return more === undefined ? list : [...list, { path: '', message: `${more} more, which are not listed` }]
    }
    return { format: this.format, errors: whole(this.errors), warnings: whole(this.warnings), decisions: whole(this.decisions) }
  }

  #add(list: ConfigProblem[], path: string, message: string, suggestion?: Suggestion, skipped?: true): void {
    if (list.length >= MOST_PROBLEMS) {
      this.#more.set(list, (this.#more.get(list) ?? 0) + 1)
      return
    }
    const hint = typeof suggestion === 'function' ? suggestion() : suggestion
    list.push({
      path: line(path, LONGEST_PATH),
      message: line(message, LONGEST_MESSAGE),
      ...(hint !== undefined && { suggestion: hint }),
      ...(skipped && { skipped }),
    })
  }
}

/** Names out of the file stand in it: on one line, and no longer than can be read. */
function line(text: string, most: number): string {
  const plain = text.slice(0, most + 1).replaceAll(/\p{Cc}/gu, ' ')
  return plain.length > most ? `${plain.slice(0, most)}…` : plain
}

/** `did you mean 'priority'?`, where some known word is near. Only looked for where somebody is told. */
export const didYouMean =
  (word: string, known: Iterable<string>): (() => string | undefined) =>
  () => {
    const near = nearest(word, known)
    return near === undefined ? undefined : `did you mean '${near}'?`
  }

/** A place in a file: `pathOf('providers[3]', ['limits', 0])` is `providers[3].limits[0]`. */
export const pathOf = (start: string, keys: readonly PropertyKey[]): string =>
  keys.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`), start)
