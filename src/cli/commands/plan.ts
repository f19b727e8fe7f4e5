import type { Plan } from '../../router/plan.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { duration } from '../format.js'
import type { CliIO } from '../io.js'
import { type CommandDefinition, DEPTH_OPTION, type Flags, INTERVAL_OPTION, LIMIT_OPTION, ROUTER_OPTIONS } from '../options.js'
import { bookQuestion, candlesQuestion, fearGreedQuestion, type Question, tickerQuestion } from '../questions.js'
import { table } from '../table.js'
import { UsageError } from '../usage-error.js'

/** `feedmux plan ticker BTC/USD` */
export const plan: CommandDefinition = {
  name: 'plan',
  takes: '<command> [symbol]',
  description: 'whom a command would ask, in order, and who is passed over and why; asks nobody',
  examples: ['feedmux plan ticker BTC/USD', 'feedmux plan candles BTC/USD --interval 3m --strategy fastest'],
  options: [INTERVAL_OPTION, LIMIT_OPTION, DEPTH_OPTION, ...ROUTER_OPTIONS],
  async run(io, [command = '', symbol], flags) {
    const question = questionOf(command, symbol, flags, io)
    return answer(io, flags, '', async ({ router, colours }) => {
      const found = router.plan(question.capability, question.params)
      return { json: found, text: planView(found, question.label, colours, io.now()), failed: found.candidates.length === 0 }
    })
  },
}

function questionOf(command: string, symbol: string | undefined, flags: Flags, io: CliIO): Question<'ticker' | 'candles' | 'orderBook' | 'fearGreed'> {
  if (command === 'fear-greed') return fearGreedQuestion(flags)
  if (command !== 'ticker' && command !== 'candles' && command !== 'book')
    throw new UsageError(`no plan for '${command}': choose ticker, candles, book or fear-greed`)
  if (symbol === undefined) throw new UsageError(`plan ${command} wants a symbol: feedmux plan ${command} BTC/USD`)
  if (command === 'ticker') return tickerQuestion(symbol, io)
  return command === 'candles' ? candlesQuestion(symbol, flags, io) : bookQuestion(symbol, flags, io)
}

/** The order of providers, those passed over, and what the cache holds. `now` in Unix ms. */
function planView({ candidates, excluded, cache }: Plan, label: string, { bold, dim, yellow }: Colours, now: number): string {
  const order = candidates.map(({ provider, quotaCost, role }, place) => [
    String(place + 1),
    provider,
    String(quotaCost),
    role === 'last-resort' ? dim('last resort') : '',
  ])
  const passed = excluded.map(({ provider, reason, until }) => [
    provider,
    yellow(reason),
    until === undefined ? '' : `for ${duration(Math.max(0, until - now))}`,
  ])
  return [
    bold(label),
    order.length === 0 ? yellow('nobody can be asked') : table(['>#', 'provider', '>quota', ''], order),
    ...(passed.length === 0 ? [] : [table(['passed over', 'because', ''], passed)]),
    dim(`cache: ${cache}`),
  ].join('\n')
}
