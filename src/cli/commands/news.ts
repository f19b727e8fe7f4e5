import type { NewsItem } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { answer } from '../answer.js'
import type { Colours } from '../colours.js'
import { duration } from '../format.js'
import { type CommandDefinition, LIMIT_OPTION, ROUTER_OPTIONS, WATCH_OPTION } from '../options.js'
import { credits, footer } from '../provenance.js'
import { newsQuestion } from '../questions.js'

/** `feedmux news BTC` */
export const news: CommandDefinition = {
  name: 'news',
  takes: '[assets...]',
  description: 'what is written, newest first: several sources as one list',
  examples: ['feedmux news', 'feedmux news BTC ETH --limit 20', 'feedmux news -p coindesk-rss,decrypt-rss --json'],
  options: [LIMIT_OPTION, ...ROUTER_OPTIONS, WATCH_OPTION],
  async run(io, assets, flags) {
    const { capability, params, label } = newsQuestion(assets, flags)
    return answer(io, flags, `asking for ${label}`, async ({ router, request, colours }) => {
      const result = await router.request(capability, params, request)
      return { json: result, text: newsView(result, label, io.now(), colours) }
    })
  },
}

/** Two lines for each article; who gave how many, and who did not answer. */
function newsView(result: RouterResult<NewsItem[]>, label: string, now: number, colours: Colours): string {
  const { bold, dim, yellow } = colours
  const items = result.data.map(({ title, url, publisher, publishedAt }) => {
    const age = duration(Math.max(0, now - publishedAt))
    return `${bold(title)}\n  ${dim(`${publisher}, ${age} ago  ${url}`)}`
  })
  const given = (result.sources ?? []).map(({ provider, items: count }) => `${provider} ${count}`).join(', ')
  const failed = [...new Set(result.attempts.flatMap(({ outcome, provider, reason }) => (outcome === 'failed' ? [`${provider} ${reason}`] : [])))]
  return [
    ...(items.length === 0 ? [`${label}: nothing`] : items),
    given === '' ? footer(result, colours) : `${dim('from ')}${given}`,
    ...(failed.length > 0 ? [yellow(`no answer: ${failed.join(', ')}`)] : []),
    ...(given === '' ? [] : credits(result.sources ?? [], colours)),
  ].join('\n')
}
