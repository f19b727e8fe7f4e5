import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backtest } from '../../src/http-api/insight/backtest.js'
import { type Signal, STRATEGIES, type StrategyName } from '../../src/http-api/insight/strategies.js'
import type { Candle } from '../../src/model/market.js'
import { candlesOf } from '../support/candle-series.js'
import { DAY, exchange, NOW, provider, served } from './insight/served.js'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const before = (days: number): string => day(NOW - days * DAY)

/** Down for so long, then up, then down again. */
const hill = [
  ...Array.from({ length: 60 }, (_, i) => 200 - i),
  ...Array.from({ length: 60 }, (_, i) => 141 + 2 * i),
  ...Array.from({ length: 60 }, (_, i) => 259 - 3 * i),
]
const terms = { start_date: before(120), end_date: before(1) }

describe('POST /api/backtest', () => {
  it.each(['sma_cross', 'macd_signal'])('follows %s at the open after the signal, and counts the round trip', async (strategy) => {
    const { ask } = served([exchange({ 'BTC/USD': hill })])
    const { body } = await ask('/api/backtest', { symbol: 'BTC', strategy, ...terms, initial_capital: 1_000, params: { fast_period: 5, slow_period: 10 } })
    const [trade] = body['trade_history'] as {
      entry_date: string
      entry_price: number
      exit_date: string
      exit_price: number
      profit: number
      amount: number
    }[]
    const candles = candlesOf(hill, NOW, '1d')
    const numbers = { ...STRATEGIES[strategy as StrategyName].params, fast_period: 5, slow_period: 10 }
    const signals = STRATEGIES[strategy as StrategyName].signals(hill, numbers)
    const [entered, left] = [signals.indexOf('enter', 60), signals.indexOf('leave', 100)]
    expect(trade).toMatchObject({
      entry_date: new Date(candles[entered + 1]?.openTime ?? 0).toISOString(),
      entry_price: candles[entered + 1]?.open,
      exit_date: new Date(candles[left + 1]?.openTime ?? 0).toISOString(),
      exit_price: candles[left + 1]?.open,
    })
    expect(body).toMatchObject({
      strategy,
      symbol: 'BTC/USD',
      period: { start: before(120), end: before(1), days: 120 },
      initial_capital: 1_000,
      trades: { total: 1, winning: 1, losing: 0, win_rate: 100 },
      open_position: false,
      final_capital: expect.closeTo(1_000 * ((trade?.exit_price ?? 0) / (trade?.entry_price ?? 1)), 6) as number,
      buy_and_hold_percent: expect.closeTo(100 * ((hill.at(-1) ?? 0) / (candles[60]?.open ?? 1) - 1), 3) as number,
    })
    expect((body['final_capital'] as number) - 1_000).toBeCloseTo(body['total_return'] as number, 6)
  })

  it('enters by rsi_oversold after a fall and leaves after a rise', async () => {
    const { body } = await served([exchange({ 'BTC/USD': hill })]).ask('/api/backtest', { symbol: 'bitcoin', strategy: 'rsi_oversold', ...terms })
    expect(body).toMatchObject({
      initial_capital: 10_000,
      trades: { total: 1, winning: 1 },
      params: { period: 14, oversold: 30, overbought: 70, fee_percent: 0 },
    })
  })

  it('takes fees off each entry and each exit', async () => {
    const { ask } = served([exchange({ 'BTC/USD': hill })])
    const asked = { symbol: 'BTC', strategy: 'rsi_oversold', ...terms }
    const free = (await ask('/api/backtest', asked)).body
    const dear = (await ask('/api/backtest', { ...asked, params: { fee_percent: 1 } })).body
    const exits = 2 * (free['trades'] as { total: number }).total + (free['open_position'] === true ? 1 : 0)
    expect(dear['final_capital']).toBeCloseTo((free['final_capital'] as number) * 0.99 ** exits, 4)
  })

  it('sees the days before the start for its averages, and trades on none of them', async () => {
    const candles = exchange({ 'BTC/USD': hill })
    const { body } = await served([candles]).ask('/api/backtest', {
      symbol: 'BTC',
      strategy: 'sma_cross',
      ...terms,
      params: { fast_period: 5, slow_period: 10 },
    })
    expect(candles.asked[0]?.params).toMatchObject({ interval: '1d', since: NOW - 131 * DAY, limit: 131 })
    for (const { entry_date } of body['trade_history'] as { entry_date: string }[]) expect(Date.parse(entry_date)).toBeGreaterThanOrEqual(NOW - 120 * DAY)
  })

  it.each([
    [{ start_date: before(1), end_date: before(5) }, /start_date must be before end_date/],
    [{ start_date: before(5), end_date: before(5) }, /start_date must be before end_date/],
    [{ end_date: day(NOW) }, /end_date must be a day that is over/],
    [{ start_date: '2026-02-30' }, /start_date: a day like/],
    [{ start_date: '01/02/2026' }, /start_date: a day like/],
    [{ start_date: '2001-01-01' }, /at most 730 days/],
    [{ start_date: '1900-02-20', end_date: '1900-10-01' }, /^start_date must be 2009-01-03 or later, got 1900-02-20$/],
    [{ strategy: 'magic' }, /strategy/],
    [{ initial_capital: 0 }, /initial_capital/],
    [{ initial_capital: '1000' }, /initial_capital/],
    [{ params: { oversold: 20 } }, /params\.oversold is none of sma_cross: it takes fast_period, slow_period, fee_percent/],
    [{ params: { fast_period: 50, slow_period: 20 } }, /fast_period must be less than params\.slow_period, got 50 and 20/],
    [{ params: { fee_percent: 11 } }, /fee_percent/],
    [{ leverage: 5 }, /leverage/],
  ])('refuses %j', async (wrong, message) => {
    const { status, body } = await served([exchange({ 'BTC/USD': hill })]).ask('/api/backtest', { symbol: 'BTC', strategy: 'sma_cross', ...terms, ...wrong })
    expect([status, body['error']]).toEqual([400, expect.stringMatching(message)])
  })

  it('is 404 where there is no data, 503 where nobody has candles', async () => {
    const asked = { symbol: 'BTC', strategy: 'sma_cross', ...terms }
    expect((await served([exchange({ 'BTC/USD': hill })]).ask('/api/backtest', { ...asked, symbol: 'NOSUCH' })).status).toBe(404)
    const late = served([exchange({ 'BTC/USD': hill.slice(0, 20) })])
    expect(await late.ask('/api/backtest', { ...asked, start_date: before(90), end_date: before(60) })).toMatchObject({
      status: 404,
      body: { error: `there are no candles of BTC/USD from ${before(90)} to ${before(60)}` },
    })
    expect((await served([provider('index', 'fearGreed', () => [])]).ask('/api/backtest', asked)).status).toBe(503)
  })
})

const prices = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 12, maxLength: 60 })
const names = fc.constantFrom<StrategyName>('sma_cross', 'rsi_oversold', 'macd_signal')
/** Short numbers, so that short series have signals. */
const SHORT = {
  sma_cross: { fast_period: 2, slow_period: 4 },
  rsi_oversold: { period: 2, oversold: 40, overbought: 60 },
  macd_signal: { fast_period: 2, slow_period: 4, signal_period: 2 },
} as const
const signalsOf = (name: StrategyName, closes: readonly number[]): readonly Signal[] => STRATEGIES[name].signals(closes, SHORT[name])
const days = (closes: readonly number[]): Candle[] => candlesOf(closes, NOW, '1d')

describe('whatever the prices, a backtest', () => {
  it('knows nothing of what comes later: cut off, it has done the same', () => {
    fc.assert(
      fc.property(prices, names, fc.nat(), (closes, name, draw) => {
        const cut = 2 + (draw % (closes.length - 2))
        expect(signalsOf(name, closes).slice(0, cut)).toEqual(signalsOf(name, closes.slice(0, cut)))
        const [whole, part] = [closes, closes.slice(0, cut)].map((known) =>
          backtest(days(closes).slice(0, known.length), signalsOf(name, known), { capital: 1, feePercent: 0 }),
        )
        expect(whole?.trades.slice(0, part?.trades.length)).toEqual(part?.trades)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps its capital together: what it ends with is what its trades made of it', () => {
    fc.assert(
      fc.property(prices, names, fc.double({ min: 0, max: 5, noNaN: true }), (closes, name, feePercent) => {
        const candles = days(closes)
        // whatever is held is given away at the last open
        const signals = signalsOf(name, closes).with(closes.length - 2, 'leave')
        const { trades, finalCapital, isHolding, maxDrawdown } = backtest(candles, signals, { capital: 500, feePercent })
        const kept = (1 - feePercent / 100) ** 2
        const made = trades.reduce((capital, { entryPrice, exitPrice }) => (capital * kept * exitPrice) / entryPrice, 500)
        const foresight = candles.reduce((best, { open, close }) => best * Math.max(1, close / open), 500)
        expect(isHolding).toBe(false)
        expect(finalCapital / made).toBeCloseTo(1, 9)
        expect(finalCapital).toBeGreaterThan(0)
        expect(finalCapital).toBeLessThanOrEqual(foresight * (1 + 1e-9))
        expect(maxDrawdown >= 0 && maxDrawdown <= 100).toBe(true)
        const free = backtest(candles, signals, { capital: 500, feePercent: 0 })
        expect(finalCapital).toBeLessThanOrEqual(free.finalCapital * (1 + 1e-9))
      }),
      { numRuns: 60 },
    )
  })

  it('trades at the open after a signal, not at the close that it was seen at, nor at the open before', () => {
    const rows = [10, 20, 30, 40].map((open, i) => ({ openTime: i * DAY, open, high: 99, low: 1, close: open + 5 }))
    const { trades, finalCapital } = backtest(rows, ['enter', undefined, 'leave', 'enter'], { capital: 100, feePercent: 0 })
    expect(trades).toMatchObject([{ enteredAt: DAY, entryPrice: 20, leftAt: 3 * DAY, exitPrice: 40, amount: 5, profit: 100, profitPercent: 100 }])
    expect(finalCapital).toBe(200)
  })

  it('that enters once and stays is holding, from the next open on', () => {
    fc.assert(
      fc.property(prices, (closes) => {
        const candles = days(closes)
        const { finalCapital, isHolding, trades } = backtest(candles, ['enter'], { capital: 1, feePercent: 0 })
        expect([isHolding, trades]).toEqual([true, []])
        expect(finalCapital / ((closes.at(-1) ?? 0) / (candles[1]?.open ?? 1))).toBeCloseTo(1, 9)
      }),
      { numRuns: 40 },
    )
  })

  it('of a price that never moves does nothing', () => {
    for (const name of ['sma_cross', 'rsi_oversold', 'macd_signal'] as const)
      expect(
        signalsOf(
          name,
          Array.from({ length: 50 }, () => 0.1),
        ),
      ).toEqual(Array.from({ length: 50 }))
  })
})

describe('/api/correlations', () => {
  const steps = Array.from({ length: 40 }, (_, i) => Math.sin(i * i))
  const walk = (factor: number): number[] => {
    let log = 0
    return steps.map((step) => 100 * Math.exp((log += (factor * step) / 10)))
  }

  it('is 1 for prices that move alike in any proportion, −1 for those that move against each other', async () => {
    const { ask } = served([exchange({ 'BTC/USD': walk(1), 'ETH/USD': walk(0.5), 'SOL/USD': walk(-2) })])
    const { body } = await ask('/api/correlations?symbols=btc,ethereum,SOL&days=30')
    expect(body).toMatchObject({
      symbols: ['BTC', 'ETH', 'SOL'],
      days: 30,
      missing: [],
      correlations: { BTC: { BTC: 1, ETH: 1, SOL: -1 }, ETH: { BTC: 1, SOL: -1 }, SOL: { ETH: -1 } },
    })
  })

  it('calls that the strongest which is furthest from 0, and the weakest what is nearest, whichever way they go', async () => {
    const noise = (i: number): number => 100 + 10 * Math.cos(7 * i)
    const { body } = await served([exchange({ 'BTC/USD': walk(1), 'ETH/USD': walk(-1), 'SOL/USD': walk(1).map((_, i) => noise(i)) })]).ask(
      '/api/correlations?symbols=BTC,ETH,SOL&days=30',
    )
    const pairs = body['correlations'] as Record<string, Record<string, number>>
    expect(Math.abs(pairs['BTC']?.['SOL'] ?? 1)).toBeLessThan(0.5)
    expect(body['interpretation']).toMatchObject({
      strongest: { pair: ['BTC', 'ETH'], value: -1, meaning: 'very strong, against each other' },
      weakest: { pair: expect.arrayContaining(['SOL']) as string[] },
    })
  })

  it('refuses a symbol of several assets instead of leaving it out', async () => {
    const { status, body } = await served([exchange({ 'BTC/USD': walk(1), 'ETH/USD': walk(0.5) })]).ask('/api/correlations?symbols=BTC,ETH,GMT')
    expect([status, body['error']]).toEqual([400, expect.stringContaining('GMT')])
  })

  it('takes pairs as they are written anywhere', async () => {
    const { ask } = served([exchange({ 'BTC/USD': walk(1), 'ETH/USDT': walk(0.5) })])
    expect((await ask('/api/correlations?symbols=BTC/USD,ETHUSDT')).body).toMatchObject({ symbols: ['BTC', 'ETH'] })
    const { body } = await served([exchange({ 'BTC/USD': walk(1), 'ETH/BTC': walk(0.5) })]).ask('/api/correlations?symbols=BTC,ETH-BTC')
    expect(body['correlations']).toMatchObject({ BTC: { 'ETH/BTC': 1 } })
  })

  it('holds the same days against each other, where one of them ends earlier or lacks a day', async () => {
    const all = candlesOf(walk(1), NOW, '1d')
    const other = candlesOf(walk(1), NOW, '1d').filter((_, i) => i !== 20 && i < 35)
    const candles = provider('exchange', 'candles', ({ symbol, limit = 100 }) => (symbol === 'BTC/USD' ? all : other).slice(-limit))
    expect((await served([candles]).ask('/api/correlations?symbols=BTC,ETH&days=30')).body).toMatchObject({ correlations: { BTC: { ETH: 1 } } })
  })

  it('names what nobody has, and is an error where fewer than two are left', async () => {
    const { ask } = served([exchange({ 'BTC/USD': walk(1), 'ETH/USD': walk(2) })])
    expect((await ask('/api/correlations?symbols=BTC,NOSUCH,ETH')).body).toMatchObject({ symbols: ['BTC', 'ETH'], missing: ['NOSUCH'] })
    expect((await ask('/api/correlations?symbols=BTC,NOSUCH')).status).toBe(404)
  })

  it('gives null for a price that stands still', async () => {
    const { ask } = served([exchange({ 'BTC/USD': walk(1), 'USDT/USD': walk(0) })])
    expect((await ask('/api/correlations?symbols=BTC,USDT')).body).toMatchObject({
      correlations: { BTC: { USDT: null } },
      interpretation: { strongest: null, weakest: null, average: null },
    })
  })

  it.each(['symbols=BTC', 'symbols=BTC,BTC-USD', 'symbols=', 'days=6', 'days=91', 'symbols=BTC,E@H'])('refuses %s', async (query) => {
    expect((await served([exchange({ 'BTC/USD': walk(1) })]).ask(`/api/correlations?${query}`)).status).toBe(400)
  })
})
