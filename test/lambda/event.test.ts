import { describe, expect, it } from 'vitest'
import { type HttpEvent, requestOf, resultOf } from '../../examples/aws-lambda/event.ts'
import { functionUrlEvent, httpApiEvent } from './events.js'

describe.each([
  ['a Function URL', functionUrlEvent],
  ['an HTTP API', httpApiEvent],
])('the event of %s', (_, event) => {
  it('keeps path, every value of the query, headers and cookies', () => {
    const request = requestOf(event('/api/market', { query: 'symbol=BTC&symbol=ETH&note=a%26b%20c', cookies: ['theme=dark', 'id=7'] }))
    const url = new URL(request.url)
    expect([request.method, url.protocol, url.pathname]).toEqual(['GET', 'https:', '/api/market'])
    expect([url.searchParams.getAll('symbol'), url.searchParams.get('note')]).toEqual([['BTC', 'ETH'], 'a&b c'])
    expect([request.headers.get('cookie'), request.headers.get('user-agent'), request.headers.get('host')]).toEqual([
      'theme=dark; id=7',
      'curl/8.5.0',
      url.host,
    ])
  })

  it.each([
    ['as text', '{"name":"été"}', false],
    ['in base64', Buffer.from('{"name":"été"}').toString('base64'), true],
  ])('gives the body that comes %s', async (__, body, isBase64Encoded) => {
    const request = requestOf(event('/api/pools', { method: 'POST', body, isBase64Encoded, headers: { 'content-type': 'application/json' } }))
    expect(await request.json()).toEqual({ name: 'été' })
    expect(request.headers.get('content-type')).toBe('application/json')
  })

  it('gives bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 254, 10])
    const request = requestOf(event('/', { method: 'PUT', body: bytes.toString('base64'), isBase64Encoded: true }))
    expect(Buffer.from(await request.arrayBuffer())).toEqual(bytes)
  })

  it('takes a decoded path for a path, whatever it holds', () => {
    expect(new URL(requestOf(event('/price/B?C/a b#c')).url)).toMatchObject({ pathname: '/price/B%3FC/a%20b%23c', search: '', hash: '' })
    expect(new URL(requestOf(event('//example.com/x')).url)).toMatchObject({ host: event('/').requestContext.domainName, pathname: '//example.com/x' })
  })

  it('lets a header go that HTTP has no room for, and a body where there is none', () => {
    const request = requestOf(event('/', { body: 'ignored', headers: { 'x-name': 'Ж', 'x-other': 'fine' } }))
    expect([request.body, request.headers.get('x-name'), request.headers.get('x-other')]).toEqual([null, null, 'fine'])
  })
})

describe('an event of another shape', () => {
  it.each([
    ['of payload format 1.0', { version: '1.0', httpMethod: 'GET', path: '/health' }, '"1.0"'],
    ['of no HTTP at all', { source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'undefined'],
  ])('%s is refused with what to do', (_, event, got) => {
    expect(() => requestOf(event as unknown as HttpEvent)).toThrow(
      `payload format 2.0 expected, got ${got}: use a Function URL, or an HTTP API with that format`,
    )
  })
})

describe('the result', () => {
  it('has text as it is, and each cookie by itself', async () => {
    const headers = new Headers([
      ['content-type', 'application/json'],
      ['set-cookie', 'a=1; Path=/'],
      ['set-cookie', 'b=2'],
    ])
    expect(await resultOf(new Response('{"é":1}', { status: 201, headers }))).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '{"é":1}',
      isBase64Encoded: false,
    })
  })

  it('has bytes that are no text in base64', async () => {
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
    expect(await resultOf(new Response(bytes))).toMatchObject({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })
  })

  it('of an answer without a body is empty', async () => {
    expect(await resultOf(new Response(null, { status: 304, headers: { etag: 'W/"a"' } }))).toEqual({
      statusCode: 304,
      headers: { etag: 'W/"a"' },
      body: '',
      isBase64Encoded: false,
    })
  })
})
