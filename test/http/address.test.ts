import { describe, expect, it } from 'vitest'
import { addressed } from '../../src/http/address.js'
import type { KeyPlacement } from '../../src/provider/provider.js'

const HOST = 'https://api.example/v1'
const KEY = 'k3y/with odd=marks&?#'
const in_ = (place: KeyPlacement['in'], prefix?: string): KeyPlacement => ({
  required: true,
  in: place,
  name: 'X-Key',
  ...(prefix !== undefined && { prefix }),
})

describe('a request without a key', () => {
  it('is sent to host and path', () => {
    expect(addressed(HOST, { path: 'ticker' }, undefined, undefined)).toEqual({
      url: `${HOST}/ticker`,
      headers: { accept: expect.stringContaining('application/json') },
    })
  })

  it('has its query encoded, in its order, without what is undefined', () => {
    const { url } = addressed(
      HOST,
      { path: 't', query: { symbols: '["A","B"]', none: undefined, limit: 5, all: false, text: 'a b&c=d', empty: '' } },
      undefined,
      undefined,
    )
    expect(url).toBe(`${HOST}/t?symbols=%5B%22A%22%2C%22B%22%5D&limit=5&all=false&text=a+b%26c%3Dd&empty=`)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ symbols: '["A","B"]', limit: '5', all: 'false', text: 'a b&c=d', empty: '' })
  })

  it('has no question mark where every value is undefined', () => {
    expect(addressed(HOST, { path: 't', query: { since: undefined } }, undefined, undefined).url).toBe(`${HOST}/t`)
  })

  it('says that its body is JSON only where it has one', () => {
    expect(addressed(HOST, { path: 't' }, undefined, undefined).headers).not.toHaveProperty('content-type')
    for (const body of [{}, null, 0, '']) expect(addressed(HOST, { path: 't', body }, undefined, undefined).headers['content-type']).toBe('application/json')
  })

  it('keeps its own headers, which win', () => {
    const { headers } = addressed(HOST, { path: 't', headers: { accept: 'text/xml', 'x-more': '1' } }, undefined, undefined)
    expect(headers).toEqual({ accept: 'text/xml', 'x-more': '1' })
  })
})

describe('a key', () => {
  it('goes into a header, behind its prefix, and nowhere else', () => {
    expect(addressed(HOST, { path: 't', query: { a: 1 } }, in_('header', 'Bearer '), KEY)).toMatchObject({
      url: `${HOST}/t?a=1`,
      headers: { 'X-Key': `Bearer ${KEY}` },
    })
  })

  it('goes into the query, encoded, and nowhere else', () => {
    const { url, headers } = addressed(HOST, { path: 't', query: { a: 1 } }, in_('query'), KEY)
    expect([...new URL(url).searchParams]).toEqual([
      ['a', '1'],
      ['X-Key', KEY],
    ])
    expect(Object.keys(headers)).toEqual(['accept'])
  })

  it('goes into the query also where there is none', () => {
    expect(addressed(HOST, { path: 't' }, in_('query'), 'k').url).toBe(`${HOST}/t?X-Key=k`)
  })

  it('goes into the path and the host wherever they name it, encoded, and nowhere else', () => {
    const { url, headers } = addressed('https://api.example/{key}', { path: 'v3/{key}/t', query: { text: '{key}' } }, in_('path'), KEY)
    const encoded = encodeURIComponent(KEY)
    expect(url).toBe(`https://api.example/${encoded}/v3/${encoded}/t?text=%7Bkey%7D`)
    expect(Object.keys(headers)).toEqual(['accept'])
  })

  it('is taken as it is, also with what means something in a replacement', () => {
    expect(decodeURIComponent(addressed(HOST, { path: '{key}' }, in_('path'), "$&$1$'").url)).toBe(`${HOST}/$&$1$'`)
  })

  it.each(['header', 'query', 'path'] as const)('that is missing leaves a place in the %s as it is', (place) => {
    expect(addressed(HOST, { path: 't' }, in_(place), undefined)).toEqual(addressed(HOST, { path: 't' }, undefined, undefined))
  })

  it('without a place goes nowhere', () => {
    expect(JSON.stringify(addressed(HOST, { path: 't' }, undefined, KEY))).not.toContain('k3y')
  })

  it('changes no request that it is added to', () => {
    const request = Object.freeze({ path: 't', query: Object.freeze({ a: 1 }), headers: Object.freeze({ b: '2' }) })
    addressed(HOST, request, in_('query'), KEY)
    addressed(HOST, request, in_('header'), KEY)
    expect(request).toEqual({ path: 't', query: { a: 1 }, headers: { b: '2' } })
  })
})
