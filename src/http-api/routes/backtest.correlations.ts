import * as z from 'zod'
import { isTold } from '../data/together.js'
import { badRequest, failureOf } from '../failures.js'
import { figure, iso, isoField, provenanceFields, rounded } from '../fields.js'
import { closedDays, type Days, returnsByDay } from '../insight/daily.js'
import { nameOfMarket } from '../insight/dollars.js'
import { marketField } from '../insight/fields.js'
import { correlation, mean } from '../insight/textbook.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const MOST = 20

interface Series {
  readonly name: string
  readonly returns: ReadonlyMap<number, number>
}

/** Of the days that both have. */
function together(a: Series, b: Series): number | undefined {
  const pairs = [...a.returns].flatMap(([day, value]) => {
    const other = b.returns.get(day)
    return other === undefined ? [] : [[value, other] as const]
  })
  return correlation(pairs)
}

interface Pair {
  readonly pair: readonly [string, string]
  readonly value: number | null
}

/** Each two of them, once. */
const pairsOf = (series: readonly Series[]): Pair[] =>
  series.flatMap((a, i) => series.slice(i + 1).map((b) => ({ pair: [a.name, b.name] as const, value: rounded(together(a, b), 4) })))

function matrixOf(names: readonly string[], pairs: readonly Pair[]): Record<string, Record<string, number | null>> {
  const valueOf = (a: string, b: string): number | null => pairs.find(({ pair }) => pair.includes(a) && pair.includes(b))?.value ?? null
  return Object.fromEntries(names.map((a) => [a, Object.fromEntries(names.map((b) => [b, a === b ? 1 : valueOf(a, b)]))]))
}

/** The word for a correlation, by the bounds of Evans (Straightforward Statistics, 1996). */
function wordOf(value: number): string {
  const size = Math.abs(value)
  const strength = size >= 0.8 ? 'very strong' : size >= 0.6 ? 'strong' : size >= 0.4 ? 'moderate' : size >= 0.2 ? 'weak' : 'very weak'
  return `${strength}, ${value < 0 ? 'against' : 'with'} each other`
}

/** By strength, whichever way: −0.9 is stronger than 0.5. */
function interpretationOf(pairs: readonly Pair[]) {
  const sorted = pairs
    .flatMap(({ pair, value }) => (value === null ? [] : [{ pair, value, meaning: wordOf(value) }]))
    .toSorted((a, b) => Math.abs(a.value) - Math.abs(b.value))
  return { strongest: sorted.at(-1) ?? null, weakest: sorted[0] ?? null, average: rounded(mean(sorted.map(({ value }) => value)), 4) }
}

/** What there is of them. Throws what is wrong with the question, and with the first of them where fewer than two are left. */
function soundOf(settled: readonly PromiseSettledResult<Days>[]): Days[] {
  const sound = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
  const strange = failed.find((error) => !isTold(error) || failureOf(error).status === 400)
  if (strange !== undefined) throw strange
  if (sound.length < 2) throw failed[0]
  return sound
}

const extreme = z.object({ pair: z.array(z.string()), value: z.number(), meaning: z.string() }).nullable()

/** How prices go together. */
export const correlations = route({
  method: 'GET',
  path: '/api/correlations',
  tag: 'Backtest',
  kind: 'data',
  summary: 'How closely prices go together: correlations of daily log returns over the days that both have',
  errors: [404],
  query: z.object({
    symbols: z.array(marketField).min(2).max(MOST).prefault(['BTC', 'ETH', 'BNB', 'SOL', 'ADA']).describe('at least two: BTC,ETH'),
    days: z.int().min(7).max(90).default(30),
  }),
  answer: z.object({
    success: z.literal(true),
    symbols: z.array(z.string()),
    days: z.int(),
    correlations: z.record(z.string(), z.record(z.string(), figure)),
    interpretation: z.object({ strongest: extreme, weakest: extreme, average: figure }),
    missing: z.array(z.string()).describe('there are no candles of these now'),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { symbols, days } = call.query
    const names = symbols.map(nameOfMarket)
    if (new Set(names).size < names.length) throw badRequest(`symbols: each asset once, got ${names.join()}`)
    // so many returns take one close more
    const sound = soundOf(await Promise.allSettled(symbols.map((symbol) => closedDays(call, symbol, days + 1))))
    const series = sound.map(({ symbol, candles }) => ({ name: nameOfMarket(symbol), returns: returnsByDay(candles) }))
    const there = series.map(({ name }) => name)
    const pairs = pairsOf(series)
    return fromRouter(
      sound.map(({ result }) => result),
      {
        success: true,
        symbols: there,
        days,
        correlations: matrixOf(there, pairs),
        interpretation: interpretationOf(pairs),
        missing: names.filter((name) => !there.includes(name)),
        timestamp: iso(call.api.now()),
      },
    )
  },
})
