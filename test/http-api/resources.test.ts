import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyConfig, loadConfig, resourceDesk, type ResourceDeskOptions } from '../../src/config/index.js'
import { bearer, createHandler } from '../../src/http-api/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'

const TOKEN = 'of-tests-only-0123456789'
const SECRET = 'b3f9c1d77e5a4b2c8d6e'

/** A router made of a configuration, and the desk at which it is edited. */
async function served(
  options: ResourceDeskOptions = {},
  providers: readonly object[] = [{ id: 'kraken', priority: 1 }, { id: 'newsapi' }, { id: 'quicknode', hosts: [`https://node.quiknode.pro/${SECRET}/`] }],
) {
  const loaded = await loadConfig({ providers }, { keys: options.keys })
  const router = new ProviderRouter({ providers: loaded.providers, pools: loaded.pools })
  const desk = resourceDesk(loaded, { onChange: (next, previous) => applyConfig(router, next, previous), ...options })
  const handler = createHandler(router, { resources: desk, authorize: bearer(TOKEN) })
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const answer = await handler(
      new Request(`http://api.test/api/resources${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
    )
    const text = await answer.text()
    return { status: answer.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }
  return { ask, desk, router, ids: () => router.providers.map(({ id }) => id) }
}

describe('resources', () => {
  it('are listed without keys and paths, and counted', async () => {
    const { ask } = await served({ keys: { newsapi: SECRET } })
    const { body, text } = await ask('GET', '')
    expect(body['providers']).toMatchObject([
      { id: 'kraken', category: 'market_price', requires_auth: false, free: true, enabled: true, priority: 1, hosts: ['api.kraken.com'] },
      { id: 'newsapi', requires_auth: true },
      { id: 'quicknode', hosts: ['node.quiknode.pro'] },
    ])
    expect(body['statistics']).toMatchObject({ total_providers: 3, by_auth: { requires_auth: 2, no_auth: 1 } })
    expect(text).not.toContain(SECRET)
  })

  it('are listed by category, the unknown of which is 404', async () => {
    const { ask } = await served()
    expect((await ask('GET', '/category/onchain')).body).toMatchObject({ category: 'onchain', count: 1, providers: [{ id: 'quicknode' }] })
    expect((await ask('GET', '/category/own')).body).toMatchObject({ count: 0 })
    expect(await ask('GET', '/category/weather')).toMatchObject({ status: 404, body: { error: expect.stringContaining('market_price') as unknown } })
  })

  it('are exported without what may be a key; the backup has all, and can be imported', async () => {
    const { ask, ids } = await served()
    for (const kind of ['json', 'csv']) {
      const { text } = await ask('GET', `/export/${kind}`)
      expect(text).toContain('kraken')
      expect(text).not.toContain(SECRET)
    }
    const { body } = await ask('POST', '/backup')
    expect(JSON.stringify(body)).toContain(SECRET)
    await ask('DELETE', '/provider/kraken')
    expect(ids()).not.toContain('kraken')
    expect((await ask('POST', '/import/json?merge=false', body['backup'])).body).toMatchObject({ merged: false, imported: 3, rejected: [] })
    expect(ids().toSorted()).toEqual(['kraken', 'newsapi', 'quicknode'])
  })

  it('take an entry, which the router asks from then on, and give it up again', async () => {
    const { ask, ids } = await served()
    expect(await ask('POST', '/provider', { id: 'bitstamp', weight: 7 })).toMatchObject({ status: 201, body: { provider_id: 'bitstamp' } })
    expect(ids()).toContain('bitstamp')
    expect((await ask('POST', '/provider', { id: 'bitstamp' })).body['error']).toMatch(/in the configuration already/)
    expect((await ask('POST', '/provider', { id: 'bitstmap' })).body['error']).toMatch(/no provider 'bitstmap'.*did you mean 'bitstamp'/)
    expect((await ask('DELETE', '/provider/Bitstamp')).body['provider_id']).toBe('bitstamp')
    expect(ids()).not.toContain('bitstamp')
    expect((await ask('DELETE', '/provider/bitstamp')).status).toBe(404)
  })

  it.each([{}, { id: '' }, { id: 7 }, { weight: 1 }])('take no entry like %j, and say that an id is missing', async (entry) => {
    const { ask } = await served()
    expect(await ask('POST', '/provider', entry)).toMatchObject({ status: 400, body: { error: expect.stringMatching(/\bid\b/) as unknown } })
  })

  it('lose no change when two come at once', async () => {
    const { ask, ids } = await served()
    await Promise.all(['bitstamp', 'gemini', 'okx'].map((id) => ask('POST', '/provider', { id })))
    expect(ids()).toEqual(expect.arrayContaining(['kraken', 'bitstamp', 'gemini', 'okx']))
  })

  it.each(['legacy-flat.json', 'legacy-pools.json'])('import %s, and tell of each entry that is left out why', async (file) => {
    const legacy = JSON.parse(readFileSync(`test/fixtures/config/${file}`, 'utf8')) as { providers: object | unknown[] }
    const { ask, ids } = await served()
    const { body, status } = await ask('POST', '/import/json', legacy)
    const rejected = body['rejected'] as { id: string; error: string }[]
    expect(status).toBe(200)
    expect(Number(body['imported']) + rejected.length).toBe(Object.keys(legacy.providers).length)
    expect(rejected.length).toBeGreaterThan(0)
    expect(rejected.every(({ id, error }) => id.length > 0 && error.length > 5)).toBe(true)
    expect(ids()).toContain('kraken')
    expect(ids().length).toBeGreaterThan(10)
  })

  it('say what is wrong with each entry, take the others, and change nothing where none is good', async () => {
    const { ask, ids } = await served()
    const bad = [{ id: 'nobody-knows' }, { id: 'gemini', priority: 'first' }, 7]
    expect(await ask('POST', '/import/json', { providers: [...bad, { id: 'bitstamp' }] })).toMatchObject({
      status: 200,
      body: { imported: 1, rejected: [{ id: 'nobody-knows' }, { id: 'gemini', error: expect.stringContaining('priority') as unknown }, { id: 'entry 2' }] },
    })
    const before = ids()
    expect(await ask('POST', '/import/json?merge=false', { providers: bad })).toMatchObject({ status: 400, body: { rejected: [{}, {}, {}] } })
    expect(ids()).toEqual(before)
    expect((await ask('POST', '/import/json', { path: '/etc/passwd' })).status).toBe(400)
  })

  it('keep what the router cannot go on with out', async () => {
    const { ask, ids } = await served({}, [{ id: 'kraken' }])
    expect(await ask('DELETE', '/provider/kraken')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('no provider would be left') as unknown },
    })
    expect(ids()).toEqual(['kraken'])
    expect((await ask('GET', '')).body).toMatchObject({ providers: [{ id: 'kraken' }] })
  })

  it('send no key to an address that was imported, whatever the way', async () => {
    const source = (more: object) => ({ id: 'evil', name: 'E', baseUrl: 'https://evil.dev', endpoints: { ticker: { path: 'x', map: { last: 'p' } } }, ...more })
    const { ask, desk } = await served({ keys: { newsapi: SECRET }, env: { OTHER: SECRET } })
    const told = async (entry: object) =>
      ((await ask('POST', '/import/json', { providers: [entry] })).body['rejected'] as { error: string }[]).map(({ error }) => error)
    expect(await told({ id: 'newsapi', hosts: ['https://evil.dev'] })).toEqual([expect.stringContaining('gets no key')])
    expect(await told(source({ apiKeyFrom: 'OTHER' }))).toEqual([expect.stringContaining('gets no key')])
    expect(await told(source({}))).toEqual([])
    expect(await told({ id: 'evil', apiKeyFrom: 'OTHER' })).toEqual([expect.stringContaining('gets no key')])
    expect(desk.loaded.providers.filter(({ id, apiKey }) => id === 'evil' && apiKey !== undefined)).toEqual([])
  })

  it('ask nobody inside the network that was imported', async () => {
    const { ask } = await served()
    for (const host of ['http://169.254.169.254', 'https://localhost', 'https://10.0.0.1', 'http://evil.dev'])
      expect(await ask('POST', '/provider', { id: 'kucoin', hosts: [host] })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining('public server') as unknown },
      })
    const { ask: inside } = await served({ allowPrivate: true })
    expect((await inside('POST', '/provider', { id: 'kucoin', hosts: ['http://127.0.0.1:9'] })).status).toBe(201)
  })

  it('are 503 where none are configured', async () => {
    const handler = createHandler(new ProviderRouter({ providers: (await loadConfig({ providers: [{ id: 'kraken' }] })).providers }))
    const answer = await handler(new Request('http://api.test/api/resources'))
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ error: expect.stringContaining('resourceDesk') as unknown })])
  })
})
