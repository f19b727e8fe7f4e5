import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../../src/provider/news/plain-text.js'

/** What a browser would make of a text as HTML: the names of its elements, and its text. */
function rendered(html: string): { readonly elements: string[]; readonly text: string } {
  const elements: string[] = []
  let text = ''
  new Parser({ onopentagname: (name) => void elements.push(name), ontext: (part) => void (text += part) }).end(html)
  return { elements, text }
}

const PIECES = [
  '< > & lt; gt; amp; #60; #x3c; &lt &lt; &amp; <b> </b> <script> </script> <!-- --> <![CDATA[ ]]> = / ! ? a img'.split(' '),
  ['"', "'", ' ', 'svg onload=x', '\u0000', '\u200b', '\u202e', '<textarea>', '<title>', '<plaintext>', '<xmp>'],
].flat()

describe('plainText', () => {
  it.each([
    ['<p>It was <b>qui</b>et.</p><p>Really<br>so</p>', 'It was quiet. Really so'],
    ['  two\n\t lines  ', 'two lines'],
    ['it&#39;s &nbsp;fine, &euro;5 &amp; &ldquo;more&rdquo;', 'it’s fine, €5 & “more”'.replace('’', "'")],
    ['before<script>alert(1)</script><style>p{}</style><noscript>x</noscript><template>y</template> after', 'before after'],
    ['never closed <script>alert(1)', 'never closed'],
    ['<img src="x>y" onerror="alert(1)">picture', 'picture'],
    ['<!-- a comment -->kept<![CDATA[ as well ]]>', 'kept as well'],
    ['', ''],
    ['<p> </p>', ''],
  ])('reads %j as %j', async (html, text) => {
    expect(await plainText(html)).toBe(text)
  })

  it.each([
    ['BTC < $60k & falling', 'BTC < $60k & falling'],
    ['AT&T, Q&A and R&D', 'AT&T, Q&A and R&D'],
    ['ETH < BTC > SOL', 'ETH < BTC > SOL'],
    ['if price<support then sell', 'if price< support then sell'],
    ['5 > 3', '5 > 3'],
  ])('keeps %j readable', async (html, text) => {
    expect(await plainText(html)).toBe(text)
  })

  it.each([
    '<script>alert(1)</script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;',
    '&amp;amp;amp;amp;amp;amp;lt;script&amp;gt;alert(1)&lt;/script&gt;',
    '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
    '<\u200bscript>alert(1)</script>',
    '&lt;&#8203;script&gt;alert(1)&lt;/script&gt;',
  ])('leaves nothing of the script in %j', async (html) => {
    expect(await plainText(`before ${html} after`)).toBe('before after')
  })

  it('takes out controls, bidirectional overrides, zero widths and halves of a pair', async () => {
    expect(await plainText('a\u0000b\u202ec\u200bd\u2066e\ufefff\u00adg\ud800h\u0007')).toBe('abcde fgh')
    expect(await plainText('emoji 🚀 stay')).toBe('emoji 🚀 stay')
  })

  it('is never longer than told, ends between words, and cuts no character in two', async () => {
    expect(await plainText('word '.repeat(500), 50)).toBe(`${'word '.repeat(8)}word…`)
    expect(await plainText('x'.repeat(500), 50)).toBe(`${'x'.repeat(49)}…`)
    expect(await plainText('🚀'.repeat(500), 50)).toBe(`${'🚀'.repeat(24)}…`)
  })

  it('holds no markup and no entity, however often it is decoded again', async () => {
    const piece = fc.constantFrom(...PIECES)
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 5, max: 60 }), async (pieces, most) => {
        const text = await plainText(pieces.join(''), most)
        expect(text.length).toBeLessThanOrEqual(most)
        const once = rendered(text)
        const twice = rendered(once.text)
        expect([...once.elements, ...twice.elements, ...rendered(twice.text).elements]).toEqual([])
        expect(once.text).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is quick with whatever is put to it', async () => {
    const startedAt = performance.now()
    for (const html of ['<', '&lt;', '<a ', '<div>', '&amp;', '<!--', '<b a="', '<p>x</p>', ' \n', '&#x'])
      expect((await plainText(html.repeat(2_000_000 / html.length))).length).toBeLessThanOrEqual(500)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
