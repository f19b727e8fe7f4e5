import { ASSETS } from '../../model/assets.js'
import type { Asset } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { notFound } from '../failures.js'
import { inOrder, listed, SEARCHED } from './listed.js'
import { type Asker, isUnanswered } from './preferring.js'
import { type Missing, reasonOf } from './together.js'

/** An asset that was named, and whose list it stands in. */
export interface FoundCoin {
  readonly asset: Asset
  readonly list: RouterResult<Asset[]> | undefined
  readonly missing: readonly Missing[]
}

/** What can be a symbol; ids have dashes. */
const PLAIN = /^[\p{L}\p{N}]{1,20}$/u

/**
 * The asset of an id as providers write it (`btc-bitcoin`), a symbol or a name; `coin` is what `coinField` makes of it. Throws 404 for an id that no
 * list has, and for an asset whose symbol is a larger one's; whether there is such a symbol those say who have prices.
 */
export async function findCoin(call: Asker, coin: string): Promise<FoundCoin> {
  const { list, missing } = await lists(call)
  const all = inOrder(list?.data ?? [])
  const asset = all.find((one) => isNamed(one, coin)) ?? ownAsset(coin)
  if (asset !== undefined) {
    const owner = all.find(({ symbol }) => symbol === asset.symbol) ?? asset
    if (owner.id !== asset.id) throw notFound(`the price of ${asset.id} is not told: prices of ${asset.symbol} are those of the larger ${owner.id}`)
    return { asset, list, missing }
  }
  if (list === undefined || PLAIN.test(coin)) return { asset: { id: coin, symbol: coin }, list, missing } // a small one may be traded: those who have prices decide
  throw notFound(`no asset ${JSON.stringify(coin)} among the ${list.data.length} largest: POST /api/coins/search finds ids`)
}

/** The symbol alone, without asking anybody where the own table has it. */
export async function symbolOfCoin(call: Asker, coin: string): Promise<string> {
  return Object.hasOwn(ASSETS, coin) ? coin : (await findCoin(call, coin)).asset.symbol
}

async function lists(call: Asker): Promise<{ list: RouterResult<Asset[]> | undefined; missing: readonly Missing[] }> {
  try {
    return { list: await listed(call, SEARCHED), missing: [] }
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return { list: undefined, missing: [{ part: 'rank', reason: reasonOf(error) }] }
  }
}

const isNamed = ({ id, symbol, name }: Asset, coin: string): boolean => [symbol, id, name].some((one) => one?.toUpperCase() === coin.toUpperCase())

function ownAsset(coin: string): Asset | undefined {
  const own = Object.hasOwn(ASSETS, coin) ? ASSETS[coin] : undefined
  return own === undefined ? undefined : { id: coin, symbol: coin, ...own }
}

/** Assets with these words in symbol, name or id: the very symbol first, then what begins so, larger ones before smaller ones. */
export function searched(assets: readonly Asset[], words: string): Asset[] {
  const wanted = words.trim().toLowerCase()
  const place = ({ id, symbol, name = '' }: Asset): number => {
    const texts = [symbol, name, id].map((text) => text.toLowerCase())
    if (texts.includes(wanted)) return 0
    if (texts.some((text) => text.startsWith(wanted))) return 1
    return texts.some((text) => text.includes(wanted)) ? 2 : 3
  }
  const places = inOrder(assets).map((asset) => ({ asset, at: place(asset) }))
  return places
    .filter(({ at }) => at < 3)
    .toSorted((a, b) => a.at - b.at)
    .map(({ asset }) => asset)
}
