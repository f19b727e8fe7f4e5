import { STRATEGY_NAMES } from './choose.js'
import type { CliIO, ExitCode } from './io.js'

/** What was written behind dashes, still as text. */
export interface Flags {
  readonly json?: boolean
  readonly provider?: readonly string[]
  readonly strategy?: string
  readonly timeout?: string
  /** Seconds, or true where none were written. */
  readonly watch?: string | true
  readonly interval?: string
  readonly limit?: string
  readonly depth?: string
  readonly agree?: string
  readonly days?: string
}

/** One option as the help shows it. */
export interface Option {
  readonly flags: string
  readonly description: string
  /** Takes several values, apart by commas or by repeating the option. */
  readonly list?: true
}

/** One command of `feedmux`. */
export interface CommandDefinition {
  readonly name: string
  /** `<needed>`, `[optional]`, `...` for several. */
  readonly takes?: string
  readonly description: string
  readonly examples: readonly string[]
  readonly options: readonly Option[]
  run(io: CliIO, args: readonly string[], flags: Flags): Promise<ExitCode>
}

/** For all commands. */
export const JSON_OPTION: Option = { flags: '--json', description: 'print JSON; with --watch one line each time' }

/** For commands that set up a router. */
export const ROUTER_OPTIONS: readonly Option[] = [
  JSON_OPTION,
  { flags: '-p, --provider <ids>', description: 'only these, in this order (kraken,binance)', list: true },
  { flags: '-s, --strategy <name>', description: STRATEGY_NAMES.join(', ') },
  { flags: '-t, --timeout <ms>', description: 'for the whole request: 800, 5s (default: 10s)' },
]

/** For commands whose answer changes. */
export const WATCH_OPTION: Option = { flags: '-w, --watch [seconds]', description: 'repeat until Ctrl-C (default: every 10 s)' }

/** Of figures that can be compared. */
export const AGREE_OPTION: Option = { flags: '-a, --agree <n>', description: 'ask so many independent sources, 2 to 10, and compare them' }
/** Of candles. */
export const INTERVAL_OPTION: Option = { flags: '-i, --interval <length>', description: '1m … 1h … 1d, 1w, 1M (default: 1h)' }
/** Of indicators, which are read over days. */
export const DAILY_INTERVAL_OPTION: Option = { ...INTERVAL_OPTION, description: INTERVAL_OPTION.description.replace('1h)', '1d)') }
/** Of lists. */
export const LIMIT_OPTION: Option = { flags: '-l, --limit <n>', description: 'how many (candles: 24, days of fear & greed: 7, articles: 10)' }
/** Of forecasts. */
export const DAYS_OPTION: Option = { flags: '-d, --days <n>', description: 'how far ahead, 1 to 30 (default: 7)' }
/** Of order books. */
export const DEPTH_OPTION: Option = { flags: '-d, --depth <n>', description: 'orders on each side (default: 10)' }
