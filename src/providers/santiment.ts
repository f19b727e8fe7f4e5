import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, KeyPlacement, Limit, Plan, Provider, ProviderOptions } from '../provider/provider.js'
import { SANTIMENT_IDS } from './santiment.assets.js'
import { failureOf, networkOf, socialOf, usageOf, WINDOWS } from './santiment.rows.js'

const ID = 'santiment'
const VERIFIED = '2026-11-21'
const LIMITS_PAGE = 'https://academy.santiment.net/products-and-plans/sanapi-plans/'

/** Figures of one answer: its metrics by the name that the query gives them. Each counts as a call. */
type Metrics = Readonly<Record<string, string>>
// The rest of what is social is held back for a month in the free plan: there it is not asked for.
const FREE: Metrics = { followers: 'twitter_followers' }
const PAID: Metrics = { ...FREE, posts: 'social_volume_total', positive: 'sentiment_positive_total', negative: 'sentiment_negative_total' }
const NETWORK: Metrics = { addresses: 'daily_active_addresses' }

/**
 * Santiment: how many follow an asset, and how many addresses of its chain were active on the last whole day. No key needed for these: they are free and
 * recent. With `plan: 'pro'` or `'max'` (and a key) also how much and how well is spoken of it. Free, with or without a key: 1 000 figures a month.
 */
export function santiment(options: ProviderOptions = {}): Provider<'social' | 'networkMetrics'> {
  const social = options.plan === 'pro' || options.plan === 'max' ? PAID : FREE
  return defineProvider<'social' | 'networkMetrics'>(
    {
      id: ID,
      name: 'Santiment',
      homepage: 'https://santiment.net',
      docs: 'https://academy.santiment.net/sanapi/',
      verifiedOn: VERIFIED,
      hosts: ['https://api.santiment.net'],
      // Whoever has no key is in the free plan: unverified by whom it is counted then.
      limits: callsPer(100, 500, 1_000, 'ip'),
      key: keyThat(false),
      plans: { free: planOf(100, 500, 1_000), pro: planOf(600, 30_000, 600_000), max: planOf(1_200, 60_000, 1_200_000) },
      assets: SANTIMENT_IDS,
      probe: { capability: 'networkMetrics', params: { asset: 'BTC' } },
      endpoints: {
        social: {
          cost: Object.keys(social).length,
          request: ({ asset }, { native }) => query(social, native[asset]),
          parse: (body, { asset }) => socialOf(body, asset),
        },
        networkMetrics: {
          cost: 1,
          request: ({ asset }, { native }) => query(NETWORK, native[asset]),
          parse: (body, { asset }) => networkOf(body, asset),
        },
      },
      failure: failureOf,
      usage: usageOf,
    },
    options,
  )
}

function callsPer(minute: number, hour: number, month: number, scope: Limit['scope']): Limit[] {
  return [
    { cost: minute, perMs: WINDOWS.minute, scope },
    { cost: hour, perMs: WINDOWS.hour, scope },
    { cost: month, perMs: WINDOWS.month, scope, resets: 'utc-month' },
  ]
}

const keyThat = (required: boolean): KeyPlacement => ({ required, in: 'header', name: 'Authorization', prefix: 'Apikey ' })

const planOf = (...calls: [minute: number, hour: number, month: number]): Plan => ({
  limits: callsPer(...calls, 'key'),
  key: keyThat(true),
  verifiedOn: VERIFIED,
  source: LIMITS_PAGE,
})

/** All figures in one query, each under its name where there are several, of the last days: the running one is left out. */
function query(metrics: Metrics, slug = ''): HttpRequest {
  const figures = Object.entries(metrics)
  const fields = figures.map(([name, metric]) => {
    const figure = `getMetric(metric: "${metric}") { timeseriesDataJson(slug: $slug, from: "utc_now-4d", to: "utc_now", interval: "1d") }`
    return figures.length > 1 ? `${name}: ${figure}` : figure
  })
  return { path: 'graphql', method: 'POST', body: { query: `query ($slug: String!) { ${fields.join(' ')} }`, variables: { slug } } }
}
