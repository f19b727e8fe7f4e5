import type { HealthReport } from '../../router/probes.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { duration } from '../format.js'
import { type CommandDefinition, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { table } from '../table.js'

/** `feedmux health` */
export const health: CommandDefinition = {
  name: 'health',
  takes: '[ids...]',
  description: 'asks each provider one small question; fails if one of them is not well',
  examples: ['feedmux health', 'feedmux health kraken binance --json'],
  options: [...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, ids, flags) {
    const chosen = { ...flags, provider: [...ids, ...(flags.provider ?? [])] }
    return answer(io, chosen, 'asking every provider', async ({ router, colours }) => {
      const reports = await router.checkHealth()
      return { json: reports, text: healthView(reports, colours), failed: reports.some(({ healthy }) => healthy === false) }
    })
  },
}

/** A line for each provider; whose health nobody knows is neither well nor ill. */
function healthView(reports: readonly HealthReport[], { bold, dim, green, red }: Colours): string {
  const rows = reports.map(({ provider, healthy, latencyMs, reason }) => [
    bold(provider),
    healthy === undefined ? dim('unknown') : healthy ? green('well') : red('ill'),
    latencyMs === undefined ? '-' : duration(latencyMs),
    reason ?? '',
  ])
  return table(['provider', 'health', '>took', ''], rows)
}
