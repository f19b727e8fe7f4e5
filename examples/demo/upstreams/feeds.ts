import { type Market, randomFrom } from '../market.ts'
import type { UpstreamDefinition } from '../server.ts'

const HOUR_MS = 3_600_000
const COINS = ['Bitcoin', 'Ethereum', 'Solana', 'XRP', 'Cardano'] as const
const EVENTS = [
  'rises as inflows to funds reach a record',
  'slides after an exchange reports a hack',
  'trades sideways ahead of the vote',
  'gains after upgrade goes live &amp; fees fall',
  'under pressure as liquidations mount',
] as const

/** A feed of news in RSS 2.0, as a magazine has it: tracking in its links, HTML in its summaries, one item without a link. */
function feed(id: string, path: string, shift: number): (market: Market) => UpstreamDefinition {
  return () => ({
    id,
    limits: [{ units: 10, perMs: 60_000 }],
    answer({ path: asked, now }) {
      if (asked !== path) return undefined
      const hour = Math.floor(now / HOUR_MS)
      const items = Array.from({ length: 20 }, (_, i) => item(id, hour - i * 2 - shift))
      const body = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${id}</title>${items.join('')}<item><title>No link</title></item></channel></rss>`
      return { headers: { 'content-type': 'application/rss+xml', etag: `"${hour}"` }, body }
    },
    tooMany: (retryAfterS) => ({ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: 'Too many requests' }),
    lies: [() => ({ body: '<!doctype html><html><body>Checking your browser</body></html>' })],
  })
}

function item(id: string, hour: number): string {
  const random = randomFrom(hour)
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const title = `${pick(COINS)} ${pick(EVENTS)}`
  const link = `https://${id}.example/${hour}?utm_source=rss`
  const date = new Date(hour * HOUR_MS).toUTCString()
  return `<item><title>${title}</title><link>${link}</link><guid>${id}-${hour}</guid><pubDate>${date}</pubDate><description><![CDATA[<img src="x.png"><p>${title}.</p>]]></description></item>`
}

export const coindeskRss = feed('coindesk-rss', '/arc/outboundfeeds/rss', 0)
export const decryptRss = feed('decrypt-rss', '/feed', 1)
export const cointelegraphRss = feed('cointelegraph-rss', '/rss', 2)
export const theblockRss = feed('theblock-rss', '/rss.xml', 3)
