import { ProviderRouter } from 'feedmux'
import { alternativeMe, binance, coindeskRss, computedIndicators, decryptRss, drift, drpc, kraken, publicnode } from 'feedmux/providers'
import { lexicon, marketMood } from 'feedmux/sentiment'
import type { World } from './world.ts'

const HEADLINES = ['Bitcoin rises as inflows reach a record', 'Exchange hacked, users urged to withdraw']

/** One thing that is made of other data, and what came of it. */
export interface Insight {
  readonly name: string
  /** What was found, or why nothing was. */
  readonly text: string
  readonly ok: boolean
}

/** News, moods, gas, indicators and a forecast out of the same simulated world, while one feed answers with a web page and one node is over its limit. */
export async function insights(world: World): Promise<Insight[]> {
  const at = (id: string): { hosts: string[] } => ({ hosts: world.hosts(id) })
  const router = new ProviderRouter({
    providers: [
      coindeskRss(at('coindesk-rss')),
      decryptRss(at('decrypt-rss')),
      publicnode(at('publicnode')),
      drpc(at('drpc')),
      binance(at('binance')),
      kraken(at('kraken')),
      alternativeMe(at('alternative-me')),
      lexicon(),
      computedIndicators(),
      drift(),
    ],
  })
  await world.setFault('decrypt-rss', { kind: 'lie' })
  await world.setFault('publicnode', { kind: 'rate-limited', retryAfterS: 60 })
  try {
    return await Promise.all([
      insight('news', async () => {
        const { data, attempts } = await router.request('news', { limit: 5 })
        const failed = attempts.flatMap(({ outcome, provider, reason }) => (outcome === 'failed' ? [`${provider} ${reason}`] : []))
        return `${data.length} articles, the newest: ${data[0]?.title}; left out: ${failed.join(', ')}`
      }),
      insight('sentiment', async () => {
        const { data, provider } = await router.request('textSentiment', { texts: HEADLINES })
        return `${data.map(({ label }, i) => `«${HEADLINES[i]}» ${label}`).join(', ')}, by ${provider}`
      }),
      insight('mood', async () => {
        const { score, label, parts } = await marketMood(router, { symbol: 'BTC' })
        return `BTC ${label} ${score.toFixed(2)} of ${parts.map(({ name, provider }) => `${name} (${provider})`).join(' and ')}`
      }),
      insight('gas', async () => {
        const { data, provider } = await router.request('gasPrice', { chain: 'eip155:1' })
        return `${data.standard.toFixed(2)} gwei on Ethereum, by ${provider}`
      }),
      insight('indicators', async () => {
        const { data } = await router.request('indicators', { symbol: 'BTC/USD', interval: '1h', names: ['rsi', 'sma20'] })
        return `BTC/USD ${Object.entries(data.values)
          .map(([name, value]) => `${name} ${Number(value).toFixed(1)}`)
          .join(', ')}, of candles of ${data.source}`
      }),
      insight('forecast', async () => {
        const { data } = await router.request('forecast', { symbol: 'BTC/USD', days: 7 })
        const last = data.points.at(-1)
        return `BTC/USD in 7 days ${last?.low.toFixed(0)} to ${last?.high.toFixed(0)} (${data.confidenceLevel * 100} %), ${data.method}`
      }),
    ])
  } finally {
    await world.setFault('decrypt-rss', undefined)
    await world.setFault('publicnode', undefined)
    await router.close()
  }
}

async function insight(name: string, find: () => Promise<string>): Promise<Insight> {
  try {
    return { name, text: await find(), ok: true }
  } catch (error) {
    return { name, text: error instanceof Error ? error.message : String(error), ok: false }
  }
}
