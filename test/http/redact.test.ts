import { describe, expect, it } from 'vitest'
import { hostName, redact } from '../../src/http/redact.js'
import { Secret } from '../../src/provider/secret.js'

const KEY = 'k3y+With/odd=marks'

describe("a vendor's text", () => {
  it.each([
    ['plain', KEY],
    ['URL-encoded', encodeURIComponent(KEY)],
    ['URL-encoded in lower case', encodeURIComponent(KEY).toLowerCase()],
    ['encoded in part', KEY.replace('/', '%2F')],
    ['in base64', Buffer.from(KEY).toString('base64')],
    ['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
  ])('loses a key that stands there %s', (_, form) => {
    expect(redact(`the key ${form} is unknown`, new Secret(KEY))).toMatch(/^the key \[redacted\]=* is unknown$/)
  })

  it('loses a key in base64 also where something follows it there', () => {
    for (const key of ['long-enough-1', 'long-enough-12', 'long-enough-123']) {
      const basic = Buffer.from(`${key}:`).toString('base64')
      expect(redact(`Basic ${basic}`, new Secret(key))).not.toContain(Buffer.from(key).toString('base64').slice(0, 12))
    }
  })

  it('loses the key as often as it stands there', () => {
    expect(redact(`${KEY},${KEY};${KEY}`, new Secret(KEY))).toBe('[redacted],[redacted];[redacted]')
  })

  it('loses each key of a list, the longer one of two that begin alike as a whole', () => {
    expect(redact('short-key and short-key-longer', new Secret(['short-key', 'short-key-longer']))).toBe('[redacted] and [redacted]')
  })

  it('loses a key with blanks in any encoding of them', () => {
    expect(redact('two words, two+words, two%20words', new Secret('two words'))).toBe('[redacted], [redacted], [redacted]')
  })

  it('loses what a function gave, from then on', async () => {
    const secret = new Secret(async () => KEY)
    expect(redact(KEY, secret)).toBe(KEY)
    await secret.reveal()
    expect(redact(KEY, secret)).toBe('[redacted]')
  })

  it('keeps the marks that mean something in a pattern', () => {
    const key = String.raw`a.*b+c?(d)[e]{f}|g^h$i\j/k-l`
    expect(redact(`${key} but not abc`, new Secret(key))).toBe('[redacted] but not abc')
  })

  it('stays readable beside a key of three characters', () => {
    expect(redact('the end', new Secret('the'))).toBe('the end')
  })

  it.each([
    ['see https://api.example/v1/x?apikey=1&b=2 please', 'see https://api.example/v1/x please'],
    ['at "http://api.example#part", or', 'at "http://api.example", or'],
    ['<a href="https://a.example/?q=1">x</a>', '<a href="https://a.example/">x</a>'],
    ['https://a.example/?x=1 https://b.example/?y=2', 'https://a.example/ https://b.example/'],
    ['why? because #1', 'why? because #1'],
  ])('loses the query of a URL: %s', (text, clean) => {
    expect(redact(text, undefined)).toBe(clean)
  })

  it('stands in one line', () => {
    expect(redact('  first\r\n\tsecond\u2028third  ', undefined)).toBe('first second third')
  })

  it('is cut after 160 characters, and a key at the edge is cut out before', () => {
    expect(redact('x'.repeat(160), undefined)).toBe('x'.repeat(160))
    expect(redact('x'.repeat(161), undefined)).toBe(`${'x'.repeat(160)}…`)
    const edge = redact(`${'x'.repeat(155)}${KEY}`, new Secret(KEY))
    expect(edge).toBe(`${'x'.repeat(155)}[reda…`)
  })
})

describe('the name of a host', () => {
  it.each([
    ['https://api.example.com', 'api.example.com'],
    ['https://api.example.com/v1/deep', 'api.example.com'],
    ['http://127.0.0.1:8080/x', '127.0.0.1:8080'],
    ['http://[::1]:8080/x', '[::1]:8080'],
    ['https://user:pass@api.example.com/x', 'api.example.com'],
    ['https://us@er:pa@ss@api.example.com', 'api.example.com'],
    ['https://api.example.com?key=a@b', 'api.example.com'],
    ['https://api.example.com#a@b', 'api.example.com'],
    ['https://api.example.com/a@b', 'api.example.com'],
  ])('of %s is %s', (url, name) => {
    expect(hostName(url)).toBe(name)
  })
})
