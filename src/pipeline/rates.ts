import type { Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { type Asking, passOver } from './agree.js'
import type { Vote } from './agreement.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import { type Question, valueOf } from './question.js'

/** A price of one kind of dollar in another, and who gave it; nothing where nobody could. */
interface Rate {
  readonly symbol: string
  readonly price: number | undefined
  readonly provider: string
  readonly at: number
}

/** How long a rate between two kinds of dollar is used … */
const RATE_MS = 60_000
/** … and how long nobody is asked again when nobody knew it. */
const NO_RATE_MS = 5_000
/** A dollar that is this far from another is none. */
const DEPEG = 0.005

/** Live prices of USDT and its like, so that a dollar price and a USDT price can be compared. */
export class Rates {
  // as many as there are pairs of dollars
  readonly #known = new Map<string, Rate>()

  /** Votes in the unit that was asked for; where all answered in one other, in that. Those that can't be converted, or only by a dollar that lost its peg, have none. */
  async inOneUnit(answers: readonly Answer[], question: Question, budget: Budget, asking: Asking): Promise<Vote[]> {
    const quotes = new Set(answers.map(({ data }) => (data as Ticker).quote))
    const { symbol } = question.params as { symbol?: string }
    const unit = symbol === undefined || quotes.size <= 1 ? [...quotes][0] : pairOf(symbol).quote
    const votes: Vote[] = []
    for (const answer of answers) {
      const { provider, asOf } = answer
      const value = valueOf(question, answer)
      const { quote } = answer.data as Ticker
      const rate = question.capability !== 'ticker' || quote === unit ? undefined : await this.#rate(`${quote}/${unit}`, budget, asking)
      if (value === undefined) continue
      if (rate === undefined) votes.push({ provider, value, asOf })
      else if (rate.price !== undefined && Math.abs(rate.price - 1) <= DEPEG)
        votes.push({ provider, value: value * rate.price, asOf, via: { symbol: rate.symbol, price: rate.price, provider: rate.provider } })
    }
    return votes
  }

  async #rate(symbol: string, budget: Budget, asking: Asking): Promise<Rate> {
    const known = this.#known.get(symbol)
    if (known !== undefined && budget.ask.now - known.at < (known.price === undefined ? NO_RATE_MS : RATE_MS)) return known
    const answer = await budget.inPart(budget.ask.forRate(symbol), asking, { mayWait: false }).catch(passOver)
    const rate = { symbol, price: (answer?.data as Ticker | undefined)?.last, provider: answer?.provider ?? '', at: answer?.fetchedAt ?? budget.ask.now }
    this.#known.set(symbol, rate)
    return rate
  }
}
