import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { startWorld, type World } from '../../examples/demo/world.ts'
import { AS_LAMBDA, type BundledExample, bundleExample } from '../support/example-code.js'
import { type Invocation, invoke } from '../support/lambda-runtime.js'
import { redirectsOf } from '../support/redirect.js'
import { functionUrlEvent, httpApiEvent } from './events.js'

const TOKEN = '0123456789abcdef0123456789abcdef'
const consumer = inject('consumer')
let world: World
let bundle: BundledExample

beforeAll(async () => {
  world = await startWorld(7)
  bundle = await bundleExample(consumer, 'examples/aws-lambda', 'handler.ts', AS_LAMBDA)
})

afterAll(() => world?.close())

/** Runs the example's code, written to one file of a project that has the packed library, in AWS's own runtime client. */
async function run(file: string, code: string, events: readonly unknown[]): Promise<Invocation[]> {
  await writeFile(join(consumer, file), code)
  const env = { FEEDMUX_TEST_REDIRECTS: JSON.stringify(redirectsOf(world)), FEEDMUX_API_TOKEN: TOKEN }
  return invoke({ root: consumer, handler: `${file.replace(/\.\w+$/, '')}.handler`, env, preload: [resolve('test/support/redirect-fetch.cjs')] }, events)
}

/** The example as the README bundles it. */
const bundled = (events: readonly unknown[]): Promise<readonly Invocation[]> => run('bundled.cjs', bundle.code, events)

interface Answer {
  readonly status: number | undefined
  readonly headers: APIGatewayProxyStructuredResultV2['headers']
  readonly body: Record<string, unknown> | null
}

function answerOf(invocation: Invocation | undefined): Answer {
  const { statusCode, headers, body } = (invocation?.result ?? {}) as APIGatewayProxyStructuredResultV2
  return { status: statusCode, headers, body: body === '' || body === undefined ? null : (JSON.parse(body) as Record<string, unknown>) }
}

const PRICE = { last: expect.any(Number) as number, provider: expect.any(String) as string, source: 'network' }

describe('examples/aws-lambda in AWS’s own runtime client', () => {
  it('is bundled from the packed library', () => {
    expect(Object.keys(bundle.metafile.inputs).some((input) => input.includes('node_modules/feedmux/dist'))).toBe(true)
  })

  it('asks through the router, and answers from memory while the instance is warm', async () => {
    const [asked, again] = await bundled([functionUrlEvent('/price/btc/usd'), httpApiEvent('/price/BTC/USD', { cookies: ['theme=dark'] })])
    expect(answerOf(asked)).toMatchObject({ status: 200, body: { symbol: expect.stringMatching(/^BTC\/USDT?$/), ...PRICE } })
    expect(answerOf(again).body).toEqual({ ...answerOf(asked).body, source: 'cache' })
  })

  it('serves the HTTP API, whatever the method, with its headers', async () => {
    const [health, head, unknown, refused] = await bundled([
      httpApiEvent('/health'),
      functionUrlEvent('/health', { method: 'HEAD' }),
      functionUrlEvent('/no-such-path'),
      httpApiEvent('/health', { query: 'symbol=BTC&symbol=ETH' }),
    ])
    expect(answerOf(health)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body: { providers_count: 6 },
    })
    expect(answerOf(head)).toMatchObject({ status: 200, body: null })
    expect(answerOf(unknown)).toMatchObject({ status: 404, body: { category: 'not_found' } })
    expect(answerOf(refused)).toMatchObject({ status: 400, body: { error: expect.stringContaining('symbol') } })
  })

  it('reads a body in base64, and lets only the token change anything', async () => {
    const pool = { name: 'Mine', category: 'market_price', rotation_strategy: 'round_robin' }
    const json = { method: 'POST', body: Buffer.from(JSON.stringify(pool)).toString('base64'), isBase64Encoded: true }
    const headers = { 'content-type': 'application/json' }
    const [refused, made, seen] = await bundled([
      httpApiEvent('/api/pools', { ...json, headers }),
      httpApiEvent('/api/pools', { ...json, headers: { ...headers, authorization: `Bearer ${TOKEN}` } }),
      functionUrlEvent('/api/pools'),
    ])
    expect(answerOf(refused)).toMatchObject({ status: 401, body: { category: 'unauthorized' } })
    expect(answerOf(made).status).toBe(201)
    expect(JSON.stringify(answerOf(seen).body)).toContain('"Mine"')
  })

  it('limits each client by the address that AWS tells', async () => {
    const from = (sourceIp: string) => {
      const event = functionUrlEvent('/health')
      return { ...event, requestContext: { ...event.requestContext, http: { ...event.requestContext.http, sourceIp } } }
    }
    const answers = await bundled([...Array.from({ length: 605 }, () => from('203.0.113.7')), from('203.0.113.8')])
    expect(answers.slice(0, 605).filter((one) => answerOf(one).status === 429).length).toBeGreaterThan(0)
    expect(answerOf(answers.at(-1)).status).toBe(200)
  })

  it('tells the runtime of an event that it does not understand, and goes on', async () => {
    const [wrong, health] = await bundled([{ version: '1.0', path: '/health', httpMethod: 'GET' }, functionUrlEvent('/health')])
    expect(wrong?.error).toMatchObject({ errorType: 'TypeError', errorMessage: expect.stringContaining('payload format 2.0 expected, got "1.0"') })
    expect(answerOf(health).status).toBe(200)
  })

  it.each(['cjs', 'esm'] as const)('runs beside the installed package, as %s, where no ES module can be required', async (format) => {
    const { code, metafile } = await bundleExample(consumer, 'examples/aws-lambda', 'handler.ts', { ...AS_LAMBDA, format, packages: 'external' })
    expect(Object.keys(metafile.inputs).filter((input) => input.includes('node_modules'))).toEqual([])
    const [asked, health] = await run(format === 'cjs' ? 'beside.cjs' : 'beside.mjs', code, [httpApiEvent('/price/ETH/USD'), functionUrlEvent('/health')])
    expect(answerOf(asked)).toMatchObject({ status: 200, body: PRICE })
    expect(answerOf(health).status).toBe(200)
  })
})

describe('template.yaml', () => {
  it('names the file and the export that the README makes, and leaves the router time for its own answer', async () => {
    const { Resources } = parse(await readFile('examples/aws-lambda/template.yaml', 'utf8'), { logLevel: 'error' }) as {
      Resources: { Feedmux: { Properties: { CodeUri: string; Handler: string; Timeout: number; Environment: { Variables: object } } } }
    }
    const { CodeUri, Handler, Timeout, Environment } = Resources.Feedmux.Properties
    const readme = await readFile('examples/aws-lambda/README.md', 'utf8')
    expect(readme).toContain(`--outfile=${CodeUri}${Handler.split('.', 1)[0]}.js`)
    expect(Timeout * 1_000).toBeGreaterThan(10_000)
    const code = await readFile('examples/aws-lambda/handler.ts', 'utf8')
    expect(code).toContain(`function ${Handler.split('.')[1]}(`)
    expect(Object.keys(Environment.Variables).filter((name) => !code.includes(`process.env['${name}']`))).toEqual([])
  })
})
