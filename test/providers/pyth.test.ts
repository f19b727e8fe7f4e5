import { describe, expect, it } from 'vitest'
import { PYTH_IDS } from '../../src/providers/pyth.assets.js'
import { pyth } from '../../src/providers/pyth.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW } from '../support/ask.js'

const LATEST = 'https://hermes.pyth.network/v2/updates/price/latest'
const seconds = NOW / 1_000
const feed = (id: string, price: unknown, more: object = {}) => ({
  id,
  price: { price, conf: '4100000000', expo: -8, publish_time: seconds - 1, ...more },
  ema_price: { price: '1', conf: '1', expo: -8, publish_time: seconds - 1 },
  metadata: { slot: 1, proof_available_time: seconds, prev_publish_time: seconds - 2 },
})
const of = (...parsed: unknown[]) => ({ binary: { encoding: 'hex', data: ['00'] }, parsed })
const btc = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 85_000.12345678, asOf: NOW - 1_000 }
const eth = { symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_800, asOf: NOW - 1_000 }
const notFound = `Price ids not found: 0x${PYTH_IDS.BTC}`

describeProvider(
  pyth,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${LATEST}?ids[]=${PYTH_IDS.BTC}`,
        body: of(feed(PYTH_IDS.BTC, '8500012345678')),
        data: btc,
        drifted: of(feed(PYTH_IDS.BTC, undefined)),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/USD'] },
        url: `${LATEST}?ids[]=${PYTH_IDS.ETH}&ids[]=${PYTH_IDS.BTC}&ignore_invalid_price_ids=true`,
        body: of(feed(PYTH_IDS.BTC, '8500012345678'), feed(PYTH_IDS.ETH, '280000000000')),
        data: [eth, btc],
        drifted: { prices: [] },
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: notFound },
      { capability: 'ticker', body: of() },
      { capability: 'tickers', body: of() },
    ],
    errors: [
      { says: 'no key, or a wrong one', status: 401, body: 'unauthorized', reason: 'unauthorized' },
      { says: 'a feed outside the plan', status: 403, body: `Not entitled: feed ${PYTH_IDS.BTC} (no grant accepts this feed)`, reason: 'unauthorized' },
      { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' },
      { says: 'a firewall', status: 403, body: '<html>Forbidden</html>', reason: 'unavailable' },
      { says: 'a path that is gone', status: 404, body: 'Not Found', reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('pyth', () => {
  const provider = pyth({ apiKey: 'k' })
  const symbol = 'BTC/USD'
  const lastOf = (price: unknown, expo: unknown) => ask(provider, 'ticker', { symbol }, { body: of(feed(PYTH_IDS.BTC, price, { expo })) }).last

  it('shifts the decimal point without the noise of floats', () => {
    expect(lastOf('12297', -5)).toBe(0.12297)
    expect(lastOf('123456789', -10)).toBe(0.0123456789)
    expect(lastOf('7', 2)).toBe(700)
  })

  it.each([
    ['0', -8],
    ['-5', -8],
    ['1.5e3', -8],
    ['1', 1.5],
    ['1', null],
    [null, -8],
  ])('refuses the price %s with the exponent %s', (price, expo) => {
    expect(() => lastOf(price, expo)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('gives an old price with the time of its making', () => {
    const body = of(feed(PYTH_IDS.BTC, '100', { publish_time: seconds - 3_600 }))
    expect(ask(provider, 'ticker', { symbol }, { body }).asOf).toBe(NOW - 3_600_000)
  })

  it('leaves unknown feeds out of a batch, and finds one by an id with 0x', () => {
    const body = of(feed(PYTH_IDS.BTC, '8500012345678'))
    const native = { BTC: `0x${PYTH_IDS.BTC.toUpperCase()}`, ETH: PYTH_IDS.ETH }
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD', 'BTC/EUR', 'NOPE/USD'] }, { body, native })).toEqual([btc])
  })

  it('leaves a feed that nobody has published to out of a batch, and has no price of it', () => {
    const silent = feed(PYTH_IDS.ETH, '0', { publish_time: 0 })
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, { body: of(silent, feed(PYTH_IDS.BTC, '8500012345678')) })).toEqual([btc])
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USD' }, { body: of(silent) })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('has dollars only', () => {
    const { ticker, tickers } = provider.endpoints
    expect(['BTC/USD', 'BTC/USDT', 'BTC/EUR'].map((one) => ticker.supports?.({ symbol: one }))).toEqual([true, false, false])
    expect(tickers.supports?.({ symbols: ['BTC/EUR', 'ETH/USDT'] })).toBe(false)
  })

  it('lists the feeds that are the price of one asset in dollars', () => {
    const listed = (id: string, name: string) => ({ id, attributes: { asset_type: 'Crypto', base: 'X', quote_currency: 'USD', symbol: name } })
    const feeds = [
      listed('aa', 'Crypto.ARB/USD'),
      listed('bb', 'Crypto.Index.SILV/USD'),
      listed('cc', 'Crypto.WSTETH/USD.RR'),
      listed('dd', 'Crypto.ETH/BTC'),
      listed('ee', 'Equity.US.ARB/USD'),
    ]
    expect(provider.lookup?.parse(feeds)).toEqual([{ symbol: 'ARB', id: 'aa' }])
    for (const drifted of [{ feeds }, []]) expect(() => provider.lookup?.parse(drifted)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
