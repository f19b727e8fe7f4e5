import { describe, expect, it } from 'vitest'
import { coinmetrics } from '../../src/providers/coinmetrics.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const row = (figures: object, asset = 'btc', day = '2026-10-31') => ({ asset, time: `${day}T00:00:00.000000000Z`, ...figures })
const body = (...data: object[]) => ({ data })
const DAY = Date.UTC(2026, 9, 31)
const figures = {
  AdrActCnt: '745123',
  TxCnt: '402310',
  'TxCnt-status': 'reviewed',
  HashRate: '1100000000.5',
  DiffLast: '152000000000000',
  DiffMean: '151000000000000.25',
  FeeTotUSD: null,
}

describeProvider(
  coinmetrics,
  {
    answers: [
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url:
          'https://community-api.coinmetrics.io/v4/timeseries/asset-metrics?assets=btc&metrics=AdrActCnt,TxCnt,HashRate,DiffLast,DiffMean,FeeTotUSD,BlkHgt' +
          '&frequency=1d&paging_from=end&limit_per_asset=3&ignore_forbidden_errors=true&ignore_unsupported_errors=true',
        body: body(row(figures)),
        data: { asset: 'BTC', at: DAY, hashRate: 1.1000000005e21, difficulty: 152_000_000_000_000, activeAddresses: 745_123, transactions24h: 402_310 },
        drifted: body({ asset: 'btc', time: '2026-10-31T00:00:00.000000000Z', active: '745123' }),
      },
    ],
    unknown: [
      {
        capability: 'networkMetrics',
        status: 400,
        body: { error: { type: 'bad_parameter', message: "Bad parameter 'assets'. Value 'nosuch' is not supported." } },
      },
      { capability: 'networkMetrics', body: body() },
    ],
    errors: [
      {
        says: 'a wrong parameter that is not the asset',
        status: 400,
        body: { error: { type: 'bad_parameter', message: "Bad parameter 'frequency'. Value '1x' is not supported." } },
        reason: 'bad-request',
      },
      {
        says: 'no access',
        status: 401,
        body: { error: { type: 'unauthorized', message: 'Requested resource requires authorization.' } },
        reason: 'unauthorized',
      },
      {
        says: 'a paid figure',
        status: 403,
        body: { error: { type: 'forbidden', message: 'Not available with supplied credentials.' } },
        reason: 'unauthorized',
      },
      { says: 'an address that is too long', status: 414, body: { error: { type: 'uri_too_long' } }, reason: 'bad-request' },
      { says: 'its own trouble', status: 500, body: { error: { type: 'internal_server_error' } }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('coinmetrics', () => {
  const metrics = (asset: string, ...rows: object[]) => ask(coinmetrics(), 'networkMetrics', { asset }, { body: body(...rows) })

  it('takes the newest day, wherever it stands', () => {
    const days = [row({ TxCnt: '1' }, 'btc', '2026-10-30'), row({ TxCnt: '2' }), row({ TxCnt: '3' }, 'btc', '2026-10-29')]
    expect(metrics('BTC', ...days)).toEqual({ asset: 'BTC', at: DAY, transactions24h: 2 })
  })

  it('goes back to a day of which something is known, and knows nothing where every column is empty', () => {
    const empty = row({ TxCnt: null, AdrActCnt: null, HashRate: null })
    expect(metrics('BTC', empty, row({ TxCnt: '7', AdrActCnt: null }, 'btc', '2026-10-30'))).toEqual({
      asset: 'BTC',
      at: DAY - 86_400_000,
      transactions24h: 7,
    })
    expect(() => metrics('BTC', empty)).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it('takes only rows of the asked asset', () => {
    expect(() => metrics('BTC', row(figures, 'bch'))).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it.each([
    ['DASH', 5e9],
    ['LTC', 5e12],
  ])('knows the unit in which the hash rate of %s comes', (asset, hashRate) => {
    expect(metrics(asset, row({ HashRate: '5' }, asset.toLowerCase())).hashRate).toBe(hashRate)
  })

  it('leaves a hash rate out whose unit is not documented', () => {
    expect(metrics('DOGE', row({ HashRate: '5', TxCnt: '0' }, 'doge'))).toEqual({ asset: 'DOGE', at: DAY, transactions24h: 0 })
  })

  it('asks for an asset by the name that a user gives for it', () => {
    const url = new URL(sent(coinmetrics(), 'networkMetrics', { asset: 'USDT' }, { native: { USDT: 'usdt_eth' } }))
    expect(url.searchParams.get('assets')).toBe('usdt_eth')
  })

  it('gives fees in dollars and the height of the chain where they come', () => {
    expect(metrics('BTC', row({ FeeTotUSD: '350000.5', BlkHgt: '921000' }))).toEqual({ asset: 'BTC', at: DAY, feesUsd24h: 350_000.5, blockHeight: 921_000 })
  })
})
