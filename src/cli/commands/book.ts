import type { OrderBook } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { price } from '../format.js'
import { type CommandDefinition, DEPTH_OPTION, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { footer } from '../provenance.js'
import { bookQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux book BTC/USD` */
export const book: CommandDefinition = {
  name: 'book',
  takes: '<symbol>',
  description: 'open orders, best first',
  examples: ['feedmux book BTC/USD --depth 5', 'feedmux book ETH/USDT --watch 2'],
  options: [DEPTH_OPTION, ...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, [symbol = ''], flags) {
    const { capability, params, label } = bookQuestion(symbol, flags, io)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: bookView(result, params.depth ?? result.data.bids.length, colours) }
    })
  },
}

const size = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 })

/** Bids to the left, asks to the right, and the gap between. */
function bookView(result: RouterResult<OrderBook>, depth: number, colours: Colours): string {
  const { symbol, bids, asks } = result.data
  const lines = Array.from({ length: Math.min(depth, Math.max(bids.length, asks.length)) }, (_, row) => {
    const [bid, asked] = [bids[row], asks[row]]
    return [bid ? size(bid[1]) : '', bid ? colours.green(price(bid[0])) : '', asked ? colours.red(price(asked[0])) : '', asked ? size(asked[1]) : '']
  })
  const [best, cheapest] = [bids[0]?.[0], asks[0]?.[0]]
  const spread = best === undefined || cheapest === undefined ? '' : `  spread ${price(cheapest - best)} (${((cheapest / best - 1) * 100).toFixed(3)} %)`
  return [`${colours.bold(symbol)}${spread}`, table(['>amount', '>bid', '>ask', '>amount'], lines), footer(result, colours)].join('\n')
}
