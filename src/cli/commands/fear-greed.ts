import type { FearGreed } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { minute } from '../format.js'
import { type CommandDefinition, LIMIT_OPTION, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { footer } from '../provenance.js'
import { fearGreedQuestion } from '../questions.js'
import { table } from '../table.js'

const BAR = 20

/** `feedmux fear-greed` */
export const fearGreed: CommandDefinition = {
  name: 'fear-greed',
  description: 'the fear & greed index of the last days',
  examples: ['feedmux fear-greed', 'feedmux fear-greed --limit 30 --json'],
  options: [LIMIT_OPTION, ...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, _args, flags) {
    const { capability, params, label } = fearGreedQuestion(flags)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: fearGreedView(result, colours) }
    })
  },
}

/** A bar for each day, newest first. */
function fearGreedView(result: RouterResult<FearGreed[]>, colours: Colours): string {
  const rows = result.data.map(({ value, label, at }) => {
    const paint = value < 40 ? colours.red : value > 60 ? colours.green : colours.yellow
    const full = Math.round((value / 100) * BAR)
    return [minute(at).slice(0, 10), paint(String(value)), `${paint('█'.repeat(full))}${colours.dim('░'.repeat(BAR - full))}`, label]
  })
  return [table(['day (UTC)', '>index', '', ''], rows), footer(result, colours)].join('\n')
}
