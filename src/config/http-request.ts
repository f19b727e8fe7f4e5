import { baseOf, pairOf } from '../model/symbol.js'
import { accountOf } from '../provider/chain/accounts.js'
import type { HttpRequest, NativeIds } from '../provider/provider.js'
import type { Json } from './clean.js'
import type { HttpEndpointDefinition } from './schema.js'
import { filled, filledIn, pathOf, type Values } from './template.js'

/** Parameters of a question, whatever it asks. */
export type Params = Readonly<Record<string, unknown>>

/** Answers of a described source are cut off sooner than those of known ones. */
const MOST_BYTES = 8_000_000

/** What `asked` may use. */
export interface Asking {
  readonly provider: string
  readonly native: NativeIds
  readonly now: number
}

/** How a market is called there. */
export const marketName = (endpoint: HttpEndpointDefinition, symbol: string, native: NativeIds): string | undefined =>
  filled(endpoint.market ?? '{base}/{quote}', pairValues(symbol, native))

/** The request that a description asks with. */
export function asked(endpoint: HttpEndpointDefinition, params: Params, { provider, native, now }: Asking): HttpRequest {
  const values = valuesOf(params, endpoint, native, now)
  const { path, query = {}, method, headers, body, maxBytes = MOST_BYTES } = endpoint
  return {
    path: pathOf(path, values, provider),
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? filled(value, values) : value])),
    ...(method && { method }),
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerOf(filled(value, values))])) }),
    ...(body !== undefined && { body: filledIn(body as Json, values) }),
    maxBytes,
  }
}

/** Whether the description has what is asked for. */
export function isServed({ symbol, symbols, interval, chain, account }: Params, { quotes, intervals, chains }: HttpEndpointDefinition): boolean {
  const pairs = [symbol, ...(Array.isArray(symbols) ? (symbols as unknown[]) : [])].filter((one) => typeof one === 'string')
  if (quotes && pairs.length > 0 && !pairs.some((one) => quotes.includes(pairOf(one).quote))) return false
  if (intervals && typeof interval === 'string' && !Object.hasOwn(intervals, interval)) return false
  const where = typeof account === 'string' ? accountOf(account).chain : chain
  return chains === undefined || typeof where !== 'string' || Object.hasOwn(chains, where)
}

const headerOf = (value: string | undefined): string => (value ?? '').replaceAll(/[^\x20-\x7e]/g, '')

function pairValues(symbol: string, native: NativeIds): Values {
  const { base, quote } = pairOf(symbol)
  return { symbol, base, quote, id: native[base] ?? base }
}

/** What stands for each name of a template. */
function valuesOf(params: Params, endpoint: HttpEndpointDefinition, native: NativeIds, now: number): Values {
  const { symbol, symbols, asset, interval, chain, account } = params
  const { chain: ownChain, address } = typeof account === 'string' ? accountOf(account) : { chain, address: undefined }
  return {
    ...plainOf(params),
    now,
    ...(typeof symbol === 'string' && { ...pairValues(symbol, native), market: marketName(endpoint, symbol, native) }),
    ...(Array.isArray(symbols) && listValues(symbols as string[], endpoint, native)),
    ...(typeof asset === 'string' && { id: native[asset] ?? asset }),
    ...(typeof interval === 'string' && { interval: named(endpoint.intervals, interval) }),
    ...(typeof ownChain === 'string' && { chain: named(endpoint.chains, ownChain), address }),
  }
}

const plainOf = (params: Params): Values =>
  Object.fromEntries(Object.entries(params).filter((entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number'))

const listValues = (symbols: readonly string[], endpoint: HttpEndpointDefinition, native: NativeIds): Values => ({
  symbols: symbols.join(),
  markets: symbols.map((symbol) => marketName(endpoint, symbol, native)).join(),
  bases: [...new Set(symbols.map(baseOf))].join(),
  ids: [...new Set(symbols.map((symbol) => native[baseOf(symbol)] ?? baseOf(symbol)))].join(),
})

const named = (names: HttpEndpointDefinition['intervals'], own: string): string => (names && Object.hasOwn(names, own) ? String(names[own]) : own)
