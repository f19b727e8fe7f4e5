import { describe, expect, it } from 'vitest'
import { bearer, createHandler } from '../../src/http-api/index.js'
import { csv } from '../../src/http-api/csv.js'
import { logBook } from '../../src/http-api/record/log-book.js'
import { resolveHandlerOptions } from '../../src/http-api/options.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const TOKEN = 'of-tests-only-0123456789'
const SECRET = 'planted-secret-of-tests'

interface Logs {
  readonly logs: readonly Readonly<Record<string, unknown>>[]
  readonly total: number
}

/** A router of which one provider fails, another answers. */
async function failing() {
  const clock = fakeClock()
  const bad = fakeProvider('bad', { priority: 1, apiKey: SECRET, answers: { ticker: () => 'unavailable' } })
  const good = fakeProvider('good', { priority: 2 })
  const router = new ProviderRouter({
    clock,
    retries: 0,
    cache: false,
    providers: [bad, good],
    pools: { main: { members: ['bad', 'good'] } },
    breaker: { failures: 2 },
  })
  const handler = createHandler(router, { clock, authorize: bearer(TOKEN) })
  const ask = (path: string, method = 'GET') => handler(new Request(`http://api.test${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } }))
  const logs = async (query = ''): Promise<Logs> => (await (await ask(`/api/logs${query}`)).json()) as Logs
  for (let i = 0; i < 3; i++) {
    await router.request('ticker', { symbol: 'BTC/USD' }, { pool: 'main' })
    await clock.advance(1_000)
  }
  await router.request('ticker', { symbol: 'BTC/USD' }, { only: ['bad'] }).catch(() => undefined)
  return { clock, router, handler, ask, logs }
}

describe('the log', () => {
  it('holds what the router told, the newest first', async () => {
    const { logs } = await failing()
    const { logs: entries, total } = await logs()
    expect(total).toBe(entries.length)
    const times = entries.map(({ timestamp }) => Date.parse(String(timestamp)))
    expect(times).toEqual(times.toSorted((one, other) => other - one))
    expect(entries.map(({ level, category, provider_id, error }) => [level, category, provider_id, error])).toEqual(
      expect.arrayContaining([
        ['warning', 'provider', 'bad', 'unavailable'],
        ['error', 'provider', 'bad', null],
        ['info', 'rotation', 'good', null],
        ['error', 'request', null, 'NoProviderError'],
      ]),
    )
    expect(entries.find(({ category }) => category === 'rotation')).toMatchObject({ pool_id: 'main', extra_data: { reason: expect.any(String) as unknown } })
  })

  it('gives what fits every filter at once', async () => {
    const { logs } = await failing()
    const whole = (await logs()).logs
    for (const [query, fits] of [
      ['?level=error', ({ level }) => level === 'error'],
      ['?category=rotation', ({ category }) => category === 'rotation'],
      ['?provider_id=bad', ({ provider_id }) => provider_id === 'bad'],
      ['?pool_id=main', ({ pool_id }) => pool_id === 'main'],
      ['?provider_id=bad&level=warning', ({ provider_id, level }) => provider_id === 'bad' && level === 'warning'],
      ['?search=BREAKER', ({ message }) => String(message).includes('breaker')],
      ['?search=nothing-like-it', () => false],
    ] as const satisfies readonly (readonly [string, (entry: Readonly<Record<string, unknown>>) => boolean])[]) {
      const { logs: found, total } = await logs(query)
      expect([query, found]).toEqual([query, whole.filter(fits)])
      expect(total).toBe(found.length)
    }
  })

  it('finds a provider by the form of its id with underscores, too', async () => {
    const clock = fakeClock()
    const router = new ProviderRouter({ clock, providers: [fakeProvider('alternative-me'), fakeProvider('a')] })
    const handler = createHandler(router, { clock })
    router.isolate('alternative-me')
    router.isolate('a')
    const answer = await handler(new Request('http://api.test/api/logs?provider_id=alternative_me'))
    expect(await answer.json()).toMatchObject({ total: 1, logs: [{ provider_id: 'alternative-me' }] })
  })

  it('gives the newest of those that fit, and says how many there are', async () => {
    const { logs } = await failing()
    const { logs: all } = await logs('?provider_id=bad')
    expect(await logs('?provider_id=bad&limit=1')).toEqual({ logs: [all[0]], total: all.length })
  })

  it.each(['level=loud', 'category=nothing', 'limit=0', 'limit=1001', 'limit=many', 'provider_id=a/b'])(
    'refuses ?%s and says what is possible',
    async (query) => {
      const { ask } = await failing()
      const answer = await ask(`/api/logs?${query}`)
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ error: expect.stringContaining(query.split('=', 1)[0] ?? '') as unknown }),
      ])
    },
  )

  it('tells recent entries, errors and counts', async () => {
    const { ask, logs } = await failing()
    const { logs: all } = await logs()
    const errors = all.filter(({ level }) => level === 'error' || level === 'critical')
    expect(await (await ask('/api/logs/recent?limit=2')).json()).toEqual({ logs: all.slice(0, 2), total: all.length })
    expect(await (await ask('/api/logs/errors')).json()).toEqual({ logs: errors, total: errors.length })
    const stats = (await (await ask('/api/logs/stats')).json()) as Record<string, unknown>
    expect(stats).toMatchObject({ total: all.length, errors: errors.length, by_pool: { main: all.filter(({ pool_id }) => pool_id === 'main').length } })
    expect(stats['date_range']).toEqual({ start: all.at(-1)?.['timestamp'], end: all[0]?.['timestamp'] })
  })

  it('is exported as JSON and as CSV with the filter that is given, and with none as a whole', async () => {
    const { ask, logs } = await failing()
    const file = await ask('/api/logs/export/json?category=rotation')
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="logs.json"')
    expect(await file.json()).toEqual(await logs('?category=rotation'))
    expect(await (await ask('/api/logs/export/json')).json()).toEqual(await logs())
    const table = await ask('/api/logs/export/csv?category=rotation')
    expect([table.headers.get('content-type'), table.headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename="logs.csv"',
    ])
    const lines = (await table.text()).trimEnd().split('\r\n')
    expect(lines[0]).toBe('timestamp,level,category,message,provider_id,pool_id,status_code,response_time,error,extra_data')
    expect(lines.length - 1).toBe((await logs('?category=rotation')).total)
    expect(lines.slice(1).every((line) => line.includes(',rotation,'))).toBe(true)
  })

  it('forgets everything when it is told to, and begins anew', async () => {
    const { ask, logs, router } = await failing()
    expect((await ask('/api/logs', 'DELETE')).status).toBe(200)
    expect(await logs()).toEqual({ logs: [], total: 0 })
    router.isolate('good')
    expect((await logs()).logs).toMatchObject([{ message: 'good was taken out by hand' }])
  })

  it('keeps the last entries only, in their order', () => {
    const clock = fakeClock()
    const router = new ProviderRouter({ clock, providers: [fakeProvider('a')] })
    const book = logBook(router, resolveHandlerOptions({ clock, logEntries: 3 }))
    for (let i = 1; i <= 10; i++) book.add({ level: 'info', category: 'system', message: `entry ${i}` })
    expect(book.list().map(({ message }) => message)).toEqual(['entry 10', 'entry 9', 'entry 8'])
  })

  it('holds no key and no query, whoever writes into it, and stops when it is closed', () => {
    const clock = fakeClock()
    const router = new ProviderRouter({ clock, providers: [fakeProvider('a', { apiKey: SECRET })] })
    const book = logBook(router, resolveHandlerOptions({ clock }))
    book.add({ level: 'error', category: 'system', message: `asked with ${SECRET}`, error: `https://api.test/x?token=other-secret ${btoa(SECRET)}` })
    expect(JSON.stringify(book.list())).not.toMatch(new RegExp(`${SECRET}|other-secret|${btoa(SECRET).replace(/=+$/, '')}`))
    book.close()
    router.isolate('a')
    expect(book.list()).toHaveLength(1)
  })
})

describe('csv', () => {
  it('quotes by RFC 4180 and lets no cell be a formula', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,"y"\n', -1.5],
          ['=1+1', null],
          ['@SUM', '+1'],
          ['-2', '\tx'],
          ['\rx', true],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""\n",-1.5\r\n\'=1+1,\r\n\'@SUM,\'+1\r\n\'-2,\'\tx\r\n"\'\rx",true\r\n')
  })
})
