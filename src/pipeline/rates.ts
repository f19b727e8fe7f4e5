import type { Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { passOver, type Asking } from './agree.js'
import type { Vote } from './agreement.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import type { Question } from './question.js'

/** A price of one kind of dollar in another, and who gave it. */
interface Rate {
  readonly symbol: string
  readonly price: number
  readonly provider: string
  readonly at: number
}

/** How long a rate between two kinds of dollar is used. */
const RATE_MS = 60_000
/** A dollar that is this far from another is none. */
const DEPEG = 0.005

/** Live prices of USDT and its like, so that a dollar price and a USDT price can be compared. */
export class Rates {
  readonly #known = new Map<string, Rate>()

  /** Votes in the unit that was asked for; where all answered in one other, in that. Those that can't be converted, or only by a dollar that lost its peg, have none. */
  async inOneUnit(answers: readonly Answer[], { info, params, capability }: Question, budget: Budget, asking: Asking): Promise<Vote[]> {
    const quotes = new Set(answers.map(({ data }) => (data as Ticker).quote))
    const { symbol } = params as { symbol?: string }
    const unit = symbol === undefined || quotes.size <= 1 ? [...quotes][0] : pairOf(symbol).quote
    const votes: Vote[] = []
    for (const { provider, data, asOf } of answers) {
      const value = info.value?.(data as never) ?? Number.NaN
      const { quote } = data as Ticker
      if (capability !== 'ticker' || quote === unit) {
        votes.push({ provider, value, asOf })
        continue
      }
      const rate = await this.#rate(`${quote}/${unit}`, budget, asking)
      if (rate !== undefined && Math.abs(rate.price - 1) <= DEPEG)
        votes.push({ provider, value: value * rate.price, asOf, via: { symbol: rate.symbol, price: rate.price, provider: rate.provider } })
    }
    return votes
  }

  async #rate(symbol: string, budget: Budget, asking: Asking): Promise<Rate | undefined> {
    const known = this.#known.get(symbol)
    if (known !== undefined && budget.ask.now - known.at < RATE_MS) return known
    const answer = await budget.inPart(budget.ask.forRate(symbol), asking).catch(passOver)
    if (answer === undefined) return undefined
    const rate = { symbol, price: (answer.data as Ticker).last, provider: answer.provider, at: answer.fetchedAt }
    this.#known.set(symbol, rate)
    return rate
  }
}
