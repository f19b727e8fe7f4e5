import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../examples/express-server/start.js'
import { isAbsent, launch, type Watched, watched } from './chromium.js'

/** A page of somebody else, which takes elements, data and stream from elsewhere. */
const pageOf = (from: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>somebody else's page</title><link rel="icon" href="data:,">
<script type="module" src="${from}/static/feedmux-health.js"></script></head>
<body><main><h1>Status</h1><feedmux-health api-endpoint="${from}/api/system"></feedmux-health></main></body></html>`

async function started(server: Server): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const startExample = (cors?: readonly string[]): Promise<RunningServer> =>
  startServer({ port: 0, host: '127.0.0.1', database: ':memory:', rateLimit: false, worker: false, cors })

describe.skipIf(isAbsent)('elements on a page of another origin', () => {
  const strangers = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(new URL(request.url ?? '/', 'http://x').searchParams.get('from') ?? ''))
  })
  let browser: Browser
  let origin: string
  let open: RunningServer
  let shut: RunningServer
  let seen: Watched | undefined

  beforeAll(async () => {
    ;[browser, origin] = await Promise.all([launch(), started(strangers)])
    ;[open, shut] = await Promise.all([startExample([origin]), startExample()])
  })
  afterAll(async () => {
    await Promise.all([browser.close(), open.close(), shut.close()])
    strangers.closeAllConnections()
    strangers.close()
  })
  afterEach(async () => {
    await seen?.close()
    seen = undefined
  })

  const visit = async (server: RunningServer): Promise<Watched> => {
    seen = await watched(browser, `${origin}/?from=${encodeURIComponent(server.url)}`)
    return seen
  }

  /** What the browser lets the page have: the module, and the first event of the stream. As text: the test runner rewrites an import that it sees. */
  const had = (server: RunningServer): Promise<unknown> | undefined =>
    seen?.page.evaluate(`(async (from) => {
      const module = await import(from + '/static/feedmux-health.js').then(() => true, () => false)
      const source = new EventSource(from + '/api/stream?topics=health')
      const event = await new Promise((resolve) => {
        source.addEventListener('health', ({ data }) => resolve(Object.keys(JSON.parse(data)).join()))
        source.addEventListener('error', () => resolve('refused'))
      })
      source.close()
      return { module, event }
    })(${JSON.stringify(server.url)})`)

  it('are imported, read and stream where the server allows that origin', async () => {
    const stranger = await visit(open)
    await stranger.page.getByText('✓ All circuit breakers closed').waitFor()
    expect(await had(open)).toEqual({ module: true, event: 'health,binance,breakers' })
    expect(await stranger.faults()).toEqual([])
  })

  it('are not even imported where no origin was configured', async () => {
    await visit(shut)
    expect(await had(shut)).toEqual({ module: false, event: 'refused' })
    expect(await seen?.page.evaluate(() => customElements.get('feedmux-health') === undefined)).toBe(true)
  })

  it('are for that origin alone: no other is named, and caches are told so', async () => {
    const paths = [
      '/static/feedmux-health.js',
      '/static/vendor/lightweight-charts.mjs',
      '/api/stream?topics=health',
      '/api/history/prices?symbol=BTC',
      '/api/simulation',
    ]
    const allowed = async (server: RunningServer, from: string) =>
      Promise.all(
        paths.map(async (path) => {
          const { headers } = await fetch(server.url + path, { method: 'HEAD', headers: { origin: from } })
          return [headers.get('access-control-allow-origin'), headers.get('vary')?.includes('Origin') === true]
        }),
      )
    const none = [null, false]
    expect(await allowed(open, origin)).toEqual([...Array.from({ length: 4 }, () => [origin, true]), none])
    expect(await allowed(open, 'https://elsewhere.example')).toEqual([...Array.from({ length: 4 }, () => [null, true]), none])
    expect(await allowed(shut, origin)).toEqual(paths.map(() => none))
  })
})
