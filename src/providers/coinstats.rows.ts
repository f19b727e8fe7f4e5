import { BadResponseError } from '../errors.js'
import type { FearGreed, NewsItem } from '../model/insight.js'
import type { Asset, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import type { ListedAsset, NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** Rows of coins or news. */
export const rowsOf = (body: unknown): Row[] => read.array(read.object(body, 'body').result, 'result').map((row) => read.object(row, 'result row'))

/** The asked coin, which is not wrapped into anything. */
export function rowOf(body: unknown, id: string | undefined): Row {
  const row = read.object(body, 'coin')
  if (read.string(row.id, 'id') !== id) throw new BadResponseError('id: the asked one expected, got another')
  return row
}

/** A coin in dollars. */
export const tickerOf = (row: Row, pair: Pair): Ticker =>
  known<Ticker>({
    ...pair,
    last: read.positive(row.price, 'price'),
    change24hPercent: read.optional(read.number, row.priceChange1d, 'priceChange1d'),
    quoteVolume24h: read.optional(read.amount, row.volume, 'volume'),
    marketCap: read.positiveOrNone(row.marketCap, 'marketCap'),
  })

/** A row without a price (not traded) leaves out that one only, unless no row has any. */
export function batchOf(rows: readonly Row[], pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const byId = new Map(rows.map((row) => [read.string(row.id, 'id'), row]))
  const found = pairs.flatMap((pair) => {
    const row = byId.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => read.positiveOrNone(row.price, 'price') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair))
}

/** A coin of the list. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: read.string(row.id, 'id'),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })

/** The largest coins, as they are looked up by symbol. */
export const listedOf = (body: unknown): ListedAsset[] =>
  rowsOf(body).map((row) => ({ symbol: read.string(row.symbol, 'symbol'), id: read.string(row.id, 'id') }))

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(body, 'markets')
  return known<GlobalMarket>({
    marketCapUsd: read.positive(data.marketCap, 'marketCap'),
    volume24hUsd: read.positive(data.volume, 'volume'),
    dominancePercent: { BTC: read.positive(data.btcDominance, 'btcDominance') },
    change24hPercent: read.optional(read.number, data.marketCapChange, 'marketCapChange'),
  })
}

/** Today's value in `now`, or a list of days in `data`; stamps in seconds, there as numbers and here as texts. */
export function moodsOf(body: unknown, limit: number): FearGreed[] {
  const index = read.object(body, 'index')
  const values = (limit > 1 ? read.array(index.data, 'data') : [index.now]).map((day): FearGreed => {
    const row = read.object(day, 'value')
    const value = read.amount(row.value, 'value')
    if (value > 100) throw new BadResponseError(`value: 0…100 expected, got ${value}`)
    return { value, label: read.string(row.value_classification, 'value_classification'), at: read.seconds(row.timestamp, 'timestamp') }
  })
  if (values.length === 0) throw new BadResponseError('data: at least one value expected, got none')
  return values.toSorted((a, b) => b.at - a.at).slice(0, limit)
}

const isAddress = (text: string | undefined): boolean => text !== undefined && /^https?:\/\//.test(text)

/** An article. What is no plain text is left out of its summary. */
export function articleOf(row: Row): NewsItem {
  const [url, image] = [read.string(row.link, 'link'), read.optional(read.string, row.imgUrl, 'imgUrl')]
  if (!isAddress(url)) throw new BadResponseError('link: an address expected, got another text')
  const summary = read.optional(read.string, row.description, 'description')?.trim()
  return known<NewsItem>({
    id: read.string(row.id, 'id'),
    title: read.string(row.title, 'title'),
    url,
    publisher: read.string(row.source, 'source'),
    publishedAt: read.millis(row.feedDate, 'feedDate'),
    summary: summary === undefined || summary === '' || /<\/?[a-z]/i.test(summary) ? undefined : summary,
    imageUrl: isAddress(image) ? image : undefined,
  })
}

/** A 429 is also what it says when the month's credits are gone: only the text tells. Source: https://docs.api.coinstats.app/errors */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const message = (body as { message?: unknown } | null)?.message
  return status === 429 && message === 'Insufficient credits for this request' ? { reason: 'quota-exhausted', message } : undefined
}
