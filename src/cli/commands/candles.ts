import type { Candle } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import { chart } from '../chart.js'
import type { Colours } from '../colours.js'
import { amount, minute, orDash, percent, price } from '../format.js'
import { type CommandDefinition, INTERVAL_OPTION, LIMIT_OPTION, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { footer } from '../provenance.js'
import { candlesQuestion } from '../questions.js'
import { table } from '../table.js'

const LISTED = 5

/** `feedmux candles BTC/USD --interval 1h --limit 24` */
export const candles: CommandDefinition = {
  name: 'candles',
  takes: '<symbol>',
  description: 'candles, with a small chart of the closing prices',
  examples: ['feedmux candles BTC/USD --interval 1h --limit 24', 'feedmux candles ETHUSDT -i 1d -l 90'],
  options: [INTERVAL_OPTION, LIMIT_OPTION, ...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, [symbol = ''], flags) {
    const { capability, params, label } = candlesQuestion(symbol, flags, io)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours, columns }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: candlesView(result, `${params.symbol} ${params.interval}`, colours, columns) }
    })
  },
}

/** The chart, the newest candles, and where they are from. */
function candlesView(result: RouterResult<Candle[]>, title: string, colours: Colours, columns?: number): string {
  const { data } = result
  const first = data[0]
  const last = data.at(-1)
  if (first === undefined || last === undefined) return `${title}: no candles\n${footer(result, colours)}`
  const change = (last.close / first.open - 1) * 100
  const paint = change >= 0 ? colours.green : colours.red
  const closes = data.map(({ close }) => close)
  const rows = data
    .slice(-LISTED)
    .map(({ openTime, open, high, low, close, volume, closed }) => [
      `${minute(openTime)}${closed === false ? colours.dim(' running') : ''}`,
      ...[open, high, low, close].map(price),
      orDash(volume === undefined ? undefined : amount(volume)),
    ])
  return [
    `${colours.bold(title)}  ${price(last.close)}  ${paint(percent(change))}${colours.dim(` over ${data.length} candles`)}`,
    paint(chart(closes, columns)),
    table(['opened (UTC)', '>open', '>high', '>low', '>close', '>volume'], rows),
    footer(result, colours),
  ]
    .filter((part) => part !== '')
    .join('\n')
}
