import {
  type AnyProvider,
  type Candle,
  type CapabilityOf,
  defineProvider,
  type Provider,
  ProviderRouter,
  type RouterResult,
  type Strategy,
  type Ticker,
} from 'feedmux'
import { alternativeMe, binance, kraken } from 'feedmux/providers'
import { describe, expectTypeOf, it } from 'vitest'

const router = new ProviderRouter({ providers: [binance(), kraken()] })
declare const settings: { readonly key: string | undefined; readonly ms: number | undefined; readonly more: boolean }

describe('request()', () => {
  it('gives the data of the capability', () => {
    expectTypeOf(router.request('ticker', { symbol: 'BTC/USD' })).resolves.toEqualTypeOf<RouterResult<Ticker>>()
    expectTypeOf(router.request('candles', { symbol: 'BTC/USD', interval: '1h' })).resolves.toEqualTypeOf<RouterResult<Candle[]>>()
  })

  it('does not compile when no given provider offers the capability', () => {
    // @ts-expect-error neither has news
    void router.request('news', {})
    // @ts-expect-error only alternative.me of the three has it
    void router.request('fearGreed', {})
    void new ProviderRouter({ providers: [binance(), alternativeMe()] }).request('fearGreed', {})
  })

  it('takes the parameters of the capability and no others', () => {
    // @ts-expect-error the symbol is missing
    void router.request('ticker', {})
    // @ts-expect-error no such interval
    void router.request('candles', { symbol: 'BTC/USD', interval: '7m' })
    // @ts-expect-error a ticker has no limit
    void router.request('ticker', { symbol: 'BTC/USD', limit: 3 })
  })

  it('takes undefined for whatever is optional', () => {
    void router.request('candles', { symbol: 'BTC/USD', interval: '1h', limit: settings.ms }, { timeoutMs: settings.ms, signal: undefined, stale: undefined })
  })
})

describe('the list of providers', () => {
  it('may be made at run time', () => {
    const list = [kraken()]
    if (settings.more) list.push(kraken({ weight: 2 }))
    void new ProviderRouter({ providers: list }).request('orderBook', { symbol: 'BTC/USD' })
    const some: Provider<'fearGreed'>[] = settings.more ? [alternativeMe()] : []
    void new ProviderRouter({ providers: some }).request('fearGreed', {})
    // @ts-expect-error not said by the list's type
    void new ProviderRouter({ providers: some }).request('orderBook', { symbol: 'BTC/USD' })
  })

  it('may hold conditional ones', () => {
    const some = new ProviderRouter({ providers: [binance(), ...(settings.more ? [alternativeMe()] : [])] })
    void some.request('fearGreed', {})
    void some.request('ticker', { symbol: 'BTC/USD' })
  })

  it('may hold anything that is a provider', () => {
    const any: readonly AnyProvider[] = [binance(), alternativeMe()]
    expectTypeOf<CapabilityOf<(typeof any)[number]>>().toExtend<string>()
    void new ProviderRouter({ providers: any }).request('news', {})
  })
})

describe('options', () => {
  it('take undefined for whatever is optional', () => {
    void new ProviderRouter({
      providers: [binance({ apiKey: settings.key, weight: settings.ms })],
      timeoutMs: settings.ms,
      strategy: undefined,
      hedge: undefined,
      fetch: undefined,
    })
  })

  it('refuse what is not an option', () => {
    // @ts-expect-error it is called timeoutMs
    void new ProviderRouter({ providers: [binance()], timeout: 5 })
    // @ts-expect-error milliseconds are a number
    void new ProviderRouter({ providers: [binance()], timeoutMs: '5s' })
  })

  it('take a strategy of one line', () => {
    const cheapest: Strategy = ({ cost }) => cost
    void new ProviderRouter({ providers: [binance()], strategy: cheapest })
    void new ProviderRouter({ providers: [binance()], strategy: ({ latencyMs = 200, inFlight }) => latencyMs * inFlight })
  })
})

describe('defineProvider()', () => {
  it('types request and parse by the capability', () => {
    const acme = defineProvider<'ticker'>({
      id: 'acme',
      name: 'Acme',
      homepage: 'https://acme.example',
      docs: 'https://acme.example/docs',
      hosts: ['https://api.acme.example'],
      endpoints: {
        ticker: {
          request: ({ symbol }) => {
            expectTypeOf(symbol).toBeString()
            return { path: symbol }
          },
          // @ts-expect-error a ticker needs its price
          parse: (_body, { symbol }) => ({ symbol, base: 'BTC', quote: 'USD' }),
        },
      },
    })
    expectTypeOf<CapabilityOf<typeof acme>>().toEqualTypeOf<'ticker'>()
  })
})
