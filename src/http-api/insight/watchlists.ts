import { badRequest, notFound } from '../failures.js'
import type { Api } from '../route.js'

/** Lists that are kept, and symbols of each. */
const [MOST_LISTS, MOST_SYMBOLS] = [100, 200]

/** Symbols by the list's name; in memory, for as long as the handler is. */
const lists = new WeakMap<Api, Map<string, readonly string[]>>()

function listsOf(api: Api): Map<string, readonly string[]> {
  const known = lists.get(api) ?? new Map<string, readonly string[]>()
  lists.set(api, known)
  return known
}

/** What is on a list now; nothing on one that there is not. */
export const watched = (api: Api, name: string): readonly string[] => listsOf(api).get(name) ?? []

/** Puts symbols on a list. Throws 400 where there would be too many. */
export function watch(api: Api, name: string, symbols: readonly string[]): void {
  const all = listsOf(api)
  if (!all.has(name) && all.size >= MOST_LISTS) throw badRequest(`${MOST_LISTS} watchlists are kept, and there are as many: clear one first`)
  const list = [...new Set([...(all.get(name) ?? []), ...symbols])]
  if (list.length > MOST_SYMBOLS) throw badRequest(`a watchlist has at most ${MOST_SYMBOLS} symbols, ${JSON.stringify(name)} would have ${list.length}`)
  all.set(name, list)
}

/** Takes symbols off a list. Throws 404 for a list that there is not. */
export function unwatch(api: Api, name: string, symbols: readonly string[]): void {
  const all = listsOf(api)
  const list = all.get(name)
  if (list === undefined) throw notFound(`there is no watchlist ${JSON.stringify(name)}`)
  const rest = list.filter((symbol) => !symbols.includes(symbol))
  if (rest.length === 0) all.delete(name)
  else all.set(name, rest)
}

/** Forgets a list. */
export const clearWatched = (api: Api, name: string): void => void listsOf(api).delete(name)
