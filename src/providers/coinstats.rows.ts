import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { FearGreed, NewsItem } from '../model/insight.js'
import type { GlobalMarket } from '../model/market.js'
import { type Coin, wholeMarket } from '../provider/market/coins.js'
import { membersOf } from '../provider/failure.js'
import { moodsOf } from '../provider/moods.js'
import { type NewsCandidate, newsItems } from '../provider/news/news.js'
import type { ProviderFailure } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const resultOf = (body: unknown): Row[] => rowsOf(read.object(body, 'body').result, 'result')

/** Coins of a list, in dollars. */
export const coinsOf = (body: unknown): Coin[] => resultOf(body).map(coinOf)

/** The asked coin, which is not wrapped into anything. */
export function oneOf(body: unknown, id: string | undefined): Coin {
  const coin = coinOf(read.object(body, 'coin'))
  if (coin.id !== id) throw new BadResponseError('id: the asked one expected, got another')
  return coin
}

const coinOf = (row: Row): Coin => ({
  id: read.string(row.id, 'id'),
  symbol: row.symbol,
  name: row.name,
  rank: row.rank,
  price: row.price,
  changePercent: row.priceChange1d,
  turnover: row.volume,
  marketCap: row.marketCap,
})

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const { marketCap, volume, btcDominance, marketCapChange } = read.object(body, 'markets')
  return wholeMarket({ marketCap, volume, btc: btcDominance, changePercent: marketCapChange })
}

/** Today's value in `now`, or a list of days in `data`; stamps in seconds, there as numbers and here as texts. */
export function indexOf(body: unknown, params: ParamsOf<'fearGreed'>): FearGreed[] {
  const { now, data } = read.object(body, 'index')
  return moodsOf(rowsOf((params.limit ?? 1) > 1 ? data : [now], 'values'), params, ({ timestamp }) => read.seconds(timestamp, 'timestamp'))
}

/** Articles, newest first. */
export const articlesOf = (body: unknown, params: ParamsOf<'news'>, now: number): Promise<NewsItem[]> =>
  newsItems(read.array(read.object(body, 'body').result, 'result'), articleOf, params, now)

// The assets are in no page of the documentation: the public clients read them so.
const articleOf = ({ id, title, link, source, feedDate, description, imgUrl, coins }: Row): NewsCandidate => ({
  id,
  title,
  url: link,
  publisher: source,
  publishedAt: feedDate,
  summary: description,
  imageUrl: imgUrl,
  symbols: Array.isArray(coins) ? coins.map((coin) => membersOf(coin).coinKeyWords) : [],
})

/** A 429 is also what it says when the month's credits are gone: only the text tells. Source: https://docs.api.coinstats.app/errors */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const message = (body as { message?: unknown } | null)?.message
  return status === 429 && message === 'Insufficient credits for this request' ? { reason: 'quota-exhausted', message } : undefined
}
