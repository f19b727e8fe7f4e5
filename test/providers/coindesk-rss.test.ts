import { describe, it } from 'vitest'
import { coindeskRss } from '../../src/providers/coindesk-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title><![CDATA[Miners’ margins, explained]]></title>
  <link>https://www.coindesk.com/markets/2026/11/01/miners-margins-explained</link>
  <media:content url="https://images.example/a-1920x1080.png?fm=jpg&amp;w=1920" type="image/*" medium="image"/>
  <guid isPermaLink="false">0f0f0f0f-1111-2222-3333-444444444444</guid>
  <pubDate>${DATES[0]}</pubDate>
  <description><![CDATA[Half of it is power, which can not be helped.]]></description>
  <dc:creator>Somebody</dc:creator><content:encoded/><dc:description/>
  <category domain="https://www.coindesk.com/markets"><![CDATA[Markets]]></category>
  <category domain="tag"><![CDATA[Bitcoin]]></category>
  <category domain="https://www.coindesk.com/">News</category>
</item>`

describeProvider(
  coindeskRss,
  feedProof('https://www.coindesk.com/arc/outboundfeeds/rss', items, [
    {
      id: '0f0f0f0f-1111-2222-3333-444444444444',
      title: 'Miners’ margins, explained',
      url: 'https://www.coindesk.com/markets/2026/11/01/miners-margins-explained',
      publisher: 'CoinDesk',
      publishedAt: TIMES[0],
      summary: 'Half of it is power, which can not be helped.',
      imageUrl: 'https://images.example/a-1920x1080.png?fm=jpg&w=1920',
      symbols: ['BTC'],
    },
  ]),
  { describe, it },
)
