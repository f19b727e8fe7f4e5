import { BadResponseError } from '../errors.js'
import type { FearGreed } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'

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
          parse: (body, { limit = 1 }) => {
            const values = read.array(read.object(body, 'fng').data, 'data').map(valueOf)
            if (values.length === 0) throw new BadResponseError('data: at least one value expected, got none')
            return values.toSorted((a, b) => b.at - a.at).slice(0, limit)
          },
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

/** All values are texts. The word is the provider's own: where it draws its lines has changed. */
function valueOf(row: unknown): FearGreed {
  const { value: index, value_classification: label, timestamp } = read.object(row, 'value')
  const value = read.amount(index, 'value')
  if (value > 100) throw new BadResponseError(`value: 0…100 expected, got ${value}`)
  return { value, label: read.string(label, 'value_classification'), at: read.seconds(timestamp, 'timestamp') }
}

/** What it cannot do it tells in a 200; the question is always the same, so the fault is on its side. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const metadata = typeof body === 'object' && body !== null && 'metadata' in body ? body.metadata : undefined
  const error = typeof metadata === 'object' && metadata !== null && 'error' in metadata ? metadata.error : undefined
  if (error === undefined || error === null || error === '') return undefined
  return { reason: 'unavailable', message: typeof error === 'string' ? error : 'metadata.error is set' }
}
