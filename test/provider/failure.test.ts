import { describe, expect, it } from 'vitest'
import { asOne, failureFor, isNothing, isOfOne, membersOf, toldIn } from '../../src/provider/failure.js'

const symbol = 'BTC/USD'
const ticker = { capability: 'ticker', params: { symbol } } as const
const tickers = { capability: 'tickers', params: { symbols: [symbol] } } as const

describe('an answer', () => {
  it('has members only where it is an object', () => {
    expect(membersOf({ code: 1 })).toEqual({ code: 1 })
    for (const body of [null, undefined, '<html>', 7]) expect(membersOf(body)).toEqual({})
  })

  it('tells a code and words', () => {
    expect(toldIn(40_001, 'no such pair')).toEqual({ code: '40001', message: '40001 no such pair' })
    expect([toldIn('51000', undefined), toldIn('0', ''), toldIn(undefined, 'busy'), toldIn(null, null)]).toEqual([
      { code: '51000', message: '51000' },
      { code: '0', message: '0' },
      { code: '', message: 'busy' },
      { code: '', message: '' },
    ])
  })

  it('without rows means an unknown market, but for lists and for candles since a time', () => {
    const candles = (since?: number) => ({ capability: 'candles', params: { symbol, interval: '1m', since } }) as const
    expect([ticker, candles(), tickers, candles(0)].map((asked) => isNothing([], asked))).toEqual([true, true, false, false])
    for (const rows of [[1], null, undefined, '', {}]) expect(isNothing(rows, ticker)).toBe(false)
  })
})

describe('an error of a vendor', () => {
  it('that says unknown is a bad request where no one market was asked for', () => {
    expect([isOfOne(ticker), isOfOne(tickers)]).toEqual([true, false])
    expect(failureFor('not-found', 'no such pair', 200, ticker)).toEqual({ reason: 'not-found', message: 'no such pair' })
    expect(failureFor('not-found', 'no such pair', 400, tickers)).toEqual({ reason: 'bad-request', message: 'no such pair' })
    expect(failureFor('rate-limited', undefined, 200, tickers)).toEqual({ reason: 'rate-limited', message: undefined })
  })

  it('about a batch of one is about that one', () => {
    expect(failureFor('not-found', 'no such pair', 400, asOne(tickers))).toMatchObject({ reason: 'not-found' })
    const two = { capability: 'tickers', params: { symbols: [symbol, 'ETH/USD'] } } as const
    expect([asOne(two), asOne(ticker)]).toEqual([two, ticker])
  })

  it('that is not known is left to the status, and a bad request where that tells no failure', () => {
    expect(failureFor(undefined, 'what?', 503, ticker)).toBeUndefined()
    expect(failureFor(undefined, 'what?', 200, ticker)).toEqual({ reason: 'bad-request', message: 'what?' })
  })
})
