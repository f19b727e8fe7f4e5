import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import { INTERVAL_MS, isInterval } from '../model/interval.js'

const NONE: ReadonlyMap<unknown, unknown> = new Map()
const SYMBOL = /^[^\s/]{1,40}\/[^\s/]{1,20}$/

/** Throws `ConfigError` for parameters that are wrong whatever the provider; the message names the value and the remedy. Symbols found `sound` before aren't looked at again. */
export function checkParams(capability: Capability, params: unknown, sound: ReadonlyMap<unknown, unknown> = NONE): void {
  if (typeof params !== 'object' || params === null) throw new ConfigError(`${capability}: params must be an object, got ${JSON.stringify(params)}`)
  const { symbol, symbols, interval, limit, depth, since, direction, asset } = params as Record<string, unknown>
  if (!sound.has(symbol) && (symbol !== undefined || BY_SYMBOL.has(capability))) checkSymbol(symbol)
  if (capability === 'tickers') checkSymbols(symbols)
  if ((capability === 'candles' || capability === 'indicators') && !isInterval(interval))
    throw new ConfigError(`interval must be one of ${Object.keys(INTERVAL_MS).join(', ')}, got ${show(interval)}`)
  if (limit !== undefined) checkCount('limit', limit)
  if (depth !== undefined) checkCount('depth', depth)
  if (since !== undefined && !(typeof since === 'number' && since > 0 && since < LATEST)) throw new ConfigError(`since must be Unix ms, got ${show(since)}`)
  if (capability === 'movers' && direction !== 'gainers' && direction !== 'losers')
    throw new ConfigError(`direction must be 'gainers' or 'losers', got ${show(direction)}`)
  if (BY_ASSET.has(capability) && (typeof asset !== 'string' || asset === '')) throw new ConfigError(`asset must be a text like 'BTC', got ${show(asset)}`)
  OWN_CHECKS[capability]?.(params as Record<string, unknown>)
}

const CHAIN = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/
// of dots alone it would be another place in a path
const ACCOUNT = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}:(?!(?:\.|%2[eE])+$)[-.%a-zA-Z0-9]{1,128}$/
const HASH = /^[a-zA-Z0-9]{1,128}$/
// what services have as the name of a collection, or of a file of it
const SLUG = /^(?!\.+$)[\w.~:-]{1,200}$/

const OWN_CHECKS: { readonly [C in Capability]?: (params: Record<string, unknown>) => void } = {
  news: ({ symbols }) => {
    if (symbols === undefined) return
    for (const symbol of checkTexts('symbols', symbols, `['BTC', 'ETH']`)) checkUpperCase('symbols', symbol)
  },
  chainTvl: checkChainName,
  yields: checkChainName,
  textSentiment: ({ texts }) => checkTexts('texts', texts, `['Bitcoin rises']`),
  indicators: ({ names }) => checkTexts('names', names, `['rsi', 'macd']`),
  forecast: ({ days }) => checkCount('days', days),
  gasPrice: ({ chain }) => checkForm('chain', chain, CHAIN, `a CAIP-2 id like 'eip155:1'`),
  blockNumber: ({ chain }) => checkForm('chain', chain, CHAIN, `a CAIP-2 id like 'eip155:1'`),
  balance: ({ account }) => checkForm('account', account, ACCOUNT, `a CAIP-10 id like 'eip155:1:0x52…'`),
  transaction: ({ chain, hash }) => {
    checkForm('chain', chain, CHAIN, `a CAIP-2 id like 'eip155:1'`)
    checkForm('hash', hash, HASH, 'letters and digits')
  },
  nftCollection: ({ slug, chain, contract }) => {
    if (slug !== undefined) return checkForm('slug', slug, SLUG, `the name of a collection like 'pudgypenguins'`)
    checkForm('chain', chain, CHAIN, `a CAIP-2 id like 'eip155:1', beside a contract; or give a slug`)
    checkForm('contract', contract, HASH, 'the address of a contract')
  },
}

function checkForm(name: string, value: unknown, form: RegExp, wanted: string): void {
  if (typeof value !== 'string' || !form.test(value)) throw new ConfigError(`${name} must be ${wanted}, got ${show(value)}`)
}

/** Chains that have no CAIP-2 id go by the name that the provider has for them. */
function checkChainName({ chain }: Record<string, unknown>): void {
  if (chain !== undefined && !isText(chain)) throw new ConfigError(`chain must be a text like 'eip155:1' or 'Ethereum', got ${show(chain)}`)
}

const isText = (text: unknown): text is string => typeof text === 'string' && text.trim() !== ''

function checkTexts(name: string, texts: unknown, like: string): readonly string[] {
  if (Array.isArray(texts) && texts.length > 0 && texts.every(isText)) return texts
  throw new ConfigError(`${name} must be a list of texts like ${like}, got ${show(texts)}`)
}

/** Later ones were meant in another unit: microseconds are sixteen digits. */
const LATEST = Date.UTC(2100, 0, 1)

const BY_SYMBOL: ReadonlySet<string> = new Set<Capability>(['ticker', 'candles', 'volume', 'orderBook', 'trades', 'indicators', 'forecast'])
const BY_ASSET: ReadonlySet<string> = new Set<Capability>(['tokenTicker', 'social', 'networkMetrics'])

function checkSymbol(symbol: unknown): void {
  if (typeof symbol !== 'string' || !SYMBOL.test(symbol)) throw new ConfigError(`symbol must be BASE/QUOTE like 'BTC/USD', got ${show(symbol)}`)
  checkUpperCase('symbol', symbol)
}

function checkUpperCase(name: string, symbol: string): void {
  if (symbol !== symbol.toUpperCase()) throw new ConfigError(`${name} must be in upper case, got '${symbol}': ask for '${symbol.toUpperCase()}'`)
}

function checkSymbols(symbols: unknown): void {
  if (!Array.isArray(symbols) || symbols.length === 0) throw new ConfigError(`symbols must be a list like ['BTC/USD', 'ETH/USD'], got ${show(symbols)}`)
  for (const symbol of symbols) checkSymbol(symbol)
}

function checkCount(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1) throw new ConfigError(`${name} must be a whole number ≥ 1, got ${show(value)}`)
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
