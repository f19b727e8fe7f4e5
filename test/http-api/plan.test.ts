import { describe, expect, it, vi } from 'vitest'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, world } from '../router/world.js'
import { served, shapeOf } from './served.js'

function planned() {
  const { clock, provider } = world()
  const [a, b] = [provider('a', { priority: 1 }), provider('b', { priority: 2, cost: 3, limits: [{ cost: 100, perMs: 60_000, scope: 'ip' }] })]
  const last = provider('last', { role: 'last-resort' })
  const news = fakeProvider('news', { answers: { news: () => [] } })
  return { a, b, ...served([a, b, last, news], { clock, retries: 0, pools: { p: { members: ['b'] } } }) }
}

describe('/api/plan', () => {
  it('tells the order, what each costs, and who is out and until when, without asking anybody', async () => {
    const { a, b, get, router } = planned()
    a.mood = { reason: 'rate-limited', status: 429, retryAfterMs: 60_000 }
    await ask(router)
    const before = JSON.stringify(router.snapshot())
    const calls = a.asked.length + b.asked.length
    const { body } = await get('/api/plan?capability=ticker&symbol=eth')
    expect(body).toEqual({
      capability: 'ticker',
      candidates: [
        { provider: 'b', cost: 2, quota_cost: 3, role: 'regular' },
        { provider: 'last', cost: 1, quota_cost: 1, role: 'last-resort' },
      ],
      excluded: [{ provider: 'a', reason: 'rate-limited', until: '2026-01-01T00:01:00.000Z' }],
      cache: 'none',
    })
    expect(shapeOf(body)).toMatchSnapshot()
    expect((await get('/api/plan?capability=ticker&symbol=BTC')).body).toMatchObject({ cache: 'fresh' })
    expect((await get('/api/plan?capability=ticker&symbol=BTC&pool=p')).body).toMatchObject({ candidates: [{ provider: 'b' }] })
    expect(a.asked.length + b.asked.length).toBe(calls)
    expect(JSON.stringify(router.snapshot())).toBe(before)
  })

  it('takes the symbols of news for assets and those of prices for pairs', async () => {
    const { get } = planned()
    expect((await get('/api/plan?capability=news&symbols=btc,ethereum')).body).toMatchObject({ candidates: [{ provider: 'news' }] })
    const pairs = await get('/api/plan?capability=tickers&symbols=btc,eth-usd')
    expect(pairs.status).toBe(200)
    expect(pairs.body).toMatchObject({ capability: 'tickers' })
    expect((await get('/api/plan?capability=tickers&symbols=btc,*')).body['error']).toMatch(/^symbols\.1: /)
  })

  it('takes an asset by symbol or name, and a token by its contract', async () => {
    const { get, router } = served([fakeProvider('a', { answers: { tokenTicker: () => ({}) as never, social: () => ({}) as never } })])
    const plan = vi.spyOn(router, 'plan')
    const uni = 'eip155:1/erc20:0x1f9840a85d5af5bf1d1762f925bdaddc4201f984'
    expect((await get(`/api/plan?capability=tokenTicker&asset=${encodeURIComponent(uni)}`)).body).toMatchObject({ candidates: [{ provider: 'a' }] })
    expect((await get('/api/plan?capability=social&asset=bitcoin')).body).toMatchObject({ candidates: [{ provider: 'a' }] })
    expect(plan.mock.calls.map(([capability, params]) => [capability, params])).toEqual([
      ['tokenTicker', { asset: uni }],
      ['social', { asset: 'BTC' }],
    ])
    expect((await get('/api/plan?capability=social&asset=a%2Fb')).body['error']).toMatch(/^asset: .*got "a\/b"/)
  })

  it.each([
    ['', 400, /^capability: .*missing/],
    ['?capability=weather', 400, /^capability must be one of ticker, .*got "weather"/],
    ['?capability=toString', 400, /^capability must be one of/],
    ['?capability=ticker', 400, /symbol must be BASE\/QUOTE/],
    ['?capability=candles&symbol=BTC&interval=7h', 400, /interval must be one of .*"7h"/],
    ['?capability=candles&symbol=BTC&interval=1h&limit=0', 400, /^limit: .*got 0/],
    ['?capability=ticker&symbol=BTC&pool=nope', 404, /^no pool 'nope'/],
    ['?capability=ticker&symbol=BTC&colour=red', 400, /^unknown parameter "colour"/],
  ])('refuses %j with %i', async (query, status, message) => {
    const { get } = planned()
    const answer = await get(`/api/plan${query}`)
    expect(answer.status).toBe(status)
    expect(answer.body['error']).toMatch(message)
  })
})
