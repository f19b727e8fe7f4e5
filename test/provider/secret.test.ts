import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/provider/secret.js'

const KEY = 'not/a+real key=1'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a secret', () => {
  it.each([
    ['a text', KEY],
    ['a list', [KEY, 'another-key']],
    ['a function', () => KEY],
  ])('given as %s prints nothing of itself', (_, source) => {
    const secret = new Secret(source)
    const prints = [
      String(secret),
      `key ${secret as unknown as string}`,
      JSON.stringify(secret),
      inspect(secret),
      inspect({ deep: { secret } }),
      JSON.stringify({ secret }),
    ]
    expect(prints).toEqual(['[redacted]', 'key [redacted]', '"[redacted]"', '[redacted]', '{ deep: { secret: [redacted] } }', '{"secret":"[redacted]"}'])
    expect([Object.keys(secret), inspect(secret, { showHidden: true, customInspect: false })]).toEqual([[], expect.not.stringContaining('real')])
  })

  it('reveals the chosen one of several, and begins again after the last', () => {
    const secret = new Secret(['first', 'second'])
    expect(secret.size).toBe(2)
    expect([0, 1, 2, 3].map((index) => secret.reveal(index))).toEqual(['first', 'second', 'first', 'second'])
    expect(new Secret('only').reveal()).toBe('only')
    expect(new Secret('only').size).toBe(1)
  })

  it('asks a function each time, so that a renewed key is used', async () => {
    const keys = ['key-of-monday', 'key-of-tuesday']
    const secret = new Secret(() => keys.shift() ?? '')
    expect([secret.reveal(), secret.reveal()]).toEqual(['key-of-monday', 'key-of-tuesday'])
    await expect(new Secret(async () => 'late-key').reveal()).resolves.toBe('late-key')
  })
})

describe('redacting', () => {
  it('cuts a key out in its plain, URL-encoded and base64 forms, wherever it stands', () => {
    const secret = new Secret(KEY)
    const forms = [KEY, encodeURIComponent(KEY), base64(KEY), base64(KEY).replaceAll('=', '')]
    for (const form of forms) {
      const text = secret.redact(`key=${form}&again=${form}`)
      expect(text).not.toContain(form.replaceAll('=', ''))
      expect(text.match(/\[redacted\]/g)).toHaveLength(2)
    }
  })

  it('leaves no form of any key in any text', () => {
    const key = fc.stringMatching(/^[!-~]{8,40}$/).filter((text) => !'[redacted]'.includes(text))
    fc.assert(
      fc.property(key, fc.string(), fc.string(), (text, before, after) => {
        const secret = new Secret(text)
        for (const form of [text, encodeURIComponent(text), base64(text).replaceAll('=', '')]) expect(secret.redact(before + form + after)).not.toContain(form)
      }),
    )
  })

  it('knows every key of a list, and keys beyond ASCII', () => {
    expect(new Secret(['first-key', 'second-key']).redact('first-key second-key')).toBe('[redacted] [redacted]')
    expect(new Secret('schlüssel-ß').redact(`schlüssel-ß ${base64('schlüssel-ß')}`)).toMatch(/^\[redacted\] \[redacted\]=*$/)
  })

  it('knows the keys of a function once they were revealed, the earlier ones too', async () => {
    const keys = ['key-of-monday', 'key-of-tuesday']
    const secret = new Secret(async () => keys.shift() ?? '')
    await secret.reveal()
    await secret.reveal()
    expect(secret.redact('key-of-monday key-of-tuesday')).toBe('[redacted] [redacted]')
  })

  it('leaves everything else as it is, and does not hunt for keys of three letters', () => {
    expect(new Secret(KEY).redact('HTTP 401: Invalid API key')).toBe('HTTP 401: Invalid API key')
    expect(new Secret('key').redact('Invalid API key')).toBe('Invalid API key')
    expect(new Secret('').redact('Invalid')).toBe('Invalid')
  })
})
