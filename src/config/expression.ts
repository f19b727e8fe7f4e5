import { ConfigError } from '../errors.js'

/** A compiled JMESPath: what it finds in a value; `null` where there is nothing. */
export type Expression = (value: unknown) => unknown

// What a source from elsewhere may make us do: everything that is compiled here reads each value a bounded number of times.
const MOST_CHARACTERS = 300
const MOST_NODES = 60
/** Each repeats what is found, once per member: several, one behind the other, multiply. */
const MOST_SELECTS = 1
const MOST_FUNCTIONS = 8
/** Each makes a text of all that it is given. */
const MOST_TEXTS = 2
/** A literal may be repeated once per member. */
const LONGEST_LITERAL = 60
const FUNCTIONS: ReadonlySet<string> = new Set([
  'abs',
  'avg',
  'ceil',
  'contains',
  'ends_with',
  'floor',
  'from_items',
  'items',
  'join',
  'keys',
  'length',
  'lower',
  'max',
  'max_by',
  'merge',
  'min',
  'min_by',
  'not_null',
  'reverse',
  'sort',
  'sort_by',
  'split',
  'starts_with',
  'sum',
  'to_array',
  'to_number',
  'to_string',
  'trim',
  'type',
  'upper',
  'values',
  'zip',
])
/** `$` and variables reach back out of a loop. */
const REFUSED: ReadonlySet<string> = new Set(['Root', 'Variable', 'LetExpression'])
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

interface Node {
  readonly type: string
  readonly name?: unknown
  readonly value?: unknown
  readonly children?: readonly Node[]
}

/** Loads the library, and gives what compiles. Throws `ConfigError` for what is no JMESPath, or more than is allowed. */
export async function expressions(): Promise<(text: string) => Expression> {
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath')
  type Compiled = ReturnType<typeof compile>
  const compiled = (text: string): Compiled => {
    try {
      return compile(text)
    } catch (error) {
      throw new ConfigError(`not a JMESPath: ${error instanceof Error ? error.message : 'it cannot be read'}`)
    }
  }
  return (text) => {
    if (text.length > MOST_CHARACTERS) throw new ConfigError(`at most ${MOST_CHARACTERS} characters expected, got ${text.length}`)
    const tree = compiled(text)
    check(tree)
    return (value) => TreeInterpreter.search(tree, value as Parameters<typeof TreeInterpreter.search>[1])
  }
}

function check(tree: object): void {
  const nodes = [...nodesOf(tree)]
  if (nodes.length > MOST_NODES) throw new ConfigError(`at most ${MOST_NODES} steps expected, got ${nodes.length}`)
  if (nodes.filter(({ type }) => type.startsWith('MultiSelect')).length > MOST_SELECTS) throw new ConfigError('at most one […] or {…} that selects expected')
  const functions = nodes.filter(({ type }) => type === 'Function')
  if (functions.length > MOST_FUNCTIONS) throw new ConfigError(`at most ${MOST_FUNCTIONS} functions expected, got ${functions.length}`)
  if (functions.filter(({ name }) => name === 'to_string').length > MOST_TEXTS) throw new ConfigError(`to_string at most ${MOST_TEXTS} times expected`)
  for (const { type, name, value, children } of nodes) {
    if (type === 'Literal' && (JSON.stringify(value) ?? '').length > LONGEST_LITERAL)
      throw new ConfigError(`a literal of at most ${LONGEST_LITERAL} characters expected`)
    // out of the answer, either may be as long as the answer itself
    if (type === 'Function' && name === 'join' && !isText(children?.[0])) throw new ConfigError("join: a text like ',' expected between")
    if (type === 'Function' && name === 'split' && (!isText(children?.[1]) || children?.[1]?.value === ''))
      throw new ConfigError("split: a text like ',' expected to split at")
    if (REFUSED.has(type)) throw new ConfigError('$ and variables are not allowed')
    if (type === 'Field' && UNSAFE.has(String(name))) throw new ConfigError(`'${String(name)}' is not allowed`)
    if (type === 'Function' && !FUNCTIONS.has(String(name)))
      throw new ConfigError(`the function '${String(name)}' is not allowed, there are ${[...FUNCTIONS].join(', ')}`)
  }
}

const isText = (node: Node | undefined): boolean => node?.type === 'Literal' && typeof node.value === 'string'

/** All nodes of a tree, the values of literals aside. */
function* nodesOf(node: object): Generator<Node> {
  if ('type' in node && typeof node.type === 'string') yield node as Node
  if ('type' in node && node.type === 'Literal') return
  for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) yield* nodesOf(child as object)
}
