import { afterEach, describe, expect, it } from 'vitest'
import type { DataOf } from '../../src/model/capabilities.js'
import type { RouterEvents } from '../../src/model/events.js'
import type { FailureReason } from '../../src/model/result.js'
import type { AnyProvider, Provider } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { coinbase } from '../../src/providers/coinbase.js'
import { coincap } from '../../src/providers/coincap.js'
import { kraken } from '../../src/providers/kraken.js'
import { endUpstreams, refusing } from '../support/upstreams.js'

afterEach(endUpstreams)

const symbol = 'BTC/USD'
const now = Date.UTC(2026, 10, 1, 12)
const hour = 3_600_000

const routed = (providers: readonly AnyProvider[], headers: Record<string, string> = {}, status = 200): ProviderRouter =>
  new ProviderRouter({
    providers,
    cache: false,
    retries: 0,
    clock: fakeClock(now),
    fetch: () => Promise.resolve(new Response(JSON.stringify({ error: 'unused' }), { status, headers: { 'content-type': 'application/json', ...headers } })),
  })

const titles = async (router: ProviderRouter): Promise<string[]> => (await router.diagnose()).issues.map(({ severity, title }) => `${severity}: ${title}`)
const asked = (router: ProviderRouter, times = 1) =>
  Promise.all(Array.from({ length: times }, () => router.request('ticker' as never, { symbol } as never).catch(() => undefined)))

describe('a diagnosis', () => {
  it('of a router in order is empty, and changes nothing', async () => {
    const router = routed([fakeProvider('a')])
    const before = JSON.stringify(router.snapshot())
    expect(await router.diagnose()).toEqual({ at: now, issues: [] })
    expect(JSON.stringify(router.snapshot())).toBe(before)
  })

  it('names what needs a key and where to get one, what is off and what is retired, with what replaces it', async () => {
    const retired = { ...fakeProvider('old'), retired: { since: '2025-08-15', replacement: 'etherscan' } } as Provider<'ticker'>
    const router = routed([coincap(), fakeProvider('off', { enabled: false }), retired, fakeProvider('a')])
    const { issues } = await router.diagnose()
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: 'warning', category: 'config', provider: 'coincap', fix: expect.stringContaining('https://coincap.io') }),
    )
    expect(issues).toContainEqual(expect.objectContaining({ provider: 'off', severity: 'info' }))
    expect(issues).toContainEqual(expect.objectContaining({ provider: 'old', title: 'old is retired since 2025-08-15', fix: 'use etherscan' }))
  })

  it('says what nobody can be asked for, first of all', async () => {
    const router = routed([fakeProvider('a', { answers: { ticker: () => 'unavailable' } })])
    for (let i = 0; i < 5; i++) await asked(router)
    const found = await titles(router)
    expect(found[0]).toBe('critical: nobody can be asked for ticker now: a (down)')
    expect(found[1]).toMatch(/^warning: the breaker of a is open until 2026-11-01T12:01:00.000Z: a: /)
  })

  it('tells a refused key, an empty quota and one that is nearly used up apart', async () => {
    const limits = [{ requests: 10, perMs: hour, scope: 'ip' }] as const
    const router = routed([
      fakeProvider('key', { answers: { ticker: () => 'unauthorized' } }),
      fakeProvider('quota', { answers: { ticker: () => 'quota-exhausted' } }),
      fakeProvider('busy', { limits }),
      fakeProvider('idle'),
    ])
    await asked(router)
    for (let i = 0; i < 8; i++) await router.request('ticker' as never, { symbol } as never, { only: ['busy'] })
    const found = await titles(router)
    expect(found).toContainEqual(expect.stringMatching(/^critical: key rests until .*: unauthorized$/))
    expect(found).toContainEqual(expect.stringMatching(/^warning: quota rests until .*: quota-exhausted$/))
    expect(found).toContain('info: busy used 9 of 9 requests per hour, anew at 2026-11-01T13:00:01.000Z')
  })

  it('sees by the dates of answers whose clock is wrong', async () => {
    const ahead = { date: new Date(now + 90_000).toUTCString() }
    const router = routed([kraken(), coinbase()], ahead, 500)
    await asked(router)
    expect(await titles(router)).toContain("critical: this machine's clock is 90 s behind those of its providers")
    const single = routed([kraken()], ahead, 500)
    await asked(single)
    expect(await titles(single)).toContain("info: this machine's clock is 90 s behind that of kraken")
    const two: ProviderRouter = new ProviderRouter({
      providers: [kraken(), coinbase()],
      cache: false,
      retries: 0,
      clock: fakeClock(now),
      fetch: (input) => {
        const isKraken = new Request(input).url.includes('kraken')
        return Promise.resolve(new Response('{}', { status: 500, headers: { date: new Date(now - (isKraken ? 90_000 : 0)).toUTCString() } }))
      },
    })
    await asked(two)
    expect((await titles(two)).filter((title) => title.includes('clock'))).toEqual(["info: this machine's clock is 90 s ahead of that of kraken"])
    const cached = routed([kraken()], { ...ahead, age: '90' }, 500)
    await asked(cached)
    expect((await titles(cached)).filter((title) => title.includes('clock'))).toEqual([])
  })

  it('finds hosts that cannot be reached only where it may look', async () => {
    const router: ProviderRouter = new ProviderRouter({ providers: [kraken({ hosts: [await refusing()] })], retries: 0, totalTimeoutMs: 2_000 })
    expect((await router.diagnose()).issues).toEqual([])
    const { issues } = await router.diagnose({ look: true })
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: 'critical', category: 'network', provider: 'kraken', title: 'kraken did not answer its probe: network' }),
    )
  })
})

describe('a probe that failed', () => {
  const probed = (answer: () => FailureReason | DataOf<'ticker'>) => {
    const clock = fakeClock(now)
    const router: ProviderRouter = new ProviderRouter({ providers: [fakeProvider('a', { answers: { ticker: answer } })], cache: false, retries: 0, clock })
    return { clock, router, issues: async () => (await router.diagnose()).issues.filter(({ title }) => title.includes('probe')) }
  }

  it.each([
    ['timeout', 'critical', 'network'],
    ['unauthorized', 'critical', 'config'],
    ['unavailable', 'warning', 'service'],
    ['bad-response', 'warning', 'service'],
  ] as const)('by %s is %s, a matter of %s', async (reason, severity, category) => {
    const { router, issues } = probed(() => reason)
    await router.checkHealth()
    expect(await issues()).toMatchObject([{ severity, category, provider: 'a' }])
  })

  it('is forgotten once it answered', async () => {
    let isDown = true
    const { router, clock, issues } = probed(() => (isDown ? 'unavailable' : { symbol, base: 'BTC', quote: 'USD', last: 1 }))
    await router.checkHealth()
    expect(await issues()).toHaveLength(1)
    isDown = false
    await clock.advance(1_000)
    await asked(router)
    expect(await issues()).toEqual([])
  })
})

describe('a host whose name nobody knows', () => {
  const gone = async (others: AnyProvider[]): Promise<RouterEvents['provider-retired'][]> => {
    const told: RouterEvents['provider-retired'][] = []
    const clock = fakeClock(now)
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND api.kraken.com'), { code: 'ENOTFOUND' })
    const router: ProviderRouter = new ProviderRouter({
      providers: [kraken(), ...others],
      cache: false,
      retries: 0,
      clock,
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause: unknown })),
    }).on('provider-retired', (event) => told.push(event))
    for (let hours = 0; hours <= 25; hours++) {
      await router.request('ticker' as never, { symbol } as never, { only: ['kraken'] }).catch(() => undefined)
      for (const { id } of others) await router.request('ticker' as never, { symbol } as never, { only: [id] })
      await clock.advance(hour)
    }
    return told
  }

  it('for a day, while others answer, is that of a service that is gone', async () => {
    expect(await gone([fakeProvider('other')])).toEqual([{ provider: 'kraken', at: now + 24 * hour, why: expect.stringContaining('ENOTFOUND') }])
  })

  it('says nothing where nobody answers: this machine may be offline', async () => {
    expect(await gone([])).toEqual([])
  })
})

describe('a service that announces its end', () => {
  it('is told of once, and asked on', async () => {
    const told: RouterEvents['provider-retired'][] = []
    const router = routed([kraken()], { sunset: 'Fri, 01 Jan 2027 00:00:00 GMT' }, 500).on('provider-retired', (event) => told.push(event))
    await asked(router, 2)
    expect(told).toEqual([{ provider: 'kraken', at: now, why: 'announces its end on 2027-01-01' }])
    expect(await titles(router)).toContain('warning: kraken announces its end on 2027-01-01')
  })

  it('is told of once also where its definition changed meanwhile', async () => {
    const told: RouterEvents['provider-retired'][] = []
    const router = routed([coinbase()], { sunset: 'Fri, 01 Jan 2027 00:00:00 GMT' }, 500).on('provider-retired', (event) => told.push(event))
    await asked(router)
    router.setProviders([coinbase({ weight: 2 })])
    await asked(router)
    expect(told).toHaveLength(1)
    expect(await titles(router)).toContain('warning: coinbase announces its end on 2027-01-01')
  })

  it('may do so without a date', async () => {
    const router = routed([kraken()], { deprecation: '@1767225600' }, 500)
    await asked(router)
    expect(await titles(router)).toContain('warning: kraken announces its end')
  })
})
