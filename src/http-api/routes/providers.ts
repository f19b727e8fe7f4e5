import * as z from 'zod'
import { categoryField, idField, iso, isoField, maybe, words, figure, known } from '../fields.js'
import { type Api, route } from '../route.js'
import { categoriesOf, checkCategory } from '../views/categories.js'
import { percent } from '../views/figures.js'
import { STATUS_WORDS } from '../views/health.js'
import { isAvailable, providerRow, providerRowField, statusField } from '../views/provider-rows.js'
import { seen, type Seen, seenOne } from '../views/seen.js'

const tag = 'Providers'
const params = z.object({ id: idField })

const list = route({
  method: 'GET',
  path: '/api/providers',
  tag,
  kind: 'state',
  summary: 'All providers and how each is',
  answer: z.object({ providers: z.array(providerRowField), total: z.int() }),
  run({ api }) {
    const providers = seen(api).map(providerRow)
    return { providers, total: providers.length }
  },
})

const one = route({
  method: 'GET',
  path: '/api/providers/{id}',
  tag,
  kind: 'state',
  summary: 'One provider',
  errors: [404],
  params,
  answer: providerRowField.extend({
    base_url: words.describe('of its first host, without path; null where it asks no host'),
    hosts: z.array(z.string()),
    endpoints: z.array(z.string()).describe('capabilities that it serves'),
    homepage: z.string(),
    docs: z.string(),
    plan: words,
    circuit_breaker_open: z.boolean(),
    capability_breakers: z.record(z.string(), z.enum(['closed', 'open', 'half-open'])).describe('of single capabilities, after drifted answers'),
    attribution: maybe(z.object({ text: z.string(), url: z.string(), required: z.boolean() })),
  }),
  run({ api, params: { id } }) {
    const found = seenOne(api, id)
    const { status, provider } = found
    const hosts = originsOf(found)
    return {
      ...providerRow(found),
      base_url: known(hosts[0]),
      hosts,
      endpoints: status.capabilities,
      homepage: provider.homepage,
      docs: provider.docs,
      plan: known(provider.plan),
      circuit_breaker_open: status.breaker.state === 'open',
      capability_breakers: status.capabilityBreakers,
      attribution: known(provider.attribution),
    }
  },
})

/** Scheme and host alone: what follows can hold a key. */
const originsOf = ({ provider }: Seen): string[] => (provider.hosts ?? []).map((host) => new URL(host).origin)

const ofCategory = route({
  method: 'GET',
  path: '/api/providers/category/{category}',
  tag,
  kind: 'state',
  summary: 'Providers of one category',
  errors: [404],
  params: z.object({ category: categoryField }),
  answer: z.object({
    category: z.string(),
    providers: z.array(z.object({ provider_id: z.string(), name: z.string(), status: statusField, is_available: z.boolean(), success_rate: figure })),
    count: z.int(),
  }),
  run({ api, params: { category } }) {
    checkCategory(category)
    const found = seen(api).filter(({ status }) => categoriesOf(status.capabilities).includes(category))
    const providers = found.map((each) => ({
      provider_id: each.status.id,
      name: each.status.name,
      status: STATUS_WORDS[each.status.health],
      is_available: isAvailable(each),
      success_rate: percent(each.status.successRate),
    }))
    return { category, providers, count: providers.length }
  },
})

const probe = route({
  method: 'POST',
  path: '/api/providers/{id}/health-check',
  tag,
  kind: 'data',
  guarded: true,
  summary: 'Asks one provider how it is, now; costs its quota',
  errors: [404],
  params,
  answer: z.object({
    provider_id: z.string(),
    name: z.string(),
    is_healthy: maybe(z.boolean()).describe('null where it could not be asked'),
    status: statusField.describe('what this probe says of it'),
    reason: words.describe('why it is not healthy, or was not asked'),
    response_time: figure.describe('of this probe alone, in ms'),
    timestamp: isoField,
  }),
  run: ({ api, params: { id } }) => probed(api, seenOne(api, id)),
})

async function probed({ router }: Api, { status: { id, name } }: Seen) {
  const [report] = await router.checkHealth(id)
  const { healthy, latencyMs, reason, at } = report ?? { at: router.status().at }
  const status = healthy === true ? 'online' : (WITHOUT_ANSWER[reason ?? 'other'] ?? (healthy === false ? 'offline' : 'unknown'))
  return {
    provider_id: id,
    name,
    is_healthy: known(healthy),
    status,
    reason: known(reason),
    response_time: known(latencyMs),
    timestamp: iso(at),
  }
}

/** What it means that a provider was not probed, or did not serve: it is not down. */
const WITHOUT_ANSWER: Readonly<Record<string, 'disabled' | 'rate_limited'>> = {
  disabled: 'disabled',
  'key-missing': 'disabled',
  'rate-limited': 'rate_limited',
  'quota-exhausted': 'rate_limited',
}

/** Who is asked, and how each is. */
export const providersRoutes = [list, one, ofCategory, probe]
