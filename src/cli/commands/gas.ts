import type { GasPrice } from '../../model/chain.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { orDash } from '../format.js'
import { AGREE_OPTION, type CommandDefinition, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { footer } from '../provenance.js'
import { parseCount } from '../durations.js'
import { gasQuestion } from '../questions.js'
import { table } from '../table.js'

/** `feedmux gas` */
export const gas: CommandDefinition = {
  name: 'gas',
  takes: '[chain]',
  description: 'what a transaction costs now, in gwei: Ethereum, or another EVM chain',
  examples: ['feedmux gas', 'feedmux gas base --watch', 'feedmux gas eip155:137 --agree 3'],
  options: [...ROUTER_OPTIONS, AGREE_OPTION, WATCH_OPTION],
  async run(io, [chain], flags) {
    const { capability, params, label } = gasQuestion(chain)
    const agree = flags.agree === undefined ? {} : { agree: { of: parseCount(flags.agree, '--agree', 10, 2) } }
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, { ...request, ...agree })
      return { json: result, text: gasView(result, colours) }
    })
  },
}

/** Gwei as they are said: a tenth of one matters on a rollup, not on a busy day. */
const gwei = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 4 })

function gasView(result: RouterResult<GasPrice>, colours: Colours): string {
  const { chain, slow, standard, fast, baseFee } = result.data
  const figures = [slow, standard, fast, baseFee].map((value) => orDash(value === undefined ? undefined : gwei(value)))
  const { agreement } = result
  const sources = agreement?.members.map(({ provider, value }) => colours.dim(`  ${provider} ${gwei(value)}`)) ?? []
  return [table(['chain', '>slow', '>standard', '>fast', '>base fee'], [[colours.bold(chain), ...figures]]), ...sources, footer(result, colours)].join('\n')
}
