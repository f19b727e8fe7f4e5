import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ApiError } from '../../src/http-api/failures.js'
import { bodyOf, checkedBy, queryOf } from '../../src/http-api/input.js'

const schema = z.object({
  limit: z.int().min(1).max(9).default(3),
  ratio: z.number().optional(),
  merge: z.boolean().default(true),
  names: z.array(z.string()).optional(),
  level: z.enum(['low', 'high']).optional(),
  text: z.string().max(20).optional(),
})
const query = (search: string) => queryOf(schema, new URL(`http://api.test/x${search}`))
const failure = async (work: () => unknown): Promise<readonly [number, string]> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof ApiError) return [error.status, error.message]
    throw error
  }
  return [200, '']
}

describe('a query', () => {
  it('becomes what its schema says, with defaults for what is not given', () => {
    expect(query('?limit=7&ratio=-1.5&merge=false&names=a,b,,%20c&level=low&text=1')).toEqual({
      limit: 7,
      ratio: -1.5,
      merge: false,
      names: ['a', 'b', 'c'],
      level: 'low',
      text: '1',
    })
    expect(query('')).toEqual({ limit: 3, merge: true })
  })

  it.each([
    ['?limit=0', /^limit: .*got 0$/],
    ['?limit=ten', /^limit: .*got "ten"$/],
    ['?limit=', /^limit: /],
    ['?limit=1e1', /^limit: .*got 10$/],
    ['?limit=1e999', /^limit: .*got Infinity$/],
    ['?limit=0x5', /^limit: .*got "0x5"$/],
    ['?merge=1', /^merge: .*got "1"$/],
    ['?level=middle', /^level: .*got "middle"$/],
    ['?limit=1&limit=2', /^limit is given 2 times/],
    ['?limits=1', /^unknown parameter "limits": this route takes limit, ratio/],
    [`?text=${'x'.repeat(200)}`, /^text: .*x{90,}…$/],
  ])('%s is 400, with a message that names the parameter and the value', async (search, message) => {
    expect(await failure(() => query(search))).toEqual([400, expect.stringMatching(message)])
  })

  it('of any kind gives what the schema says, or a refusal', async () => {
    const name = fc.oneof(fc.constantFrom('limit', 'ratio', 'merge', 'names', 'level', 'text', '__proto__', 'constructor'), fc.string())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, fc.string()), { maxLength: 5 }), async (pairs) => {
        let made: unknown
        const [status] = await failure(() => (made = query(`?${new URLSearchParams(pairs).toString()}`)))
        expect([200, 400, 414]).toContain(status)
        expect(status === 200 ? schema.parse(made) : made).toEqual(made)
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

describe('a body', () => {
  const bounds = { maxBodyBytes: 1_000, bodyTimeoutMs: 50 }
  const asked = (body?: BodyInit, headers: HeadersInit = {}) =>
    new Request('http://api.test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
  const body = (text: BodyInit, type = 'application/json') => bodyOf(z.looseObject({ name: z.string() }), asked(text, { 'content-type': type }), bounds)

  it('is read whole, in whatever pieces it comes', async () => {
    const bytes = new TextEncoder().encode('{"name":"Ünïcode €"}')
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    expect(await body(pieces)).toEqual({ name: 'Ünïcode €' })
    expect(await body('{"name":"1"}', 'application/vnd.api+json; charset=utf-8')).toEqual({ name: '1' })
    expect(await body('{"name":"1"}', 'Application/JSON ;charset=utf-8')).toEqual({ name: '1' })
  })

  it.each([
    ['', 'application/json', 400, /empty/],
    ['{', 'application/json', 400, /no JSON/],
    ['{}', 'text/plain', 415, /application\/json, got "text\/plain/],
    ['{}', 'application/jsonp', 415, /content-type/],
    ['{}', 'application/json-seq', 415, /content-type/],
    ['['.repeat(100) + ']'.repeat(100), 'application/json', 400, /more than 64 levels/],
    ['x'.repeat(1_001), 'application/json', 413, /larger than 1000 bytes/],
  ])('%#: refused with its status and why', async (text, type, status, message) => {
    expect(await failure(() => body(text, type))).toEqual([status, expect.stringMatching(message)])
  })

  it('that is not there is {} where that will do, with a content-type or without', async () => {
    const optional = z.strictObject({ reason: z.string().default('manual') })
    const empty = () => new ReadableStream({ start: (controller) => controller.close() })
    for (const request of [asked(), asked(undefined, { 'content-type': 'application/json' }), asked(empty())])
      expect(await bodyOf(optional, request, bounds)).toEqual({ reason: 'manual' })
    expect(await failure(() => bodyOf(optional, asked('{}', { 'content-type': 'text/plain' }), bounds))).toEqual([415, expect.any(String)])
    expect(await failure(() => bodyOf(optional, asked(new Blob(['{}'])), bounds))).toEqual([415, expect.stringMatching(/got none$/)])
    expect(await failure(() => bodyOf(z.strictObject({ reason: z.string() }), asked(), bounds))).toEqual([415, expect.any(String)])
  })

  it('that never ends is given up', async () => {
    const hanging = new ReadableStream({ pull: () => new Promise<void>(() => undefined) })
    expect(await failure(() => body(hanging))).toEqual([408, 'the body did not come within 50 ms'])
  })

  it('that is wrong inside is told by its path', async () => {
    const deep = z.object({ holdings: z.array(z.object({ amount: z.number().positive() })) })
    expect(await failure(() => checkedBy(deep, { holdings: [{ amount: 1 }, { amount: -2 }] }))).toEqual([
      400,
      expect.stringMatching(/^holdings\.1\.amount: .*got -2$/),
    ])
    expect(await failure(() => checkedBy(deep, {}))).toEqual([400, expect.stringMatching(/^holdings: .*missing$/)])
    expect(await failure(() => checkedBy(deep, null))).toEqual([400, expect.stringMatching(/^the body: /)])
  })
})
