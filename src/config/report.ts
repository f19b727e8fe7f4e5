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

/** Collects what a report says. */
export class Findings {
  format: ConfigReport['format'] = 'feedmux'
  readonly errors: ConfigProblem[] = []
  readonly warnings: ConfigProblem[] = []
  readonly decisions: ConfigProblem[] = []
  /** Where an entry stands in the file, by its id. */
  readonly places = new Map<string, string>()

  /** The setting has no effect. */
  wrong(path: string, message: string, suggestion?: string): void {
    this.errors.push({ path, message, ...(suggestion !== undefined && { suggestion }) })
  }

  /** The entry is left out. */
  skip(path: string, message: string, suggestion?: string): void {
    this.errors.push({ path, message, ...(suggestion !== undefined && { suggestion }), skipped: true })
  }

  warn(path: string, message: string, suggestion?: string): void {
    this.warnings.push({ path, message, ...(suggestion !== undefined && { suggestion }) })
  }

  decide(path: string, message: string): void {
    this.decisions.push({ path, message })
  }

  report(): ConfigReport {
    return { format: this.format, errors: this.errors, warnings: this.warnings, decisions: this.decisions }
  }
}

/** `did you mean 'priority'?`, where some known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const near = nearest(word, known)
  return near === undefined ? undefined : `did you mean '${near}'?`
}

/** A place in a file: `pathOf('providers[3]', ['limits', 0])` is `providers[3].limits[0]`. */
export const pathOf = (start: string, keys: readonly PropertyKey[]): string =>
  keys.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`), start)
