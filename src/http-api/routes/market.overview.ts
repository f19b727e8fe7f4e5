import * as z from 'zod'
import type { ChainTvl, DefiProtocol } from '../../model/chain.js'
import type { Asset, GlobalMarket, Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { largest, symbolsOf } from '../data/listed.js'
import type { Asker } from '../data/preferring.js'
import { listPrices } from '../data/prices.js'
import { protocols } from '../data/protocols.js'
import { asOfIso, type Missing, missingField, missingIn, together } from '../data/together.js'
import { figure, known, limitField, maybeIso, provenanceFields, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const tag = 'Market'
const errors = [400, 404, 502, 503, 504]

const rowField = z.object({
  rank: figure,
  name: words,
  symbol: z.string(),
  price: figure.describe('in dollars'),
  change_24h: figure.describe('percent'),
  market_cap: figure.describe('in dollars'),
  volume_24h: figure.describe('in dollars'),
  image: words,
})

const market = route({
  method: 'GET',
  path: '/api/market',
  tag,
  kind: 'data',
  summary: 'The largest assets with their prices (the best known ones, without a rank, where nobody lists the largest), and the market as a whole',
  query: z.object({ limit: limitField(50, 250) }),
  errors,
  answer: z.object({
    cryptocurrencies: z.array(rowField),
    global: z.object({
      btc_dominance: figure.describe('percent; by market values where it is not told'),
      eth_dominance: figure,
      market_cap: figure,
      volume_24h: figure,
      change_24h: figure,
    }),
    source: words.describe('who gave the prices'),
    timestamp: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { got, missing } = await together({ cryptocurrencies: tableOf(call, call.query.limit), global: call.ask('globalMarket', {}) })
    const { cryptocurrencies: table, global } = got
    const first = table?.result ?? global
    return fromRouter([table?.result, table?.list, global], {
      cryptocurrencies: table?.rows ?? [],
      global: globalOf(global?.data, global?.provider === table?.result.provider ? table?.rows : undefined),
      source: known(table?.result.provider),
      timestamp: first === undefined ? null : asOfIso(first),
      ...missingIn([...missing, ...(table?.missing ?? [])]),
    })
  },
})

interface Table {
  readonly rows: readonly z.input<typeof rowField>[]
  readonly result: RouterResult<Ticker[]>
  /** Who listed the assets. */
  readonly list: RouterResult<Asset[]> | undefined
  readonly missing: readonly Missing[]
}

async function tableOf(call: Asker, count: number): Promise<Table> {
  const { assets, result: list, missing } = await largest(call, count)
  const symbols = symbolsOf(assets)
  const priced = await listPrices(
    call,
    symbols.filter((symbol) => symbol !== undefined),
  )
  const rows = assets.map(({ rank, name, symbol }, index) => {
    const pair = symbols[index]
    const ticker = pair === undefined ? undefined : priced.find(pair)
    return {
      rank: known(rank),
      name: known(name),
      symbol,
      price: known(ticker?.last),
      change_24h: known(ticker?.change24hPercent),
      market_cap: known(ticker?.marketCap),
      volume_24h: known(ticker?.quoteVolume24h),
      image: null, // no capability tells one
    }
  })
  return { rows, result: priced.result, list, missing: [...missing, ...priced.missing] }
}

/** `rows`: those of the same provider, whose market values are part of the same whole. */
const globalOf = (whole: GlobalMarket | undefined, rows: Table['rows'] | undefined) => ({
  btc_dominance: dominanceOf('BTC', whole, rows),
  eth_dominance: dominanceOf('ETH', whole, rows),
  market_cap: known(whole?.marketCapUsd),
  volume_24h: known(whole?.volume24hUsd),
  change_24h: known(whole?.change24hPercent),
})

/** Its share of the whole market in percent: as it is told, else by the market values. */
function dominanceOf(asset: string, whole: GlobalMarket | undefined, rows: Table['rows'] = []): number | null {
  if (whole === undefined) return null
  const told = whole.dominancePercent[asset]
  const value = rows.find(({ symbol }) => symbol === asset)?.market_cap ?? undefined
  return known(told ?? (value !== undefined && whole.marketCapUsd > 0 ? (100 * value) / whole.marketCapUsd : undefined))
}

const sentiment = route({
  method: 'GET',
  path: '/api/sentiment',
  tag,
  kind: 'data',
  summary: 'The fear and greed index, 0 to 100',
  errors: [502, 503, 504],
  answer: z.object({
    fear_greed_index: z.object({ value: figure, classification: words }),
    source: z.string(),
    timestamp: maybeIso.describe('of the reading'),
    ...provenanceFields,
  }),
  async run(call) {
    const result = await call.ask('fearGreed', { limit: 1 })
    const [latest] = result.data.toSorted((a, b) => b.at - a.at)
    return fromRouter(result, {
      fear_greed_index: { value: known(latest?.value), classification: known(latest?.label) },
      source: result.provider,
      timestamp: asOfIso({ asOf: latest?.at, fetchedAt: result.fetchedAt }),
    })
  },
})

const trending = route({
  method: 'GET',
  path: '/api/trending',
  tag,
  kind: 'data',
  summary: 'Assets that many look for now',
  query: z.object({ limit: limitField(10, 50) }),
  errors,
  answer: z.object({
    trending: z.array(z.object({ name: z.string(), symbol: z.string(), thumb: words })),
    source: z.string(),
    timestamp: maybeIso,
    ...provenanceFields,
  }),
  async run(call) {
    const result = await call.ask('trending', {})
    return fromRouter(result, {
      trending: result.data.slice(0, call.query.limit).map(({ name, symbol }) => ({ name, symbol, thumb: null })), // no capability tells a picture
      source: result.provider,
      timestamp: asOfIso(result),
    })
  },
})

const defi = route({
  method: 'GET',
  path: '/api/defi',
  tag,
  kind: 'data',
  summary: 'What is locked in DeFi: on all chains together, and in the largest protocols',
  query: z.object({ limit: limitField(20, 500) }),
  errors,
  answer: z.object({
    total_tvl: figure.describe('in dollars'),
    protocols: z.array(
      z.object({
        name: z.string(),
        chain: words.describe('Multi-Chain for several'),
        chains: z.array(z.string()),
        category: words,
        tvl: z.number().describe('in dollars'),
        change_24h: figure.describe('percent'),
      }),
    ),
    source: words,
    timestamp: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { got, missing } = await together({ protocols: protocols(call), total_tvl: call.ask('chainTvl', {}) })
    const first = got.protocols ?? got.total_tvl
    const chains = got.total_tvl?.data
    return fromRouter([got.protocols, got.total_tvl], {
      total_tvl: chains === undefined ? null : chains.reduce((sum, { tvlUsd }) => sum + tvlUsd, 0),
      protocols: (got.protocols?.data ?? []).slice(0, call.query.limit).map((protocol) => protocolRow(protocol, chains)),
      source: known(first?.provider),
      timestamp: first === undefined ? null : asOfIso(first),
      ...missingIn(missing),
    })
  },
})

function protocolRow({ name, chains: ids, category, tvlUsd, change1dPercent }: DefiProtocol, named: readonly ChainTvl[] = []) {
  const chains = ids.map((id) => named.find(({ chain }) => chain === id)?.name ?? id)
  const [chain = null] = chains
  return { name, chain: chains.length > 1 ? 'Multi-Chain' : chain, chains, category: known(category), tvl: tvlUsd, change_24h: known(change1dPercent) }
}

/** The whole market on one page. */
export const overviewRoutes = [market, sentiment, trending, defi]
