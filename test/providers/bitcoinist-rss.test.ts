import { describe, it } from 'vitest'
import { bitcoinistRss } from '../../src/providers/bitcoinist-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title>bitcoinist.com writes: it&#8217;s quiet</title>
  <link>https://bitcoinist.com/quiet/</link>
  <comments>https://bitcoinist.com/quiet/#respond</comments>
  <dc:creator><![CDATA[Somebody]]></dc:creator>
  <pubDate>${DATES[0]}</pubDate>
  <category><![CDATA[Bitcoin]]></category><category><![CDATA[bitcoin]]></category>
  <guid isPermaLink="false">https://bitcoinist.com/?p=7</guid>
  <description><![CDATA[<p>Not much to tell [&#8230;]</p>]]></description>
  <content:encoded><![CDATA[<p>Not much to tell, as <script>alert(1)</script>ever.</p>]]></content:encoded>
</item>`

describeProvider(
  bitcoinistRss,
  feedProof('https://bitcoinist.com/feed/', items, [
    {
      id: 'https://bitcoinist.com/?p=7',
      title: 'bitcoinist.com writes: it’s quiet',
      url: 'https://bitcoinist.com/quiet/',
      publisher: 'Bitcoinist',
      publishedAt: TIMES[0],
      summary: 'Not much to tell […]',
      symbols: ['BTC'],
    },
  ]),
  { describe, it },
)
