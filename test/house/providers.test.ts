import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { registered, withProviders } from '../../scripts/provider-table.mjs'
import { CAPABILITIES, type Capability } from '../../src/model/capabilities.js'
import { INTERVAL_MS, isInterval } from '../../src/model/interval.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import { ABSENT_PROVIDERS } from '../../src/provider/retired.js'
import * as registry from '../../src/providers/index.js'

/** The ten of the reference system, as the categories that stand for them here. */
const TEN: Readonly<Record<string, readonly string[]>> = {
  price: ['market_price'],
  candles: ['market_ohlcv'],
  volume: ['market_volume'],
  'order book': ['market_orderbook'],
  metadata: ['market_metadata'],
  news: ['news'],
  sentiment: ['sentiment'],
  prediction: ['ai_prediction'],
  technical: ['technical'],
  social: ['social'],
}
/** What came beside them. */
const MORE = ['onchain', 'defi', 'nft', 'analytics']
const MARKET = ['market_price', 'market_ohlcv', 'market_volume', 'market_orderbook', 'market_metadata']
const MAIN = ['ticker', 'candles', 'volume', 'orderBook', 'assets']

const providers = registered(registry)
const page = readFileSync('docs/providers.md', 'utf8')

const categoriesOf = ({ endpoints }: AnyProvider): string[] => Object.keys(endpoints).map((capability) => CAPABILITIES[capability as Capability].category)
const isKeyless = ({ key, enabled }: AnyProvider): boolean => !key?.required && enabled !== false
/** Of those whose figures are copies of each other only one counts. */
const independent = (list: readonly AnyProvider[]): string[] => [...new Set(list.map(({ family, id }) => family ?? id))]

describe('no single point of failure', () => {
  it.each(MARKET)('%s has five independent providers or more, three of them keyless', (category) => {
    const having = providers.filter((provider) => categoriesOf(provider).includes(category))
    expect(independent(having).length).toBeGreaterThanOrEqual(5)
    expect(independent(having.filter(isKeyless)).length).toBeGreaterThanOrEqual(3)
  })

  it.each(MAIN)('%s has five independent providers or more, three of them keyless and no last resort', (capability) => {
    const having = providers.filter(({ endpoints }) => capability in endpoints)
    expect(independent(having).length).toBeGreaterThanOrEqual(5)
    expect(independent(having.filter((provider) => isKeyless(provider) && provider.role !== 'last-resort')).length).toBeGreaterThanOrEqual(3)
  })
})

describe('each category', () => {
  it.each([...Object.entries(TEN), ...MORE.map((category) => [category, [category]] as const)])(
    '%s has two independent providers or more, one of them keyless',
    (_, categories) => {
      const having = providers.filter((provider) => categoriesOf(provider).some((category) => categories.includes(category)))
      expect(independent(having).length).toBeGreaterThanOrEqual(2)
      expect(having.filter((provider) => isKeyless(provider)).length).toBeGreaterThanOrEqual(1)
    },
  )

  it.each([...MARKET, 'news', 'sentiment'])('%s has two independent keyless providers or more', (category) => {
    expect(independent(providers.filter((provider) => isKeyless(provider) && categoriesOf(provider).includes(category))).length).toBeGreaterThanOrEqual(2)
  })
})

describe('the test of each provider', () => {
  // one that only computes has no service's documentation to be held against
  const computes = ({ endpoints, hosts, enabled }: AnyProvider): boolean =>
    hosts === undefined && enabled !== false && Object.values(endpoints).every((endpoint) => 'call' in (endpoint as object))
  const names = new Map(
    Object.entries(registry)
      .map(([name, value]) => [value, name] as const)
      .toReversed(),
  ) // of two names the first
  const factories = [...names].flatMap(([value, name]) => (typeof value === 'function' && !computes(value()) ? [[name, value().id] as const] : []))

  it.each(factories)('%s is held against its documentation in test/providers/%s.test.ts', (name, id) => {
    expect(readFileSync(`test/providers/${id}.test.ts`, 'utf8')).toMatch(new RegExp(`^describeProvider\\(\\s*${name}\\b`, 'm'))
  })
})

describe('docs/providers.md', () => {
  const sectionOf = (id: string): string => new RegExp(`^### ${id}\\n(.*?)(?=^##)`, 'ms').exec(page)?.[1] ?? ''
  const lineOf = (id: string, fact: string): string => new RegExp(`^- ${fact}: (.*)$`, 'm').exec(sectionOf(id))?.[1] ?? ''
  const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

  it('is what the providers say: npm run docs', () => {
    expect(page).toBe(withProviders(page, providers, ABSENT_PROVIDERS))
  })

  it.each(providers)('$id stands there with every capability, its key, its candles and its limits', ({ id, endpoints, key, probe, limits = [] }) => {
    expect(codesIn(lineOf(id, 'capabilities'))).toEqual(Object.keys(endpoints))
    expect(lineOf(id, 'key')).toMatch(key?.required ? /^required, in the / : /^(none|optional)/)
    expect(lineOf(id, 'key')).toContain(key && key.in !== 'path' ? `in the ${key.in} \`${key.name}\`` : '')
    const symbol = probe?.params !== undefined && probe.capability === 'ticker' ? (probe.params as { symbol: string }).symbol : 'BTC/USD'
    const intervals = Object.keys(INTERVAL_MS).filter(
      (interval) => isInterval(interval) && endpoints.candles && endpoints.candles.supports?.({ symbol, interval, limit: 1 }) !== false,
    )
    expect(codesIn(lineOf(id, 'candles'))).toEqual(intervals)
    for (const { requests, cost } of limits) expect(lineOf(id, 'limits')).toContain((requests ?? cost ?? 0).toLocaleString('en-US'))
  })

  it.each(providers.flatMap(({ id, plans = {} }) => Object.entries(plans).map(([plan, facts]) => [id, plan, facts] as const)))(
    'the plan of %s that is called %s stands there with the day and the page on which it was read',
    (id, plan, { verifiedOn, source }) => {
      expect(lineOf(id, `plan \`${plan}\``)).toContain(`[${verifiedOn}](${source})`)
    },
  )

  it('tells what the providers ask of their users', () => {
    for (const { id, attribution, blockedRegions, enabled, role } of providers) {
      expect(lineOf(id, 'attribution')).toBe(attribution ? `${attribution.required ? 'required' : 'welcome'}: [${attribution.text}](${attribution.url})` : '')
      expect(lineOf(id, 'refuses')).toBe(blockedRegions ? `callers in ${blockedRegions.join(', ')}` : '')
      expect(lineOf(id, 'state').includes('off by default')).toBe(enabled === false)
      expect(lineOf(id, 'state').includes('last resort')).toBe(role === 'last-resort')
    }
  })

  it('lists every absent provider with what to use instead', () => {
    const rows = new Set(page.split('\n'))
    for (const [id, { retired, why, instead }] of Object.entries(ABSENT_PROVIDERS))
      expect(rows).toContain(retired ? `| \`${id}\` | ${retired.since ?? 'unknown'} | ${retired.replacement} |` : `| \`${id}\` | ${why} | ${instead ?? '–'} |`)
  })
})
