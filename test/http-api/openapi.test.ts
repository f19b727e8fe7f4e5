import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { docsPage } from '../../src/http-api/docs-page.js'
import { openApiOf, type OpenApiDocument } from '../../src/http-api/openapi.js'
import { route } from '../../src/http-api/route.js'
import { allRoutes } from '../../src/http-api/routes.js'
import { pagesRoutes } from '../../src/http-api/routes/pages.js'
import { wholeApi } from './everything.js'

const routes = await allRoutes()
const document = openApiOf(routes, { basePath: '' })

describe('/openapi.json', () => {
  it('is a valid document of OpenAPI 3.1', async () => {
    const { get } = await wholeApi()
    const served = (await (await get('/openapi.json')).json()) as OpenApiDocument
    const validator = new Validator()
    expect(await validator.validate(structuredClone(served) as never)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(served.info).toMatchObject({ title: 'feedmux', version: '1.2.3' })
  })

  it('is made anew where a file of the routes could not be loaded before', async () => {
    const page = pagesRoutes.find(({ path }) => path === '/openapi.json')
    const load = vi.fn<() => Promise<typeof routes>>(async () => routes).mockRejectedValueOnce(new Error('no such file'))
    const call = { api: { options: { basePath: '' }, routes: load } } as never
    await expect(page?.run(call)).rejects.toThrow('no such file')
    await expect(page?.run(call)).resolves.toMatchObject({ body: expect.anything() as unknown })
  })

  it('has every route, each under a name of its own', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => ({ path, method, one })))
    expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(routes.map(({ path, method }) => `${method} ${path}`).sort())
    expect(new Set(operations.map(({ one }) => one.operationId)).size).toBe(operations.length)
  })

  it('says of guarded routes, and of no others, that they want a token', () => {
    for (const { path, method, guarded } of routes) {
      const { security, responses } = document.paths[path]?.[method.toLowerCase()] ?? { responses: {} }
      expect([path, security !== undefined, '401' in responses, '403' in responses]).toEqual([path, guarded === true, guarded === true, guarded === true])
    }
  })

  it('is made of the schemas that check: bounds, defaults, lists, what is required', () => {
    const made = openApiOf(
      [
        route({
          method: 'GET',
          path: '/x/{id}',
          tag: 'X',
          kind: 'data',
          summary: 'X',
          params: z.object({ id: z.string().regex(/^a/) }),
          query: z.object({
            limit: z.int().min(1).max(9).default(3),
            names: z.array(z.string()).optional(),
            at: z
              .string()
              .transform((text) => text.length)
              .describe('when'),
          }),
          answer: z.object({ price: z.number().nullable() }),
          run: () => ({}),
        }),
      ],
      { basePath: '/crypto' },
    )
    const { get } = made.paths['/x/{id}'] ?? {}
    expect(get?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^a' } },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 9, default: 3 } },
      { name: 'names', in: 'query', required: false, style: 'form', explode: false, schema: { type: 'array', items: { type: 'string' } } },
      { name: 'at', in: 'query', required: true, description: 'when', schema: { type: 'string' } },
    ])
    expect(get?.responses['200']).toEqual({
      description: 'X',
      content: {
        'application/json': {
          schema: { type: 'object', properties: { price: { type: ['number', 'null'] } }, required: ['price'] },
        },
      },
    })
    expect(Object.keys(get?.responses ?? {})).toEqual(['200', '304', '400', '404', '414', '429', '500', '502', '503', '504'])
    expect(made.servers).toEqual([{ url: '/crypto' }])
  })
})

describe('a route whose body may be left out', () => {
  it('says so, and is asked without one', async () => {
    const rotate = document.paths['/api/pools/{pool_id}/rotate']?.['post']
    expect(rotate?.requestBody?.required).toBe(false)
    expect(document.paths['/api/pools']?.['post']?.requestBody?.required).toBe(true)
    const { send } = await wholeApi()
    expect((await send('POST', '/api/pools/main/rotate')).status).toBe(200)
  })
})

describe('/docs', () => {
  it('shows every operation without a script, and lets only its own style hold', async () => {
    const { get } = await wholeApi()
    const answer = await get('/docs')
    const html = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html.match(/<details /g)?.length).toBe(routes.length)
    expect(html).not.toMatch(/<script|\son\w+=|style="/i)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? ''
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64')
    expect(policy).toContain(`style-src 'sha256-${hash}'`)
    expect(policy).toMatch(/default-src 'none'/)
    expect(policy).not.toMatch(/unsafe|script-src/)
  })

  it('takes no text of the document for HTML', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&'
    const made = openApiOf(
      [
        route({
          method: 'POST',
          path: `/${evil}`,
          tag: evil,
          kind: 'state',
          guarded: true,
          summary: evil,
          body: z.object({ [evil]: z.string().describe(evil) }),
          run: () => ({}),
        }),
      ],
      {
        basePath: '',
        service: { name: evil, version: evil },
      },
    )
    expect(docsPage(made)).not.toContain('<img')
    expect(docsPage(made)).toContain('&lt;img')
  })

  it('and the overview link to where the API is mounted', async () => {
    const { handler } = await wholeApi({ basePath: '/crypto' })
    const overview = await (await handler(new Request('http://api.test/crypto'))).text()
    const links = [...overview.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links).toContain('/crypto/docs')
    for (const link of links) expect([link, (await handler(new Request(`http://api.test${link}`))).status]).toEqual([link, 200])
    expect(await (await handler(new Request('http://api.test/crypto/docs'))).text()).toContain('href="/crypto/openapi.json"')
  })
})
