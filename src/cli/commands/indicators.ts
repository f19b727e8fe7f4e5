import type { Indicators } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { minute, price } from '../format.js'
import { type CommandDefinition, DAILY_INTERVAL_OPTION, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { footer } from '../provenance.js'
import { indicatorsQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux indicators BTC/USD` */
export const indicators: CommandDefinition = {
  name: 'indicators',
  takes: '<symbol> [names...]',
  description: 'RSI, MACD, Bollinger bands and others, computed from candles',
  examples: ['feedmux indicators BTC/USD', 'feedmux indicators ETH/USD rsi macd --interval 4h', 'feedmux indicators BTC/USD sma:100 --json'],
  options: [DAILY_INTERVAL_OPTION, ...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, [symbol = '', ...names], flags) {
    const { capability, params, label } = indicatorsQuestion(symbol, names, flags, io)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: indicatorsView(result, params.names, colours) }
    })
  },
}

/** A line for each figure, and what there were too few candles for. */
function indicatorsView(result: RouterResult<Indicators>, asked: readonly string[], colours: Colours): string {
  const { symbol, interval, asOf, values, source } = result.data
  const rows = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number'
      ? price(value)
      : Object.entries(value)
          .map(([part, figure]) => `${colours.dim(part)} ${price(figure)}`)
          .join('  '),
  ])
  const lacking = asked.filter((name) => values[name] === undefined)
  return [
    `${colours.bold(`${symbol} ${interval}`)}  ${colours.dim(`as of ${minute(asOf)} UTC${source === undefined ? '' : `, candles of ${source}`}`)}`,
    table(['', ''], rows),
    ...(lacking.length > 0 ? [colours.yellow(`too few candles for ${lacking.join(', ')}`)] : []),
    footer(result, colours),
  ].join('\n')
}
