import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../src/errors.js'
import { pairOf } from '../../src/model/symbol.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { Provider } from '../../src/provider/provider.js'
import { read } from '../../src/provider/read.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock } from '../../src/testing/index.js'
import { NOW } from './world.js'

const DAY = 24 * 3_600_000

/** An aggregator that knows Bitcoin by heart, and the others from its list. */
const aggregator = (): Provider<'ticker' | 'tickers'> => {
  const rowsOf = (body: unknown) => read.array(body, 'rows').map((row) => read.object(row, 'row'))
  return defineProvider({
    id: 'aggregator',
    name: 'Aggregator',
    homepage: 'https://example.test',
    docs: 'https://example.test/docs',
    hosts: ['https://aggregator.test'],
    assets: { BTC: 'bitcoin' },
    lookup: {
      request: { path: 'list' },
      parse: (body) => rowsOf(body).map(({ id, symbol }) => ({ id: read.string(id, 'id'), symbol: read.string(symbol, 'symbol') })),
    },
    endpoints: {
      ticker: {
        request: ({ symbol }, { native }) => ({ path: `price/${native[pairOf(symbol).base]}` }),
        parse: (body, { symbol }) => ({ ...pairOf(symbol), last: read.positive(read.object(body, 'price').price, 'price') }),
      },
      tickers: {
        request: ({ symbols }, { native }) => ({ path: 'prices', query: { ids: symbols.map((symbol) => native[pairOf(symbol).base]).join() } }),
        parse: (body, { symbols }) => symbols.map((symbol) => ({ ...pairOf(symbol), last: read.positive(read.object(body, 'price').price, 'price') })),
      },
    },
  })
}

const LIST = [
  { id: 'ether', symbol: 'eth' },
  { id: 'rare-coin', symbol: 'RARE' },
  { id: 'twin-one', symbol: 'TWIN' },
  { id: 'twin-two', symbol: 'twin' },
]

function asking(list: () => Response | Promise<Response> = () => Response.json(LIST)) {
  const asked: string[] = []
  const clock = fakeClock(NOW)
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    asked.push(`${pathname}${decodeURIComponent(search)}`)
    return pathname === '/list' ? list() : Response.json({ price: 5 })
  }
  const router = new ProviderRouter({ providers: [aggregator()], fetch, clock, random: () => 0.5, cache: false, retries: 0 })
  const reasonOf = (symbol: string) =>
    router.request('ticker', { symbol }).then(
      () => 'answered',
      (error: unknown) => (AllProvidersFailedError.is(error) ? error.failures[0]?.reason : (error as Error).name),
    )
  return { router, asked, clock, reasonOf }
}

describe('an asset that the table lacks', () => {
  it('is found in the provider’s own list, which is asked for once a day', async () => {
    const { router, asked, clock } = asking()
    expect((await router.request('ticker', { symbol: 'RARE/USD' })).data.last).toBe(5)
    await router.request('ticker', { symbol: 'ETH/USD' })
    expect(asked).toEqual(['/list', '/price/rare-coin', '/price/ether'])
    await clock.advance(DAY + 1)
    await router.request('ticker', { symbol: 'BTC/USD' })
    expect(asked.at(-1)).toBe('/price/bitcoin')
    await router.request('ticker', { symbol: 'RARE/USD' })
    expect(asked.slice(-1)).toEqual(['/price/rare-coin']) // an id that was found stays known
  })

  it('asks for the list once, however many ask at the same time', async () => {
    const { router, asked } = asking()
    await Promise.all([router.request('ticker', { symbol: 'RARE/USD' }), router.request('ticker', { symbol: 'ETH/USD' })])
    expect(asked.filter((path) => path === '/list')).toHaveLength(1)
  })

  it('is refused where the list has several of that symbol, or none, without asking again', async () => {
    const { asked, reasonOf } = asking()
    expect(await reasonOf('TWIN/USD')).toBe('not-found')
    expect(await reasonOf('NONE/USD')).toBe('NoProviderError')
    expect(await reasonOf('TWIN/USD')).toBe('NoProviderError')
    expect(asked).toEqual(['/list'])
  })

  it('is looked up for a batch, too', async () => {
    const { router, asked } = asking()
    const { data, missing } = await router.request('tickers', { symbols: ['BTC/USD', 'RARE/USD', 'NONE/USD'] })
    expect([data.length, missing]).toEqual([2, ['NONE/USD']])
    expect(asked).toEqual(['/list', '/prices?ids=bitcoin,rare-coin'])
  })

  it('is not found, and the known ones stay, while the list can’t be understood; it is tried again after ten minutes', async () => {
    const { asked, reasonOf, clock } = asking(() => Response.json({ sorry: true }))
    expect(await reasonOf('RARE/USD')).toBe('not-found')
    expect(await reasonOf('ETH/USD')).toBe('NoProviderError')
    expect(await reasonOf('BTC/USD')).toBe('answered')
    await clock.advance(600_001)
    await reasonOf('ETH/USD')
    expect(asked).toEqual(['/list', '/price/bitcoin', '/list'])
  })

  it('does not hold a caller beyond the time of an attempt', async () => {
    const { reasonOf, clock } = asking(() => new Promise(() => undefined))
    const reason = reasonOf('RARE/USD')
    await clock.advance(10_000)
    expect(await reason).toBe('timeout')
  })

  it('goes to the next caller when the first one leaves', async () => {
    let answer: (response: Response) => void = () => undefined
    const { router } = asking(() => new Promise((resolve) => (answer = resolve)))
    const first = new AbortController()
    const left = router.request('ticker', { symbol: 'RARE/USD' }, { signal: first.signal })
    const stays = router.request('ticker', { symbol: 'ETH/USD' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    first.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    answer(Response.json(LIST))
    expect((await stays).data.last).toBe(5)
  })
})
