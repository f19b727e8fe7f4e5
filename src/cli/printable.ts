// Bold, dim, red, green, yellow, and their ends: what the commands themselves colour with.
const OWN_COLOURS = String.raw`\u001B\[(?:1|2|22|31|32|33|39)m`
const CONTROLS = String.raw`[\p{Cc}\u202A-\u202E\u2066-\u2069]`
const NOT_PLAIN = new RegExp(String.raw`(?!\n)${CONTROLS}`, 'gu')
const NOT_COLOURED = new RegExp(String.raw`(?!\n|${OWN_COLOURS})${CONTROLS}`, 'gu')

/**
 * Text for a terminal. What providers say goes there: without controls, which could move the cursor, rename the window or hide a line, and without marks
 * that turn the direction of reading. Line ends stay, and where the output is `coloured` the colours that commands use.
 */
export function printable(text: string, coloured = false): string {
  return text.replace(coloured ? NOT_COLOURED : NOT_PLAIN, '')
}

/** JSON escapes the lower controls; these a terminal may obey as well. */
const UNESCAPED = /[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g

/** JSON for a terminal: the same value, with nothing in it that is obeyed. */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(UNESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
