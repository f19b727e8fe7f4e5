/** Channels that exist whether or not somebody listens. Everybody is in `all`. */
export const CHANNELS = ['all', 'market', 'prices', 'news', 'alerts', 'providers', 'breakers', 'stats'] as const

const PREFIX = 'prices:'
// BTC, BTC/USD, BTC-EUR, BTCUSDT
const WRITTEN = /^([A-Z0-9.$]{1,20})[/-]([A-Z0-9]{2,10})$|^([A-Z0-9.$]{2,20}?)(USDT)$|^([A-Z0-9.$]{1,20})$/

/** What the router is asked for: `BTC` and `btc-usd` give `BTC/USD`. Undefined: that is no symbol. */
export function symbolOf(text: string): string | undefined {
  const [, base, quote, joined, dollars, alone] = WRITTEN.exec(text.trim().toUpperCase()) ?? []
  if (alone !== undefined) return `${alone}/USD`
  if (joined !== undefined) return `${joined}/${dollars}`
  return base === undefined ? undefined : `${base}/${quote}`
}

/** What clients see: `BTC` for `BTC/USD`, other pairs as they are. */
export const shortName = (symbol: string): string => (symbol.endsWith('/USD') ? symbol.slice(0, -4) : symbol)

/** The channel of one symbol's prices. */
export const priceChannel = (symbol: string): string => `${PREFIX}${shortName(symbol)}`

/** The symbol of a channel of prices. */
export const symbolOfChannel = (channel: string): string | undefined => (channel.startsWith(PREFIX) ? symbolOf(channel.slice(PREFIX.length)) : undefined)

/** A channel by the name that a client gives; undefined where there is no such channel. */
export function channelOf(name: string): string | undefined {
  const symbol = symbolOfChannel(name)
  if (symbol !== undefined) return priceChannel(symbol)
  return CHANNELS.find((channel) => channel === name)
}
