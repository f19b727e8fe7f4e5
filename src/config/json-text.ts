import { ConfigError } from '../errors.js'

/** Longest text that is read. */
const MOST_CHARACTERS = 10_000_000

/** Reads JSON. Throws `ConfigError` with line and column, without the text that stands there: it may be a key. */
export function parseJson(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new ConfigError(`configuration: at most ${MOST_CHARACTERS / 1_000_000} MB expected, got more`)
  const source = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(source) as unknown
  } catch {
    // the engine's own message repeats the text, and has no position in some engines
    const before = source.slice(0, faultOf(source)).split('\n')
    throw new ConfigError(`configuration: not valid JSON at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`)
  }
}

const SPACE = /[\t\n\r ]*/y
const TOKEN = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/y
/** A part of a text: in one piece a long one is too much for the stack of regular expressions. */
const PART = /[^"\\\p{Cc}]{1,10000}|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end'

/** Offset of the first token that cannot stand where it stands. */
function faultOf(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let offset = 0
  for (;;) {
    SPACE.lastIndex = offset
    SPACE.exec(text)
    offset = SPACE.lastIndex
    if (open.length === 0 && expected === 'comma-or-end') return offset
    const token = tokenAt(text, offset)
    const next: Expected | undefined = token === undefined ? undefined : step(token, expected, open)
    if (token === undefined || next === undefined) return offset
    offset += token.length
    expected = next
  }
}

/** The token that stands there; nothing where none can be read. */
function tokenAt(text: string, offset: number): string | undefined {
  if (text[offset] === '"') return textAt(text, offset)
  TOKEN.lastIndex = offset
  return TOKEN.exec(text)?.[0]
}

function textAt(text: string, offset: number): string | undefined {
  PART.lastIndex = offset + 1
  let end = offset + 1
  while (PART.test(text)) end = PART.lastIndex
  return text[end] === '"' ? text.slice(offset, end + 1) : undefined
}

/** What may follow a token; nothing where the token may not stand. */
function step(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const inside = open.at(-1)
  if (token === '}' || token === ']') {
    const fits = inside === (token === '}' ? '{' : '[') && (expected === 'comma-or-end' || expected === (token === '}' ? 'key-or-end' : 'value-or-end'))
    if (!fits) return undefined
    open.pop()
    return 'comma-or-end'
  }
  if (token === ',') return expected === 'comma-or-end' && inside !== undefined ? (inside === '{' ? 'key' : 'value') : undefined
  if (token === ':') return expected === 'colon' ? 'value' : undefined
  if (expected === 'key' || expected === 'key-or-end') return token.startsWith('"') ? 'colon' : undefined
  if (expected !== 'value' && expected !== 'value-or-end') return undefined
  if (token !== '{' && token !== '[') return 'comma-or-end'
  open.push(token)
  return token === '{' ? 'key-or-end' : 'value-or-end'
}
