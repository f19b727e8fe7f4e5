import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type OutgoingRequest, send } from '../../src/http/client.js'
import { cutting, endUpstreams, html, json, refusing, silent, stopping, truncated, upstream } from '../support/upstreams.js'

type Fetch = typeof globalThis.fetch

afterEach(endUpstreams)

// what only the runtime holds weakly is gone after this, as it is at some moment of every process
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Connections that are open a while after a bare fetch was aborted: some releases of Node keep them. */
async function leftByFetch(one: { readonly url: string; readonly asked: readonly unknown[]; readonly connections: number }): Promise<number> {
  const controller = new AbortController()
  const answer = fetch(one.url, { signal: controller.signal })
    .then((response) => response.text())
    .catch(() => '')
  await expect.poll(() => one.asked.length).toBe(1)
  await pause(50)
  controller.abort(new Error('enough'))
  await answer
  await pause(300)
  return one.connections
}

const request = (url: string, changes: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  url,
  method: 'GET',
  as: 'json',
  signal: undefined,
  follow: true,
  ...changes,
})
const text =
  (body: string | null, init?: ResponseInit): Fetch =>
  () =>
    Promise.resolve(new Response(body, init))

describe('an answer', () => {
  it('is its status, its headers and what its JSON says', async () => {
    const { url } = await json(200, { last: [1, null] }, { 'x-more': 'yes' })
    const answer = await send(request(url), undefined)
    expect(answer).toMatchObject({ status: 200, json: true, body: { last: [1, null] } })
    expect(answer.headers.get('x-more')).toBe('yes')
  })

  it.each([
    ['null', null],
    ['0', 0],
    ['""', ''],
    ['false', false],
    [' [] ', []],
    ['\uFEFF{}', {}],
  ])('that is %s is JSON', async (body, value) => {
    expect(await send(request('https://x.example'), text(body))).toMatchObject({ json: true, body: value })
  })

  it.each([null, '', '<html></html>', '{"last":10', 'undefined', 'NaN', "{'a':1}"])('that is %j is none, and kept as text', async (body) => {
    expect(await send(request('https://x.example'), text(body))).toMatchObject({ json: false, body: body ?? '' })
  })

  it('that is asked for as text stays text, JSON too', async () => {
    expect(await send(request('https://x.example', { as: 'text' }), text('{"a":1}'))).toMatchObject({ json: false, body: '{"a":1}' })
  })

  it.each([204, 400, 401, 404, 418, 429, 451, 500, 503])('with status %d resolves, and is asked for once', async (status) => {
    const one = status === 204 ? await upstream((_, response) => void response.writeHead(204).end()) : await json(status, { status }, { 'retry-after': '0' })
    expect(await send(request(one.url), undefined)).toMatchObject({ status, json: status !== 204 })
    expect(one.asked).toHaveLength(1)
  })

  it('that is a page, or ends inside its JSON, resolves', async () => {
    expect(await send(request((await html(200, 'Hello')).url), undefined)).toMatchObject({ status: 200, json: false })
    expect(await send(request((await truncated()).url), undefined)).toMatchObject({ status: 200, json: false, body: '{"last":"10' })
  })
})

describe('what is sent', () => {
  it('is method, path, headers and body as given', async () => {
    let got: unknown
    const { url } = await upstream((incoming, response) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        got = {
          method: incoming.method,
          url: incoming.url,
          key: incoming.headers['x-key'],
          type: incoming.headers['content-type'],
          body: Buffer.concat(chunks).toString(),
        }
        response.end('{}')
      })
    })
    await send(request(`${url}/a?b=%2F`, { method: 'POST', headers: { 'x-key': '1', 'content-type': 'application/json' }, body: '{"c":2}' }), undefined)
    expect(got).toEqual({ method: 'POST', url: '/a?b=%2F', key: '1', type: 'application/json', body: '{"c":2}' })
  })

  it("goes through the given fetch, else through the runtime's own as it is at that moment", async () => {
    const given = vi.fn<Fetch>(text('{"by":"given"}'))
    expect(await send(request('https://x.example'), given)).toMatchObject({ body: { by: 'given' } })
    vi.stubGlobal('fetch', text('{"by":"global"}'))
    expect(await send(request('https://x.example'), undefined)).toMatchObject({ body: { by: 'global' } })
    expect(given).toHaveBeenCalledTimes(1)
  })

  it('follows redirects only where that is allowed', async () => {
    const target = await json(200, { here: true })
    const from = await upstream((_, response) => void response.writeHead(302, { location: `${target.url}/t` }).end())
    expect(await send(request(from.url, { headers: { 'x-key': 'k' }, follow: false }), undefined)).toMatchObject({ status: 302 })
    expect(target.asked).toEqual([])
    expect(await send(request(from.url), undefined)).toMatchObject({ status: 200, body: { here: true } })
  })
})

describe('no answer', () => {
  it('rejects, after one try, with what the transport says as its cause', async () => {
    await expect(send(request(await refusing()), undefined)).rejects.toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } })
    const cut = await cutting()
    await expect(send(request(cut.url), undefined)).rejects.toThrow(TypeError)
    expect(cut.asked).toHaveLength(1)
    const cause = new TypeError('fetch failed')
    const failing = vi.fn<Fetch>(() => Promise.reject(cause))
    await expect(send(request('https://x.example'), failing)).rejects.toMatchObject({ cause })
    expect(failing).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['headers', silent],
    ['the rest of the body', stopping],
  ])("while %s are awaited ends with the signal's reason, and the connection is closed as the runtime's own fetch closes it", async (_, make) => {
    const left = await leftByFetch(await make())
    const one = await make()
    const controller = new AbortController()
    const reason = new Error('enough')
    const sent = send(request(one.url, { signal: controller.signal }), undefined)
    await expect.poll(() => one.asked.length).toBe(1)
    await pause(50)
    collectGarbage()
    await pause(10)
    collectGarbage()
    controller.abort(reason)
    await expect(sent).rejects.toBe(reason)
    await expect.poll(() => one.connections).toBeLessThanOrEqual(left)
  })

  it('is not waited for where the signal is aborted already', async () => {
    const one = await json(200, {})
    const reason = new Error('too late')
    await expect(send(request(one.url, { signal: AbortSignal.abort(reason) }), undefined)).rejects.toBe(reason)
    expect(one.asked).toEqual([])
  })
})
