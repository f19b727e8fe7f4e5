import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as formats } from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { OpenApiDocument, Schema } from '../../src/http-api/openapi.js'
import { type Bad, badRequests, goodRequest, type Named, operationsOf, type Sent } from './contract-inputs.js'
import { TOKEN, wholeApi } from './everything.js'

const ajv = new Ajv2020({ strict: false, allErrors: false })
formats.default(ajv)

const validators = new Map<Schema, ReturnType<typeof ajv.compile>>()
function faultOf(schema: Schema, value: unknown): string | undefined {
  const validate = validators.get(schema) ?? ajv.compile(schema)
  validators.set(schema, validate)
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}

const { handler, get } = await wholeApi()
const sparse = await wholeApi({ sparse: true })
const document = (await (await get('/openapi.json')).json()) as OpenApiDocument
const operations = operationsOf(document)

const send = (api: typeof handler, { method, path, body, raw }: Sent & Partial<Bad>): Promise<Response> =>
  api(
    new Request(`http://api.test${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...((body !== undefined || raw) && { 'content-type': raw?.type ?? 'application/json' }) },
      ...((body !== undefined || raw) && { body: raw?.text ?? JSON.stringify(body) }),
    }),
  )

/** What is wrong with an answer, by the document. */
async function wrong(named: Named, request: Sent, response: Response): Promise<string[]> {
  const text = await response.text()
  const at = `${request.method} ${request.path} → ${response.status}`
  const { responses } = named.operation
  const described = responses[String(response.status)]
  if (described === undefined) return [`${at}: no such status in the document`]
  if (response.status >= 500 && response.status !== 503) return [`${at}: ${text.slice(0, 200)}`]
  if ('$ref' in described) {
    const fault = faultOf(document.components.schemas['Error'] as Schema, JSON.parse(text))
    return fault === undefined ? [] : [`${at}: no envelope, ${fault}`]
  }
  const content = described.content ?? {}
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';', 1)
  if (!(type in content)) return [`${at}: ${type} is not in the document`]
  if (type !== 'application/json') return []
  const fault = faultOf(content[type]?.schema as Schema, JSON.parse(text))
  return fault === undefined ? [] : [`${at}: ${fault}`]
}

/** Nobody offers these by default. */
const UNSERVED = new Set(['GET /api/events'])

describe('every operation of /openapi.json', () => {
  it('is there', () => {
    expect(operations.length).toBeGreaterThan(90)
  })

  it.each([
    ['rich', handler],
    ['sparse', sparse.handler],
  ] as const)('answers what it takes as it is described, out of %s data', async (_, api) => {
    const faults: string[] = []
    for (const named of operations) {
      let went = false
      for (const seed of [1, 2, 3]) {
        const request = goodRequest(named, seed)
        const response = await send(api, request)
        went ||= response.ok
        if (seed === 1 && !response.ok && !UNSERVED.has(`${named.method} ${named.path}`))
          faults.push(
            `${request.method} ${request.path} ${JSON.stringify(request.body)} → ${response.status}: ${(await response.clone().text()).slice(0, 200)}`,
          )
        faults.push(...(await wrong(named, request, response)))
      }
    }
    expect(faults).toEqual([])
  })

  it('refuses what it does not take with the error that is described, and never breaks', async () => {
    const faults: string[] = []
    let sent = 0
    for (const named of operations)
      for (const request of badRequests(named, (schema, value) => faultOf(schema, value) === undefined)) {
        sent++
        const response = await send(handler, request)
        if (response.status < 400 || response.status >= 500)
          faults.push(`${request.method} ${request.path} (${request.why}) → ${response.status}: ${(await response.text()).slice(0, 150)}`)
        else faults.push(...(await wrong(named, request, response)).map((fault) => `${fault} (${request.why})`))
      }
    expect(sent).toBeGreaterThan(500)
    expect(faults).toEqual([])
  })
})
