import type { Parser } from 'htmlparser2'

/** Enough of a text for a summary; what follows is not looked at. */
const MOST_READ = 20_000
/** What stays encoded after so many readings is none of a text that somebody wrote. */
const MOST_READINGS = 4

// What these hold is not meant to be read.
const DROPPED = new Set(['script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'head'])
// The only ones that can stand within a word.
const INLINE = new Set(['a', 'abbr', 'b', 'bdi', 'bdo', 'cite', 'code', 'em', 'font', 'i', 'mark', 's', 'small', 'span', 'strong', 'sub', 'sup', 'u', 'wbr'])

const SPACE = /\s+/g
/** Controls, bidirectional overrides, zero widths, halves of a pair. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu
/** An ampersand that was encoded again and again. */
const AMPERSANDS = /&(?:amp;?|#0*38;?|#x0*26;?)+/gi
const TAG_OPENS = /<(?=[a-z/!?])/gi
const ENTITY_OPENS = /&(?=[#a-z])/gi

let parser: Promise<typeof Parser> | undefined

// The parser is loaded with the first text that holds markup.
const load = (): Promise<typeof Parser> => (parser ??= import('htmlparser2').then((library) => library.Parser))

/**
 * HTML as plain text, of at most `most` characters: tags and what scripts, styles and the like hold left out, entities decoded, white space collapsed,
 * controls, bidirectional overrides and zero widths removed. `''` where nothing is left.
 *
 * Text that was encoded several times is decoded and stripped until nothing changes, so `&lt;script&gt;` goes the way of `<script>`. A `<` that
 * then still looks like the beginning of a tag gets a space behind it (`a <b` becomes `a < b`): the result holds no markup and no entity, however often
 * it is decoded again. It is no substitute for escaping where a text is put into an attribute or a URL.
 */
export async function plainText(html: string, most = 500): Promise<string> {
  let text = seen(html.slice(0, MOST_READ))
  for (let readings = 0; /[<&]/.test(text); readings++) {
    const next = seen(textOf(text, await load()))
    if (next === text) break
    text = readings < MOST_READINGS ? next : next.replace(ENTITY_OPENS, '& ')
  }
  return cut(text.replace(TAG_OPENS, '< '), most)
}

const seen = (text: string): string => text.replace(SPACE, ' ').replace(UNSEEN, '').replace(AMPERSANDS, '&').trim()

/** One reading. A `<` behind the last `>` opens nothing: a parser would lose what follows. */
function textOf(html: string, Reader: typeof Parser): string {
  const last = html.lastIndexOf('>') + 1
  let text = ''
  let dropped = 0
  const tag = (name: string, by: number): void => {
    if (DROPPED.has(name)) dropped = Math.max(0, dropped + by)
    if (!INLINE.has(name)) text += ' '
  }
  const reader = new Reader(
    {
      ontext: (part) => {
        if (dropped === 0) text += part
      },
      onopentagname: (name) => tag(name, 1),
      onclosetag: (name) => tag(name, -1),
    },
    { recognizeCDATA: true },
  )
  reader.end(html.slice(0, last) + html.slice(last).replaceAll('<', '&lt;'))
  return text
}

/** At most so many characters, ended between words where there are any. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const head = text.slice(0, most - 1)
  const space = head.lastIndexOf(' ')
  // half of a pair is left where a character was cut in two
  return `${(space > most / 2 ? head.slice(0, space) : head).replace(UNSEEN, '').trimEnd()}…`
}
