import * as z from 'zod'
import { ASSETS } from '../../model/assets.js'
import type { Asset, AssetMarket, Ticker } from '../../model/market.js'
import { figure, known, words } from '../fields.js'

/** An asset with its price, as lists show it. */
export const coinRowField = z.object({
  id: z.string(),
  symbol: z.string(),
  name: words,
  image: words,
  current_price: figure.describe('in dollars'),
  market_cap: figure.describe('in dollars'),
  market_cap_rank: figure,
  price_change_24h: figure.describe('percent'),
  total_volume: figure.describe('of 24 h, in dollars'),
})

/** An asset of a list, with its price where there is one. */
export const coinRow = ({ id, symbol, name, rank }: Asset, ticker: Ticker | undefined): z.input<typeof coinRowField> => ({
  id,
  symbol,
  name: known(name),
  image: null, // no capability tells one
  current_price: known(ticker?.last),
  market_cap: known(ticker?.marketCap),
  market_cap_rank: known(rank),
  price_change_24h: known(ticker?.change24hPercent),
  total_volume: known(ticker?.quoteVolume24h),
})

/** The same of a mover. */
export const moverRow = ({ id, symbol, name, rank, ...market }: AssetMarket): z.input<typeof coinRowField> => ({
  id,
  symbol,
  name: known(name ?? (Object.hasOwn(ASSETS, symbol) ? ASSETS[symbol]?.name : undefined)), // exchanges tell symbols only
  image: null,
  current_price: market.priceUsd,
  market_cap: known(market.marketCapUsd),
  market_cap_rank: known(rank),
  price_change_24h: known(market.change24hPercent),
  total_volume: known(market.volume24hUsd),
})
