import * as z from 'zod'
import { opensAt } from '../../model/interval.js'
import { badRequest, notFound } from '../failures.js'
import { figure, iso, isoField, provenanceFields, rounded } from '../fields.js'
import { backtest, type RoundTrip } from '../insight/backtest.js'
import { closedDays, DAY_MS, spanOf } from '../insight/daily.js'
import { DISCLAIMER, marketField, spanField } from '../insight/fields.js'
import { STRATEGIES, type StrategyName, type TradingStrategy } from '../insight/strategies.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'
import { correlations } from './backtest.correlations.js'

/** Exchanges give a thousand candles at once; those before the start are among them. */
const [MOST_DAYS, MOST_CANDLES] = [730, 1_000]
const MOST_SHOWN = 20
/** The first block of Bitcoin: nothing was traded before. */
const EARLIEST = '2009-01-03'

const periodNumber = z.int().min(2).max(200).optional()
const bound = z.number().min(0).max(100).optional()
const params = z.strictObject({
  fast_period: periodNumber.describe('sma_cross (20), macd_signal (12)'),
  slow_period: periodNumber.describe('sma_cross (50), macd_signal (26)'),
  signal_period: periodNumber.describe('macd_signal (9)'),
  period: periodNumber.describe('rsi_oversold (14)'),
  oversold: bound.describe('rsi_oversold (30)'),
  overbought: bound.describe('rsi_oversold (70)'),
  fee_percent: z.number().min(0).max(10).optional().describe('of each entry and each exit (0)'),
})
const dayField = z.iso.date('a day like 2026-01-31 expected')
const body = z.strictObject({
  symbol: marketField,
  strategy: z.enum(Object.keys(STRATEGIES) as [StrategyName, ...StrategyName[]]),
  start_date: dayField,
  end_date: dayField,
  initial_capital: z.number().min(1e-6).max(1e12).default(10_000),
  params: params.optional(),
})

type Params = Readonly<Record<string, number>>

/** The strategy's numbers, the caller's before the usual ones. */
function paramsOf(name: StrategyName, { params: usual, fault }: TradingStrategy, given: z.output<typeof params> = {}): { params: Params; feePercent: number } {
  const { fee_percent: feePercent = 0, ...numbers } = given
  for (const key of Object.keys(numbers))
    if (!Object.hasOwn(usual, key)) throw badRequest(`params.${key} is none of ${name}: it takes ${Object.keys(usual).join(', ')}, fee_percent`)
  const own = Object.fromEntries(Object.entries(numbers).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
  const merged = { ...usual, ...own }
  const wrong = fault(merged)
  if (wrong !== undefined) throw badRequest(wrong)
  return { params: merged, feePercent }
}

/** First and last day, Unix ms. Throws 400 for days that can't be tested. */
function periodOf(start_date: string, end_date: string, now: number): { start: number; end: number; days: number } {
  const [start, end] = [Date.parse(start_date), Date.parse(end_date)]
  const days = (end - start) / DAY_MS + 1
  if (start >= end) throw badRequest(`start_date must be before end_date, got ${start_date} and ${end_date}`)
  if (end >= opensAt(now, '1d')) throw badRequest(`end_date must be a day that is over (UTC), got ${end_date}`)
  if (days > MOST_DAYS) throw badRequest(`at most ${MOST_DAYS} days can be tested at once, ${start_date} to ${end_date} are ${days}`)
  if (start < Date.parse(EARLIEST)) throw badRequest(`start_date must be ${EARLIEST} or later, got ${start_date}`)
  return { start, end, days }
}

/** A finished trade as pages show it. */
const tradeRow = ({ enteredAt, entryPrice, leftAt, exitPrice, amount, profit, profitPercent }: RoundTrip) => ({
  entry_date: iso(enteredAt),
  entry_price: entryPrice,
  exit_date: iso(leftAt),
  exit_price: exitPrice,
  amount,
  profit: rounded(profit, 8),
  profit_percent: rounded(profitPercent, 4),
})

function tradesOf(trades: readonly RoundTrip[]) {
  const winning = trades.filter(({ profit }) => profit > 0).length
  const losing = trades.filter(({ profit }) => profit < 0).length
  return { total: trades.length, winning, losing, win_rate: trades.length === 0 ? null : rounded((100 * winning) / trades.length) }
}

const run = route({
  method: 'POST',
  path: '/api/backtest',
  tag: 'Backtest',
  kind: 'data',
  summary: 'What a strategy would have made of past daily candles: a signal at a close is followed at the next open, long or out, all in',
  errors: [404],
  body,
  answer: z.object({
    success: z.literal(true),
    strategy: z.string(),
    symbol: z.string(),
    params: z.record(z.string(), z.number()),
    period: spanField.extend({ days: z.int() }),
    initial_capital: z.number(),
    final_capital: figure,
    total_return: figure,
    return_percent: figure,
    buy_and_hold_percent: figure,
    max_drawdown_percent: figure,
    open_position: z.boolean(),
    trades: z.object({ total: z.int(), winning: z.int(), losing: z.int(), win_rate: figure }),
    trade_history: z.array(
      z.object({
        entry_date: isoField,
        entry_price: z.number(),
        exit_date: isoField,
        exit_price: z.number(),
        amount: z.number(),
        profit: figure,
        profit_percent: figure,
      }),
    ),
    disclaimer: z.string(),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol, strategy: name, start_date, end_date, initial_capital: capital, params: given } = call.body
    const strategy: TradingStrategy = STRATEGIES[name]
    const { params: numbers, feePercent } = paramsOf(name, strategy, given)
    const { start, end, days } = periodOf(start_date, end_date, call.api.now())
    const warmUp = Math.min(strategy.warmUp(numbers), MOST_CANDLES - days)
    const seen = await closedDays(call, symbol, days + warmUp, start - warmUp * DAY_MS)
    const all = seen.candles.filter(({ openTime }) => openTime <= end)
    const from = all.findIndex(({ openTime }) => openTime >= start)
    const tested = from === -1 ? [] : all.slice(from)
    if (tested.length < 2) throw notFound(`there are no candles of ${symbol} from ${start_date} to ${end_date}`)
    const closes = all.map(({ close }) => close)
    const outcome = backtest(tested, strategy.signals(closes, numbers).slice(from), { capital, feePercent })
    const [first, last] = [tested[0], tested.at(-1)]
    return fromRouter(seen.result, {
      success: true,
      strategy: name,
      symbol,
      params: { ...numbers, fee_percent: feePercent },
      period: { ...spanOf(tested), days: tested.length },
      initial_capital: capital,
      final_capital: rounded(outcome.finalCapital, 8),
      total_return: rounded(outcome.finalCapital - capital, 8),
      return_percent: rounded(100 * (outcome.finalCapital / capital - 1), 4),
      buy_and_hold_percent: first && last ? rounded(100 * (last.close / first.open - 1), 4) : null,
      max_drawdown_percent: rounded(outcome.maxDrawdown, 4),
      open_position: outcome.isHolding,
      trades: tradesOf(outcome.trades),
      trade_history: outcome.trades.slice(-MOST_SHOWN).map(tradeRow),
      disclaimer: DISCLAIMER,
      timestamp: iso(call.api.now()),
    })
  },
})

/** What would have been. */
export const backtestRoutes: readonly Route[] = [run, correlations]
