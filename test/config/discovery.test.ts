import { describe, expect, it, vi } from 'vitest'
import { discovery, type DiscoveryOptions, loadConfig } from '../../src/config/index.js'
import { isPublicAddress } from '../../src/config/public-address.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { kraken } from '../../src/providers/index.js'

const candidate = (id: string, more: object = {}) => ({
  id,
  name: id,
  baseUrl: `https://${id}.org`,
  endpoints: { ticker: { path: '{base}', map: { last: 'p' } } },
  ...more,
})

/** Answers of each host; what is not here answers with a price. */
const fetch: typeof globalThis.fetch = (input) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  if (hostname === 'dead.org') return Promise.reject(new TypeError('refused'))
  if (hostname === 'liar.org') return Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } }))
  if (hostname === 'moved.org') return Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://10.0.0.1/' } }))
  return Promise.resolve(new Response('{"p":5}', { headers: { 'content-type': 'application/json' } }))
}

const search = (found: readonly unknown[], options: Partial<DiscoveryOptions> = {}) => discovery({ find: () => Promise.resolve(found), fetch, ...options })

describe('discovery', () => {
  it('asks nothing before run(), and admits nobody by itself', async () => {
    const find = vi.fn<DiscoveryOptions['find']>(() => Promise.resolve([candidate('alive')]))
    const router = new ProviderRouter({ providers: [kraken()] })
    const found = discovery({ find, fetch, router, providers: () => [kraken()] })
    expect(found.status()).toEqual({ enabled: true, running: false, pending: 0 })
    expect(find).not.toHaveBeenCalled()
    await found.run()
    expect(found.pending()).toMatchObject([{ id: 'alive', seen: { alive: true, capability: 'ticker' } }])
    expect(router.status().providers.map(({ id }) => id)).toEqual(['kraken'])
  })

  it('holds those that are described as they should be and answer; says why others are not', async () => {
    const found = search([
      candidate('alive'),
      candidate('dead'),
      candidate('liar'),
      candidate('moved'),
      candidate('odd', { endpoints: { ticker: { path: '{coin}', map: { last: 'p' } } } }),
      { id: 'binance' },
      'https://nowhere.org',
      candidate('kraken'),
      candidate('alive'),
      candidate('keyed', { key: { in: 'query', name: 'k' } }),
      candidate('leak', { apiKey: 'SECRETSECRET' }),
    ])
    const run = await found.run()
    expect(found.pending().map(({ id }) => id)).toEqual(['alive', 'leak'])
    expect(run).toMatchObject({ candidatesSeen: 11, suggested: 2, persisted: 0 })
    const why = new Map(run.refused.map(({ path, message }) => [path, message]))
    expect(why.get('candidates[1]')).toContain("'dead' gave no answer")
    expect(why.get('candidates[2]')).toContain("'liar' gave no answer")
    expect(why.get('candidates[3]')).toContain("'moved' gave no answer")
    expect(why.get('candidates[4].endpoints.ticker.path')).toContain("no 'coin'")
    expect(why.get('candidates[5]')).toContain('endpoints')
    expect(why.get('candidates[7].id')).toContain('built-in')
    expect(why.get('candidates[8]')).toContain('known already')
    expect(why.get('candidates[9]')).toContain('key')
    expect(why.get('candidates[10].apiKey')).toContain('keys are not taken')
    expect(JSON.stringify([run, found.pending()])).not.toContain('SECRET')
  })

  it('lets an approved one join the router, whose other providers keep their state', async () => {
    const providers = [kraken()]
    const router = new ProviderRouter({ providers, fetch })
    const found = search([candidate('alive', { priority: -5, weight: 1_000, role: 'regular' }), candidate('other')], { router, providers: () => providers })
    await found.run()
    const { entry, provider } = await found.approve('alive', { priority: 4 })
    expect(router.status().providers.map(({ id }) => id)).toEqual(['kraken', 'alive'])
    expect(entry).toMatchObject({ id: 'alive', priority: 4 })
    expect(provider).toMatchObject({ priority: 4 })
    expect(provider.weight).toBeUndefined()
    expect((await loadConfig({ providers: [entry] })).report.errors).toEqual([])
    await found.approve('other')
    expect(router.status().providers.map(({ id }) => id)).toEqual(['kraken', 'alive', 'other'])
    expect(found.status()).toMatchObject({ pending: 0, lastRun: { candidatesSeen: 2, suggested: 2, persisted: 2 } })
    await expect(found.approve('alive')).rejects.toThrow("no candidate 'alive' waits")
  })

  it('does not suggest again whom a person turned away', async () => {
    const found = search([candidate('alive')])
    await found.run()
    found.reject('alive')
    expect(await found.run()).toMatchObject({ suggested: 0, refused: [{ message: "'alive' is known already" }] })
    expect(found.pending()).toEqual([])
    expect(() => found.reject('alive')).toThrow('waits')
  })

  it('shares a run under way, looks at so many at most, and ends a source that hangs', async () => {
    const find = vi.fn<DiscoveryOptions['find']>(() => Promise.resolve(Array.from({ length: 50 }, (_, i) => candidate(`alive-${i}`))))
    const seeIfAlive = vi.fn<NonNullable<DiscoveryOptions['seeIfAlive']>>(() => Promise.resolve({ alive: false, reason: 'no' }))
    const found = discovery({ find, seeIfAlive, maxCandidates: 7 })
    await Promise.all([found.run(), found.run()])
    expect([find.mock.calls.length, seeIfAlive.mock.calls.length]).toEqual([1, 7])
    const hanging = discovery({ find: () => new Promise(() => {}), findTimeoutMs: 5 })
    await expect(hanging.run()).rejects.toThrow('did not answer in time')
    expect(hanging.status().running).toBe(false)
  })

  it('adds to those that the router has', async () => {
    const router: ProviderRouter = new ProviderRouter({ providers: [kraken()] })
    const found = search([candidate('alive')], { router })
    await found.run()
    await found.approve('alive')
    expect(router.providers.map(({ id }) => id)).toEqual(['kraken', 'alive'])
  })

  it('takes nobody’s place', async () => {
    const providers = [kraken()]
    const found = search([candidate('alive')], { providers: () => providers })
    await found.run()
    providers.push({ ...kraken(), id: 'alive' })
    await expect(found.approve('alive')).rejects.toThrow('is there by now')
  })

  it('gives a key to the host that it is for, whatever a candidate calls itself', async () => {
    const sent: [string, string | null][] = []
    const asked: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init)
      sent.push([new URL(request.url).hostname, request.headers.get('x-key')])
      return fetch(input, init)
    }
    const key = { in: 'header', name: 'x-key', required: false }
    const found = search(
      [
        candidate('api-good', { key, baseUrl: 'https://api.good.com' }),
        candidate('good', { key, baseUrl: 'https://evil.org' }),
        candidate('constructor', { key }),
      ],
      {
        keys: { 'api.good.com': 'made-up-key', good: 'made-up-key' },
        fetch: asked,
      },
    )
    await found.run()
    expect(sent.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ['api.good.com', 'made-up-key'],
      ['constructor.org', null],
      ['evil.org', null],
    ])
  })

  it('goes on where one candidate is endless, and reads no long answers of strangers', async () => {
    const endless: Record<string, unknown> = {}
    for (let i = 0; i < 30; i++) endless[`to${i}`] = endless
    const long: typeof globalThis.fetch = () =>
      Promise.resolve(new Response(JSON.stringify({ p: 5, x: 'x'.repeat(1_000_000) }), { headers: { 'content-type': 'application/json' } }))
    const found = search([endless, candidate('alive', { endpoints: { ticker: { path: 'x', maxBytes: 50_000_000, map: { last: 'p' } } } })], { fetch: long })
    const { refused } = await found.run()
    expect(refused.map(({ path, message }) => [path, message])).toEqual([
      [expect.stringMatching(/^candidates\[0\]\.to0/), expect.stringContaining('at most 32 levels')],
      ['candidates[0]', expect.stringContaining('at most 500000 values')],
      ['candidates[1]', expect.stringContaining('1000000 bytes')],
    ])
  })

  it('suggests nobody while a hundred wait', async () => {
    let next = 0
    const find = () => Promise.resolve(Array.from({ length: 60 }, () => candidate(`alive-${next++}`)))
    const found = discovery({ find, seeIfAlive: () => Promise.resolve({ alive: true }), maxCandidates: 60 })
    const runs = [await found.run(), await found.run(), await found.run()]
    expect(runs.map(({ suggested }) => suggested)).toEqual([60, 40, 0])
    expect(runs[2]?.refused).toMatchObject([{ message: expect.stringContaining('100 wait') }])
  })

  it('asks no address inside a network, unless it is told to', async () => {
    const inside = candidate('inside', { baseUrl: 'http://127.0.0.1:8080' })
    const asked = vi.fn<typeof globalThis.fetch>(fetch)
    expect(await search([inside], { fetch: asked }).run()).toMatchObject({ suggested: 0, refused: [{ path: 'candidates[0].baseUrl' }] })
    expect(asked).not.toHaveBeenCalled()
    expect(await search([inside], { allowPrivate: true }).run()).toMatchObject({ suggested: 1 })
  })
})

describe('isPublicAddress', () => {
  it.each([
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://017700000001',
    'https://10.1.2.3',
    'https://172.31.0.1',
    'https://192.168.1.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://0.0.0.0',
    'https://224.0.0.1',
    'https://255.255.255.255',
    'https://[::1]',
    'https://[::]',
    'https://[fe80::1]',
    'https://[fc00::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[64:ff9b::7f00:1]',
    'https://[2002:7f00:1::]',
    'https://[2001:db8::1]',
    'https://localhost',
    'https://a.localhost',
    'https://localhost.',
    'https://localhost..',
    'https://a.localdomain',
    'https://router',
    'https://nas.local',
    'https://db.internal',
    'https://a.home.arpa',
    'http://api.example-service.com',
    'https://api.example-service.com:8443',
    'https://user@api.example-service.com',
    'ftp://a.com',
    'nothing',
  ])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each([
    'https://api.kraken.com',
    'https://8.8.8.8',
    'https://172.32.0.1',
    'https://[2606:4700::1111]',
    'https://api.kraken.com.',
    'https://api.kraken.com:443/x',
  ])('accepts %s', (address) => expect(isPublicAddress(address)).toBe(true))
})
