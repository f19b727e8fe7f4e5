import { describe, it } from 'vitest'
import { theblockRss } from '../../src/providers/theblock-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title><![CDATA[A fund is first to reach $2 billion, data shows]]></title>
  <link>https://www.theblock.co/news/markets/2026-11-01-a-fund-is-first-to-reach-2-billion-400001</link>
  <media:content url="https://images.example/c-1200x675.jpg" type="image/*" medium="image"/> <guid isPermaLink="false">0f0f0f0f-5555-5555-5555-444444444444</guid>
  <pubDate>${DATES[0]}</pubDate>
  <description><![CDATA[It took a year. ]]></description><dc:creator><![CDATA[Somebody]]></dc:creator>
  <content:encoded/>
  <category domain="https://www.theblock.co/category/markets"><![CDATA[Markets]]></category>
</item>`

describeProvider(
  theblockRss,
  feedProof('https://www.theblock.co/rss.xml', items, [
    {
      id: '0f0f0f0f-5555-5555-5555-444444444444',
      title: 'A fund is first to reach $2 billion, data shows',
      url: 'https://www.theblock.co/news/markets/2026-11-01-a-fund-is-first-to-reach-2-billion-400001',
      publisher: 'The Block',
      publishedAt: TIMES[0],
      summary: 'It took a year.',
      imageUrl: 'https://images.example/c-1200x675.jpg',
    },
  ]),
  { describe, it },
)
