import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { type NewsCandidate, newsItems, USER_AGENT } from '../provider/news/news.js'
import type { Limit, Plan, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

const DOCS = 'https://cryptopanic.com/developers/api/'

// What a plan allows is told to who has it: these are polite figures, unverified. Its own answers are kept for half a minute.
const LIMITS: readonly Limit[] = [
  { requests: 2, perMs: 1_000, scope: 'key' },
  { requests: 60, perMs: 60_000, scope: 'key' },
]

/** The plan is a part of the address; the day is that on which the address was read. */
const planOf = (name: string): Plan => ({ host: `https://cryptopanic.com/api/${name}/v2`, limits: LIMITS, verifiedOn: '2026-11-21', source: DOCS })

/**
 * CryptoPanic, which collects what the press writes about each asset. Paid only since April 2026, so it is off until `enabled: true`; needs a key, and
 * `plan: 'growth'` or what was bought.
 */
export function cryptopanic(options: ProviderOptions = {}): Provider<'news'> {
  return defineProvider<'news'>(
    {
      id: 'cryptopanic',
      name: 'CryptoPanic',
      homepage: 'https://cryptopanic.com',
      docs: DOCS,
      hosts: ['https://cryptopanic.com/api/developer/v2'],
      plans: { developer: planOf('developer'), growth: planOf('growth'), enterprise: planOf('enterprise') },
      enabled: false,
      key: { required: true, in: 'query', name: 'auth_token' },
      limits: LIMITS,
      metered: true,
      probe: { capability: 'news', params: { limit: 1 } },
      endpoints: {
        news: {
          request: ({ symbols = [] }) => ({
            path: 'posts/',
            query: { public: true, kind: 'news', currencies: symbols.length > 0 ? symbols.join() : undefined },
            headers: { 'user-agent': USER_AGENT },
          }),
          // `next` and `previous` hold the key, and are never read.
          parse: (body, { limit }, { now }) => newsItems(read.array(read.object(body, 'posts').results, 'results'), candidateOf, { limit }, now),
          combine: combineNews,
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

/** Its own page where the plan does not tell the publisher's. The older form names assets in `currencies`, the newer in `instruments`. */
const candidateOf = ({
  id,
  title,
  original_url: original,
  url,
  source,
  published_at: at,
  description,
  image,
  instruments,
  currencies,
}: Row): NewsCandidate => ({
  id,
  title,
  url: original ?? url,
  publisher: membersOf(source).title,
  publishedAt: at,
  summary: description,
  imageUrl: image,
  symbols: [instruments, currencies].flatMap((list) => (Array.isArray(list) ? list.map((one) => membersOf(one).code) : [])),
})

/** `{status, info}` under a 403 as well: what it says of a plan used up is unverified. */
function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { info } = membersOf(body)
  if (typeof info !== 'string' || status >= 500) return undefined
  if (/token|plan|subscription/i.test(info)) return { reason: 'unauthorized', message: info }
  if (/quota|month/i.test(info)) return { reason: 'quota-exhausted', message: info }
  return /limit|throttl/i.test(info) ? { reason: 'rate-limited', message: info } : undefined
}
