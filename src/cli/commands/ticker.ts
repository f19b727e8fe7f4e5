import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { answer, type Report, type Session } from '../answer.js'
import type { Colours } from '../colours.js'
import { amount, orDash, percent, price } from '../format.js'
import { type CommandDefinition, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { credits, provenance } from '../provenance.js'
import { type Question, tickerQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux ticker BTC/USD ETH/USD` */
export const ticker: CommandDefinition = {
  name: 'ticker',
  takes: '<symbols...>',
  description: 'last price and the day around it',
  examples: ['feedmux ticker BTC/USD ETH/USD', 'feedmux ticker btc-usd --watch 5', 'feedmux ticker BTC/USD -p kraken --json'],
  options: [...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, symbols, flags) {
    const questions = symbols.map((symbol) => tickerQuestion(symbol, io))
    return answer(io, flags, `asking for ${symbols.length === 1 ? questions[0]?.label : `${symbols.length} tickers`}`, (session) => ask(questions, session))
  },
}

async function ask(questions: readonly Question<'ticker'>[], { router, request, colours }: Session): Promise<Report> {
  const settled = await Promise.allSettled(questions.map(({ capability, params }) => router.request(capability, params, request)))
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
  return [shown, ...credits(results, colours)].join('\n')
}
