import type { Forecast } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { minute, price } from '../format.js'
import { type CommandDefinition, DAYS_OPTION, ROUTER_OPTIONS } from '../options.js'
import { footer } from '../provenance.js'
import { forecastQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux forecast BTC/USD` */
export const forecast: CommandDefinition = {
  name: 'forecast',
  takes: '<symbol>',
  description: 'a plain statistical baseline and how wide it may miss; no advice',
  examples: ['feedmux forecast BTC/USD', 'feedmux forecast ETH/USD --days 30 -p holt'],
  options: [DAYS_OPTION, ...ROUTER_OPTIONS],
  async run(io, [symbol = ''], flags) {
    const { capability, params, label } = forecastQuestion(symbol, flags, io)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: forecastView(result, colours) }
    })
  },
}

function forecastView(result: RouterResult<Forecast>, colours: Colours): string {
  const { symbol, method, points, confidenceLevel, source } = result.data
  const rows = points.map(({ at, value, low, high }) => [minute(at).slice(0, 10), price(low), price(value), price(high)])
  const sure = `${Math.round(confidenceLevel * 100)} %`
  return [
    `${colours.bold(symbol)}  ${colours.dim(`${method}${source === undefined ? '' : `, candles of ${source}`}`)}`,
    table(['day (UTC)', `>low (${sure})`, '>middle', `>high (${sure})`], rows),
    footer(result, colours),
  ].join('\n')
}
