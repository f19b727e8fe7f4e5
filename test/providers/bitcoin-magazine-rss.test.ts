import { describe, it } from 'vitest'
import { bitcoinMagazineRss } from '../../src/providers/bitcoin-magazine-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title>bitcoinmagazine.com writes: it&#8217;s quiet</title>
  <link>https://bitcoinmagazine.com/quiet/</link>
  <comments>https://bitcoinmagazine.com/quiet/#respond</comments>
  <dc:creator><![CDATA[Somebody]]></dc:creator>
  <pubDate>${DATES[0]}</pubDate>
  <category><![CDATA[Bitcoin]]></category><category><![CDATA[bitcoin]]></category>
  <guid isPermaLink="false">https://bitcoinmagazine.com/?p=7</guid>
  <description><![CDATA[<p>Not much to tell [&#8230;]</p>]]></description>
  <content:encoded><![CDATA[<p>Not much to tell, as <script>alert(1)</script>ever.</p>]]></content:encoded>
</item>`

describeProvider(
  bitcoinMagazineRss,
  feedProof('https://bitcoinmagazine.com/feed', items, [
    {
      id: 'https://bitcoinmagazine.com/?p=7',
      title: 'bitcoinmagazine.com writes: it’s quiet',
      url: 'https://bitcoinmagazine.com/quiet/',
      publisher: 'Bitcoin Magazine',
      publishedAt: TIMES[0],
      summary: 'Not much to tell […]',
      symbols: ['BTC'],
    },
  ]),
  { describe, it },
)
