import { describe, it } from 'vitest'
import { decryptRss } from '../../src/providers/decrypt-rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `
<item>
  <title>Vaults &amp; keys: who keeps what</title>
  <link>https://decrypt.co/400001/vaults-keys</link>
  <pubDate>${DATES[1]}</pubDate>
  <description>They are kept where nobody looks.</description>
  <guid isPermaLink="false">https://decrypt.co/?p=400001</guid>
  <enclosure url="https://images.example/vault.jpg" length="1000000" type="image/jpeg"/>
  <media:thumbnail url="https://images.example/vault-small.jpg" height="1080" width="1920"/>
</item><item>
  <title>The later one</title>
  <link>https://decrypt.co/400002/later</link>
  <pubDate>${DATES[0]}</pubDate>
  <guid isPermaLink="false">https://decrypt.co/?p=400002</guid>
</item>`

describeProvider(
  decryptRss,
  feedProof('https://decrypt.co/feed', items, [
    {
      id: 'https://decrypt.co/?p=400002',
      title: 'The later one',
      url: 'https://decrypt.co/400002/later',
      publisher: 'Decrypt',
      publishedAt: TIMES[0],
    },
    {
      id: 'https://decrypt.co/?p=400001',
      title: 'Vaults & keys: who keeps what',
      url: 'https://decrypt.co/400001/vaults-keys',
      publisher: 'Decrypt',
      publishedAt: TIMES[1],
      summary: 'They are kept where nobody looks.',
      imageUrl: 'https://images.example/vault.jpg',
    },
  ]),
  { describe, it },
)
