import { globSync, readFileSync } from 'node:fs'

/** One fenced block of a page. */
export interface CodeBlock {
  /** `README.md:12` */
  readonly place: string
  /** First word after the fence: `ts`, `diff`, `sh`. */
  readonly language: string
  /** What else stands there: `types` for a block that is compiled but not run. */
  readonly flags: readonly string[]
  readonly code: string
}

/** All fenced blocks of all pages that belong to the project. */
export const codeBlocks: readonly CodeBlock[] = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md']).toSorted().flatMap(blocksOf)

function blocksOf(page: string): CodeBlock[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: flags = '', 3: code = '' }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    language,
    flags: flags.trim().split(/\s+/).filter(Boolean),
    code,
  }))
}
