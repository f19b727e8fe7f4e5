import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { answer, type Report, type Session } from '../answer.js'
import type { Colours } from '../colours.js'
import { parseCount } from '../durations.js'
import { amount, orDash, percent, price } from '../format.js'
import { AGREE_OPTION, type CommandDefinition, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { credits, provenance } from '../provenance.js'
import { type Question, tickerQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux ticker BTC/USD ETH/USD` */
export const ticker: CommandDefinition = {
  name: 'ticker',
  takes: '<symbols...>',
  description: 'last price and the day around it',
  examples: [
    'feedmux ticker BTC/USD ETH/USD',
    'feedmux ticker btc-usd --watch 5',
    'feedmux ticker BTC/USD -p kraken --json',
    'feedmux ticker BTC/USD --agree 3',
  ],
  options: [...ROUTER_OPTIONS, AGREE_OPTION, WATCH_OPTION],
  async run(io, symbols, flags) {
    const questions = symbols.map((symbol) => tickerQuestion(symbol, io))
    const agree = flags.agree === undefined ? {} : { agree: { of: parseCount(flags.agree, '--agree', 10, 2) } }
    return answer(io, flags, `asking for ${symbols.length === 1 ? questions[0]?.label : `${symbols.length} tickers`}`, (session) =>
      ask(questions, session, agree),
    )
  },
}

async function ask(questions: readonly Question<'ticker'>[], { router, request, colours }: Session, agree: { agree?: { of: number } }): Promise<Report> {
  const settled = await Promise.allSettled(questions.map(({ capability, params }) => router.request(capability, params, { ...request, ...agree })))
  const results = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  return { json: results, text: results.length === 0 ? '' : tickerView(results, colours), errors }
}

/** A line for each ticker. */
function tickerView(results: readonly RouterResult<Ticker>[], colours: Colours): string {
  const rows = results.map((result) => {
    const { symbol, last, bid, ask: asked, change24hPercent: change, volume24h, quoteVolume24h, base, quote } = result.data
    const paint = change === undefined || change === 0 ? String : change > 0 ? colours.green : colours.red
    const volume = volume24h === undefined ? quoteVolume24h && `${amount(quoteVolume24h)} ${quote}` : `${amount(volume24h)} ${base}`
    return [
      colours.bold(symbol),
      price(last),
      change === undefined ? '-' : paint(percent(change)),
      orDash(bid === undefined ? undefined : price(bid)),
      orDash(asked === undefined ? undefined : price(asked)),
      orDash(volume || undefined),
      provenance(result, colours),
    ]
  })
  const shown = table(['symbol', '>last', '>24 h', '>bid', '>ask', '>volume 24 h', 'from'], rows)
  return [shown, ...results.flatMap((result) => agreementOf(result, colours)), ...credits(results, colours)].join('\n')
}

/** Who was compared, and how far each is from the middle. */
function agreementOf({ data, agreement }: RouterResult<Ticker>, { dim, yellow }: Colours): string[] {
  if (agreement === undefined) return []
  const { members, dissent, spread, late = [] } = agreement
  const said = members.map(({ provider, value, deviation, via }) => {
    const text = `${provider} ${price(value)} (${percent(deviation * 100)}${via ? `, ${via.symbol} ${price(via.price)} of ${via.provider}` : ''})`
    return dissent.includes(provider) ? yellow(text) : text
  })
  return [
    dim(`${data.symbol}: ${members.length} sources, ${percent(spread * 100)} apart`),
    ...said.map((line) => `  ${line}`),
    ...late.map((id) => dim(`  ${id} is too old`)),
  ]
}
