import { describe, it } from 'vitest'
import { cointelegraphRss } from '../../src/providers/cointelegraph-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title><![CDATA[Nothing new in “DeFi”, says nobody]]></title>
  <link><![CDATA[https://cointelegraph.com/news/nothing-new-in-defi?utm_source=rss_feed&utm_medium=rss&utm_campaign=rss_partner_inbound]]></link>
  <guid isPermaLink="true"><![CDATA[https://cointelegraph.com/news/nothing-new-in-defi]]></guid>
  <pubDate>${DATES[0]}</pubDate>
  <dc:creator>Cointelegraph by Somebody</dc:creator>
  <media:content url="https://images.example/840/b.jpg" type="image/jpeg" medium="image"/>
  <description><![CDATA[<p style="float:right"><img src="https://images.example/840/b.jpg"></p><p>Still the <a href="https://cointelegraph.com/x">same</a>.</p>]]></description>
  <category><![CDATA[DeFi]]></category><category><![CDATA[Ethereum]]></category>
</item>`

describeProvider(
  cointelegraphRss,
  feedProof('https://cointelegraph.com/rss', items, [
    {
      id: 'https://cointelegraph.com/news/nothing-new-in-defi',
      title: 'Nothing new in “DeFi”, says nobody',
      url: 'https://cointelegraph.com/news/nothing-new-in-defi',
      publisher: 'Cointelegraph',
      publishedAt: TIMES[0],
      summary: 'Still the same.',
      imageUrl: 'https://images.example/840/b.jpg',
      symbols: ['ETH'],
    },
  ]),
  { describe, it },
)
