import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { moodsOf } from '../provider/moods.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { rowsOf } from '../provider/rows.js'

/** The Crypto Fear & Greed Index of alternative.me, one value a day (00:00 UTC). No key; it must be named wherever its values are shown. */
export function alternativeMe(options: ProviderOptions = {}): Provider<'fearGreed'> {
  return defineProvider<'fearGreed'>(
    {
      id: 'alternative-me',
      name: 'alternative.me',
      homepage: 'https://alternative.me/crypto/fear-and-greed-index/',
      docs: 'https://alternative.me/crypto/fear-and-greed-index/#api',
      hosts: ['https://api.alternative.me'],
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      attribution: { text: 'Crypto Fear & Greed Index by alternative.me', url: 'https://alternative.me/crypto/fear-and-greed-index/', required: true },
      probe: { capability: 'fearGreed', params: { limit: 1 } },
      endpoints: {
        // Without a limit it gives the newest value. Never with date_format: it turns the stamps into texts.
        fearGreed: {
          request: ({ limit }) => ({ path: 'fng/', query: { limit, format: 'json' } }),
          // All values are texts.
          parse: (body, params) => moodsOf(rowsOf(read.object(body, 'fng').data, 'data'), params, ({ timestamp }) => read.seconds(timestamp, 'timestamp')),
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

/** What it cannot do it tells in a 200; the question is always the same, so the fault is on its side. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const { error } = membersOf(membersOf(body).metadata)
  if (error === undefined || error === null || error === '') return undefined
  return { reason: 'unavailable', message: typeof error === 'string' ? error : 'metadata.error is set' }
}
