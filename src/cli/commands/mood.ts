import { type MarketMood, marketMood } from '../../sentiment/market-mood.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { minute, orDash, signed } from '../format.js'
import { type CommandDefinition, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { assetOf } from '../questions.js'
import { table } from '../table.js'
import { paintOf } from './sentiment.js'

/** `feedmux mood BTC` */
export const mood: CommandDefinition = {
  name: 'mood',
  takes: '<asset>',
  description: 'news and fear & greed as one figure from -1 to 1, with its parts',
  examples: ['feedmux mood BTC', 'feedmux mood ETH --json'],
  options: [...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, [asset = ''], flags) {
    const symbol = assetOf(asset)
    return answer(io, flags, `asking for the mood about ${symbol}`, async ({ router, request: { signal }, colours }) => {
      const found = await marketMood(router, { symbol, signal })
      return { json: found, text: moodView(found, colours) }
    })
  },
}

/** The figure, and what it is made of. */
function moodView({ symbol, score, label, parts, missing }: MarketMood, colours: Colours): string {
  const rows = parts.map(({ name, value, weight, n, provider, engine, asOf }) => [
    name,
    signed(value),
    `${Math.round(weight * 100)} %`,
    String(n),
    provider,
    orDash(engine),
    minute(asOf),
  ])
  return [
    `${colours.bold(symbol)}  ${paintOf(label, colours)(`${label} ${signed(score)}`)}`,
    table(['part', '>value', '>weight', '>n', 'from', 'read by', 'of (UTC)'], rows),
    ...missing.map(({ name, reason }) => colours.yellow(`${name} is missing: ${reason.replace(/:$/, '')}`)),
  ].join('\n')
}
