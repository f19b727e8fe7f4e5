/**
 * What the press calls an asset. A name in lower case is meant in any case; one with a capital is an ordinary word as well, and is meant only as it
 * stands here.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  AAVE: ['aave'],
  ADA: ['cardano'],
  ALGO: ['algorand'],
  APT: ['aptos'],
  ARB: ['arbitrum'],
  ATOM: ['Cosmos'],
  AVAX: ['Avalanche'],
  BCH: ['bitcoin cash'],
  BNB: ['bnb chain', 'binance coin'],
  BTC: ['bitcoin'],
  DOGE: ['dogecoin'],
  DOT: ['polkadot'],
  ETC: ['ethereum classic'],
  ETH: ['ethereum', 'ether'],
  FIL: ['filecoin'],
  HBAR: ['hedera'],
  ICP: ['internet computer'],
  LINK: ['chainlink'],
  LTC: ['litecoin'],
  NEAR: ['near protocol'],
  OP: ['Optimism'],
  PEPE: ['pepecoin', 'Pepe'],
  POL: ['Polygon'],
  SHIB: ['shiba inu'],
  SOL: ['solana'],
  SUI: ['Sui'],
  TON: ['toncoin'],
  TRX: ['Tron'],
  UNI: ['uniswap'],
  USDC: ['usd coin'],
  USDT: ['Tether'],
  XLM: ['Stellar'],
  XMR: ['monero'],
  XRP: ['Ripple'],
  ZEC: ['zcash'],
}

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([symbol, names]) => names.map((name) => [name.toLowerCase(), symbol] as const)),
)

/** What to look for in the general press; nothing for an asset whose name is not known here. */
export const namesOf = (symbol: string): readonly string[] => (Object.hasOwn(NAMES, symbol) ? (NAMES[symbol] ?? []) : [])

/** The asset that a name, in any case, or a symbol in upper case stands for. */
export const symbolNamed = (name: string): string | undefined => (Object.hasOwn(NAMES, name) ? name : BY_NAME.get(name.toLowerCase()))

/** Symbols among the tags of an article, most of which name something else. */
export const symbolsAmong = (tags: readonly unknown[]): string[] => tags.flatMap((tag) => (typeof tag === 'string' ? (symbolNamed(tag.trim()) ?? []) : []))

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)

/** Any of the names as a word of its own: not the bitcoin of Bitcoin Cash. */
const wordOf = (names: readonly string[], flags: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${names.map(literal).join('|')})(?![\p{L}\p{N}]|[ -](?:cash|classic|sv)(?![\p{L}\p{N}]))`, flags)

const isLoose = (name: string): boolean => name === name.toLowerCase()

/** Symbols that are ordinary words where everything is in upper case. */
const WORDS = new Set('AI APE APT ATOM DOT FLOW GAS HOT LINK MOVE NEAR ONE OP SAFE SAND TON WIN'.split(' '))
/** What tells a symbol from a word: `$A`, `#A`, `(A)`, `A/USD`. */
const marked = (symbol: string): string[] => [`$${symbol}`, `#${symbol}`, `(${symbol})`, `${symbol}/USD`]

/**
 * Whether a text speaks of one of the assets: by symbol in upper case, or by name. A single letter is a symbol only where it is marked as one, and so is
 * an ordinary word in a headline without a letter in lower case.
 */
export function speaksOf(symbols: readonly string[]): (text: string) => boolean {
  const names = symbols.flatMap(namesOf)
  const proper = names.filter((name) => !isLoose(name))
  const exact = (isWord: (symbol: string) => boolean): RegExp => wordOf([...symbols.flatMap((one) => (isWord(one) ? marked(one) : one)), ...proper], 'u')
  const [said, shouted] = [exact(({ length }) => length === 1), exact((one) => one.length === 1 || WORDS.has(one))]
  const loose = names.some(isLoose) ? wordOf(names.filter(isLoose), 'iu') : undefined
  return (text) => (/\p{Ll}/u.test(text) ? said : shouted).test(text) || loose?.test(text) === true
}
