import * as z from 'zod'
import type { RouterResult } from '../../model/result.js'
import type { Candle } from '../../model/market.js'
import { pairOf } from '../../model/symbol.js'
import { badRequest, notFound } from '../failures.js'
import { figure, iso, isoField, known, provenanceFields, rounded } from '../fields.js'
import { type Asks, ifAny, pricesOf } from '../insight/asking.js'
import { closedDays, type Days, dayOf, spanOf } from '../insight/daily.js'
import { isInDollars } from '../insight/dollars.js'
import { DISCLAIMER, marketField, spanField } from '../insight/fields.js'
import { figuresOf, simulate } from '../insight/portfolio.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'
import { watchingRoutes } from './portfolio.watching.js'

const amountField = z.number().min(1e-12).max(1e15)
const body = z.strictObject({
  holdings: z
    .array(
      z.strictObject({
        symbol: marketField,
        amount: amountField.optional().describe('units that are held'),
        weight: z.number().positive().max(100).optional().describe('percent of initial_investment, instead of an amount'),
      }),
    )
    .min(1)
    .max(20),
  initial_investment: z.number().min(1e-6).max(1e12).optional().describe('what the holdings are scaled to; without it, what the amounts were worth'),
  strategy: z.enum(['hodl', 'rebalance', 'dca']).default('hodl'),
  period_days: z.int().min(2).max(365).default(30),
})

type Body = z.output<typeof body>

/** Throws 400 for holdings whose shares are not clear. */
function checkHoldings({ holdings, initial_investment }: Body): void {
  const symbols = holdings.map(({ symbol }) => symbol)
  if (new Set(symbols).size < symbols.length) throw badRequest(`holdings: each symbol once, got ${symbols.join()}`)
  const quotes = new Set(symbols.map((symbol) => (isInDollars(symbol) ? 'USD' : pairOf(symbol).quote)))
  if (quotes.size > 1) throw badRequest(`holdings: all must be priced in the same currency to be added up, got ${[...quotes].join()}`)
  const weights = holdings.flatMap(({ weight }) => weight ?? [])
  const amounts = holdings.flatMap(({ amount }) => amount ?? [])
  if (weights.length + amounts.length !== holdings.length || (weights.length > 0 && amounts.length > 0))
    throw badRequest('holdings: either each has an amount, or each has a weight')
  if (weights.length === 0) return
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (Math.abs(sum - 100) > 0.01) throw badRequest(`holdings: the weights must add up to 100, got ${rounded(sum, 4)}`)
  if (initial_investment === undefined) throw badRequest('initial_investment is needed where holdings have weights, but it is missing')
}

/** The last days that all of them have, oldest first. */
function commonDays(days: readonly Days[]): readonly (readonly Candle[])[] {
  const [first, ...others] = days.map(({ candles }) => new Map(candles.map((candle) => [candle.openTime, candle])))
  const times = new Set([...(first?.keys() ?? [])].filter((time) => others.every((other) => other.has(time))))
  return days.map(({ candles }) => candles.filter(({ openTime }) => times.has(openTime)))
}

/** Shares of the capital by what the holdings were worth on the first day, and that worth. */
function sharesOf({ holdings, initial_investment }: Body, firstPrices: readonly number[]) {
  const worths = holdings.map(({ amount, weight }, i) => (amount === undefined ? (weight ?? 0) : amount * (firstPrices[i] ?? Number.NaN)))
  const total = worths.reduce((sum, worth) => sum + worth, 0)
  return { shares: worths.map((worth) => worth / total), capital: initial_investment ?? total }
}

/** What the amounts are worth now; null where a price is missing, or where weights were given. */
async function valuationOf(call: Asks, { holdings }: Body): Promise<{ valuation: object | null; results: readonly RouterResult<unknown>[] }> {
  if (holdings.some(({ amount }) => amount === undefined)) return { valuation: null, results: [] }
  const symbols = holdings.map(({ symbol }) => symbol)
  const prices = await ifAny(pricesOf(call, symbols))
  const rows = holdings.map(({ symbol, amount = 0 }) => {
    const price = prices?.of(symbol)?.last
    return { symbol, amount, price: known(price), value: price === undefined ? null : amount * price }
  })
  const total = rows.reduce<number | null>((sum, { value }) => (sum === null || value === null ? null : sum + value), 0)
  return { valuation: { total_value: total, holdings: rows }, results: prices?.results ?? [] }
}

const simulation = route({
  method: 'POST',
  path: '/api/portfolio/simulate',
  tag: 'Portfolio',
  kind: 'data',
  summary: 'What holdings would have come to over the last days: held, rebalanced weekly, or bought a little each day. Without fees',
  errors: [404],
  body,
  answer: z.object({
    success: z.literal(true),
    strategy: z.string(),
    period: spanField.extend({ days: z.int() }),
    initial_portfolio: z.object({
      total_value: figure,
      allocations: z.record(z.string(), z.object({ percent: figure, value: figure, price: figure })),
    }),
    simulation_results: z.object({
      final_value: figure,
      total_return: figure,
      return_percent: figure,
      annualized_return: figure,
      volatility: figure,
      max_drawdown: figure,
      sharpe_ratio: figure,
    }),
    portfolio_history: z.array(z.object({ day: z.int(), date: z.iso.date(), value: figure })),
    current_valuation: z
      .object({ total_value: figure, holdings: z.array(z.object({ symbol: z.string(), amount: z.number(), price: figure, value: figure })) })
      .nullable(),
    disclaimer: z.string(),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    checkHoldings(call.body)
    const { holdings, strategy, period_days } = call.body
    const [days, now] = await Promise.all([Promise.all(holdings.map(({ symbol }) => closedDays(call, symbol, period_days + 1))), valuationOf(call, call.body)])
    const common = commonDays(days)
    const [timeline = []] = common
    if (timeline.length < 2) throw notFound(`there are no two days that all of ${holdings.map(({ symbol }) => symbol).join()} have candles of`)
    const firstPrices = common.map((candles) => candles[0]?.close ?? Number.NaN)
    const { shares, capital } = sharesOf(call.body, firstPrices)
    const values = simulate(
      strategy,
      common.map((candles, i) => ({ share: shares[i] ?? 0, prices: candles.map(({ close }) => close) })),
      capital,
    )
    return fromRouter([...days.map(({ result }) => result), ...now.results], {
      success: true,
      strategy,
      period: { ...spanOf(timeline), days: timeline.length - 1 },
      initial_portfolio: { total_value: rounded(capital, 8), allocations: allocationsOf(holdings, shares, capital, firstPrices) },
      ...outcomeOf(values, timeline),
      current_valuation: now.valuation,
      disclaimer: DISCLAIMER,
      timestamp: iso(call.api.now()),
    })
  },
})

const allocationsOf = (holdings: Body['holdings'], shares: readonly number[], capital: number, prices: readonly number[]) =>
  Object.fromEntries(
    holdings.map(({ symbol }, i) => {
      const share = shares[i]
      const of = (whole: number): number | undefined => (share === undefined ? undefined : share * whole)
      return [symbol, { percent: rounded(of(100), 4), value: rounded(of(capital), 8), price: known(prices[i]) }]
    }),
  )

function outcomeOf(values: readonly number[], timeline: readonly Candle[]) {
  const { final, gain, returnPercent, annualizedPercent, volatilityPercent, maxDrawdownPercent, sharpe } = figuresOf(values)
  return {
    simulation_results: {
      final_value: rounded(final, 8),
      total_return: rounded(gain, 8),
      return_percent: rounded(returnPercent, 4),
      annualized_return: rounded(annualizedPercent, 4),
      volatility: rounded(volatilityPercent, 4),
      max_drawdown: rounded(maxDrawdownPercent, 4),
      sharpe_ratio: rounded(sharpe, 4),
    },
    portfolio_history: timeline.map(({ openTime }, day) => ({ day, date: dayOf(openTime), value: rounded(values[day], 8) })),
  }
}

/** Holdings, alerts and watchlists. */
export const portfolioRoutes: readonly Route[] = [simulation, ...watchingRoutes]
