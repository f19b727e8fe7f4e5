import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { ProviderRouter } from '../../../src/index.js'
import type { RouterResult } from '../../../src/model/result.js'
import type { NewsItem } from '../../../src/model/insight.js'
import { rss } from '../../../src/providers/rss.js'
import { endUpstreams, html, type Upstream, upstream } from '../../support/upstreams.js'

afterEach(endUpstreams)

/** More than any of these takes, and less than anybody would wait. */
const SOON_MS = 2_000
const MB = 1_000_000
const DATE = new Date(Date.now() - 3_600_000).toUTCString()
const XML = { 'content-type': 'application/xml' }

const itemOf = (title: string, link = 'https://good.example/1', more = ''): string =>
  `<item><title>${title}</title><link>${link}</link><pubDate>${DATE}</pubDate>${more}</item>`
const feedOf = (items: string, before = ''): string => `<?xml version="1.0"?>${before}<rss version="2.0"><channel><title>A feed</title>${items}</channel></rss>`
const GOOD = feedOf(itemOf('The good feed still answers', 'https://good.example/still'))
const good = { id: 'https://good.example/still', title: 'The good feed still answers', url: 'https://good.example/still', publisher: 'A feed' }

const serving = (body: string | Buffer, headers: Readonly<Record<string, string>> = XML): Promise<Upstream> =>
  upstream((_, response) => void response.writeHead(200, headers).end(body))

/** Asks a hostile feed and a good one together, through a real router over real sockets. */
async function askBoth(hostile: Upstream): Promise<RouterResult<NewsItem[]> & { readonly tookMs: number }> {
  const other = await serving(GOOD)
  const router = new ProviderRouter({
    providers: [rss({ url: `${hostile.url}/feed`, id: 'hostile' }), rss({ url: `${other.url}/feed`, id: 'good' })],
    retries: 0,
  })
  const startedAt = performance.now()
  const result = await router.request('news', { limit: 1_000 })
  const tookMs = performance.now() - startedAt
  await router.close()
  return { ...result, tookMs }
}

/** What a feed alone gives, or why it fails. */
async function alone(feed: Upstream): Promise<readonly NewsItem[] | string> {
  const router = new ProviderRouter({ providers: [rss({ url: `${feed.url}/feed` })], retries: 0 })
  const settled = await router.request('news', { limit: 1_000 }).then(
    ({ data }) => data,
    (error: { readonly failures?: readonly { readonly reason: string }[] }) => error.failures?.[0]?.reason ?? 'an error of no provider',
  )
  await router.close()
  return settled
}

const refused: readonly (readonly [what: string, body: () => string])[] = [
  [
    'a billion laughs',
    () =>
      feedOf(
        itemOf('&lol9;'),
        `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n === 0 ? '' : n};`.repeat(10)}">`).join('')}]>`,
      ),
  ],
  ['one entity of megabytes, used often', () => feedOf(itemOf('&a;'.repeat(10_000)), `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(MB)}">]>`)],
  [
    'two hundred thousand entities',
    () => feedOf(itemOf('&e1;'), `<!DOCTYPE r [${Array.from({ length: 150_000 }, (_, n) => `<!ENTITY e${n} "x">`).join('')}]>`),
  ],
  ['entities of a file', () => feedOf(itemOf('&x;'), '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
  ['parameter entities', () => feedOf(itemOf('&x;'), '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>')],
  ['a document type in small letters', () => feedOf(itemOf('&x;'), '<!doctype r [<!ENTITY x "y">]>')],
  ['a document type within the feed', () => feedOf(`<!DOCTYPE r [<!ENTITY x "y">]>${itemOf('&x;')}`)],
  ['ten thousand levels', () => feedOf(`${'<a>'.repeat(10_000)}x${'</a>'.repeat(10_000)}${itemOf('deep')}`)],
  ['a million levels that never close', () => feedOf(`<item>${'<a>'.repeat(MB)}`)],
  ['a hundred thousand articles', () => feedOf('<item><title>T</title><link>h</link></item>'.repeat(100_000))],
  ['a million empty articles', () => feedOf('<item/>'.repeat(700_000))],
  ['an element with a million attributes', () => feedOf(`<item ${'a '.repeat(2_200_000)}><title>x</title></item>`)],
  [
    'an element with as many attributes that differ',
    () => feedOf(`<item ${Array.from({ length: 300_000 }, (_, n) => `a${n}="${n}"`).join(' ')}><title>x</title></item>`),
  ],
  ['many elements with many attributes', () => feedOf(`<a ${'b="" '.repeat(1_000)}/>`.repeat(900))],
  ['an attribute that never ends', () => feedOf(`<item a="${'x '.repeat(2_200_000)}><title>x</title></item>`)],
  ['names spaces by the thousand', () => feedOf(`<item ${Array.from({ length: 100_000 }, (_, n) => `xmlns:n${n}="http://n.example/${n}"`).join(' ')}>`)],
  ['the members of all objects', () => feedOf(`<__proto__><polluted>1</polluted></__proto__>${itemOf('x')}`)],
  ['an HTML page', () => '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>alert(1)</script></body></html>'],
  [
    'JSON of a hundred thousand levels',
    () => `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ],
  ['nothing but brackets', () => `<rss ${'<'.repeat(4 * MB)}`],
  ['nothing', () => ''],
  ['null bytes', () => '\u0000'.repeat(MB)],
]

describe('a hostile feed', () => {
  it.each(refused)('with %s fails soon, gives nothing, and leaves the others alone', async (_, body) => {
    const hostile = await serving(body())
    const { data, tookMs, attempts } = await askBoth(hostile)
    expect(data).toMatchObject([good])
    expect(attempts.find(({ provider }) => provider === 'hostile')).toMatchObject({ outcome: 'failed', reason: 'bad-response' })
    expect(tookMs).toBeLessThan(SOON_MS)
    expect({}).not.toHaveProperty('polluted')
  })

  it('never makes anybody fetch what its entities and links point to', async () => {
    const inside = await serving('secret')
    const dtd = feedOf(
      itemOf('&x; and &y;'),
      `<!DOCTYPE r SYSTEM "${inside.url}/r.dtd" [<!ENTITY x SYSTEM "${inside.url}/x"><!ENTITY % y SYSTEM "${inside.url}/y">%y;]>`,
    )
    const link = feedOf(
      itemOf('A fine article', `${inside.url}/article`, `<enclosure url="${inside.url}/a.png" type="image/png"/>`),
      `<!DOCTYPE r SYSTEM "${inside.url}/r.dtd">`,
    )
    const stylesheet = `<?xml-stylesheet href="${inside.url}/s.xsl" type="text/xsl"?>${GOOD}`
    for (const body of [dtd, link, stylesheet]) expect(JSON.stringify(await alone(await serving(body)))).not.toContain('secret')
    expect(inside.asked).toEqual([])
  })

  it('whose body never ends is cut off after five megabytes, and its connection closed', async () => {
    let sentBytes = 0
    let isClosed = false
    const chunk = Buffer.from(itemOf('More').repeat(500))
    const pour = (response: ServerResponse): void => {
      while (!response.destroyed) {
        sentBytes += chunk.length
        if (!response.write(chunk)) return
      }
    }
    const endless = await upstream((_, response) => {
      response
        .on('close', () => (isClosed = true))
        .on('drain', () => pour(response))
        .on('error', () => undefined)
      response.writeHead(200, XML).write('<?xml version="1.0"?><rss version="2.0"><channel>')
      pour(response)
    })
    const before = process.memoryUsage().rss
    const { data, tookMs } = await askBoth(endless)
    expect(data).toMatchObject([good])
    expect(tookMs).toBeLessThan(SOON_MS)
    await expect.poll(() => isClosed).toBe(true)
    expect(sentBytes).toBeLessThan(50 * MB)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MB)
    expect(await alone(endless)).toBe('bad-response')
  })

  it('of fifty megabytes, which says so, is not read', async () => {
    const whole = Buffer.alloc(50 * MB, '<a/>')
    const { data, tookMs } = await askBoth(await serving(whole, { ...XML, 'content-length': String(whole.length) }))
    expect(data).toMatchObject([good])
    expect(tookMs).toBeLessThan(SOON_MS)
  })
})

describe('what a feed says', () => {
  it.each([
    ['<![CDATA[<script>alert(1)</script>Quiet <img src=x onerror=alert(1)>day]]>', 'Quiet day'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;Quiet &amp;lt;img src=x onerror=alert(1)&amp;gt;day', 'Quiet day'],
    ['Quiet<iframe src="javascript:alert(1)"></iframe> day', 'Quiet day'],
    ['<![CDATA[Quiet\u202e \u200bday]]>', 'Quiet day'],
    ['Quiet\u0000 \u0008day', 'Quiet day'],
    ['BTC &lt; $60k &amp;amp; falling', 'BTC < $60k & falling'],
  ])('%j is the title %j', async (title, read) => {
    expect(await alone(await serving(feedOf(itemOf(title, undefined, `<description>${title}</description>`))))).toMatchObject([{ title: read, summary: read }])
  })

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java&#10;script:alert(1)',
    'data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;',
    'file:///etc/passwd',
    'https://me:password@good.example/',
    '//good.example/1',
  ])('is no article where its link is %j', async (link) => {
    const feed = await serving(feedOf(`${itemOf('Click here', link)}${itemOf('A fine article')}`))
    expect(await alone(feed)).toMatchObject([{ title: 'A fine article' }])
    expect(await alone(await serving(feedOf(itemOf('Click here', link))))).toBe('bad-response')
  })

  it('is no picture where that is a script, and no id where that is markup', async () => {
    const more = '<guid isPermaLink="false">&lt;script&gt;</guid><enclosure url="javascript:alert(1)" length="1" type="image/png"/>'
    const [item] = (await alone(await serving(feedOf(itemOf('A fine article', undefined, more))))) as NewsItem[]
    expect(item).not.toHaveProperty('imageUrl')
    expect(item?.id).toBe('https://good.example/1')
  })

  it('is taken for a member of nothing but its own', async () => {
    const more = '<constructor><prototype><polluted>1</polluted></prototype></constructor><toString>x</toString><hasOwnProperty>x</hasOwnProperty>'
    const given = await alone(await serving(feedOf(itemOf('A fine article', undefined, more))))
    expect(typeof given === 'string' ? given : given[0]?.title).toMatch(/^(A fine article|bad-response)$/)
    expect({}).not.toHaveProperty('polluted')
  })

  it('counts where a page of errors or a broken article stands beside it', async () => {
    const broken = '<item></item><item><title>No link</title></item><item><title>No date</title><link>https://good.example/2</link></item>'
    expect(await alone(await serving(feedOf(`${broken}${itemOf('A fine article')}`)))).toMatchObject([{ title: 'A fine article' }])
    expect(await alone(await html(403, 'Forbidden'))).toBe('unavailable')
    expect(await alone(await html(404, 'Not found'))).toBe('bad-response')
  })

  it('may hold a document type that declares nothing, as old feeds do, and code as text', async () => {
    const old = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    const code = '<description><![CDATA[It wrote <code>&lt;!DOCTYPE r [&lt;!ENTITY x "y"&gt;]&gt;</code> <!DOCTYPE r [ and got nothing]]></description>'
    expect(await alone(await serving(feedOf(itemOf('A fine article', undefined, code), old)))).toMatchObject([{ title: 'A fine article' }])
  })
})

describe('the encoding of a feed', () => {
  const TEXT = 'Kurse «fest» – naïve Anleger für Österreich'
  const declared = (encoding: string): string => feedOf(itemOf(TEXT)).replace('"1.0"', `"1.0" encoding="${encoding}"`)
  const latin = (text: string): Buffer => Buffer.from(text.replaceAll('–', '-'), 'latin1')
  const swapped = (buffer: Buffer): Buffer => Buffer.from(buffer).swap16()
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
  const LATIN = TEXT.replace('–', '-')
  const cyrillic = (text: string): Buffer =>
    Buffer.from(Array.from(text, (char) => (char >= 'А' && char <= 'я' ? char.charCodeAt(0) - 0x410 + 0xc0 : char.charCodeAt(0))))

  it.each<readonly [string, () => Buffer, string | undefined, string]>([
    ['UTF-8', () => Buffer.from(declared('UTF-8')), undefined, TEXT],
    ['UTF-8 with a mark', () => Buffer.from(`\ufeff${declared('UTF-8')}`), undefined, TEXT],
    ['none told', () => Buffer.from(feedOf(itemOf(TEXT))), undefined, TEXT],
    ['ISO-8859-1 in the prolog', () => latin(declared('ISO-8859-1')), undefined, LATIN],
    ['ISO-8859-1 in the header', () => latin(feedOf(itemOf(TEXT))), 'iso-8859-1', LATIN],
    ['windows-1251 in the prolog', () => cyrillic(declared('windows-1251').replace(TEXT, 'Биткойн растет')), undefined, 'Биткойн растет'],
    ['UTF-16, little end first', () => utf16(declared('UTF-16')), undefined, TEXT],
    ['UTF-16, big end first', () => swapped(utf16(declared('UTF-16'))), undefined, TEXT],
    ['UTF-16 that says it is UTF-8', () => utf16(declared('UTF-8')), 'utf-8', TEXT],
    ['one that nobody knows', () => Buffer.from(declared('x-nobody')), undefined, TEXT],
  ])('%s is understood', async (_, body, charset, title) => {
    const type = charset === undefined ? 'application/xml' : `application/xml; charset=${charset}`
    expect(await alone(await serving(body(), { 'content-type': type }))).toMatchObject([{ title }])
  })

  it('that is told wrongly spoils some letters, and nothing else', async () => {
    const given = await alone(await serving(latin(declared('UTF-8'))))
    expect(given).toMatchObject([{ title: expect.stringMatching(/^Kurse .fest. - na.ve Anleger f.r .sterreich$/u), url: 'https://good.example/1' }])
  })
})
