import { parseArgs } from 'node:util'
import type { ServerOptions } from './start.ts'

/** How the server is called. */
export const USAGE = `npm run example:server                        simulated providers, no network needed
npm run example:server -- --live              the real services
npm run example:server -- --seed 7            other simulated prices (default: 1)
npm run example:server -- --port 9000         instead of PORT (default: 8000)
npm run example:server -- --host 127.0.0.1    instead of HOST (default: 0.0.0.0)

Everything else stands in the environment: see .env.example.`

/** A setting that is wrong. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Options out of the command line and the environment. Throws `SettingError` naming what is wrong. */
export function settingsFrom(args: readonly string[], env: Environment): ServerOptions {
  const { live, seed, port, host } = argumentsOf(args)
  const set = (name: string): string | undefined => env[name]?.trim() || undefined
  const url = set('ALERT_WEBHOOK_URL')
  return {
    port: whole('the port', port ?? set('PORT') ?? '8000', 0, 65_535),
    host: host ?? set('HOST') ?? '0.0.0.0',
    live: live || flag('LIVE', set('LIVE'), false),
    seed: whole('--seed', seed ?? '1', 0, Number.MAX_SAFE_INTEGER),
    token: set('FEEDMUX_API_TOKEN'),
    database: set('DATABASE') ?? 'data/history.sqlite',
    retention: { days: whole('HISTORY_DAYS', set('HISTORY_DAYS') ?? '30', 1, 3_650) },
    redisUrl: set('REDIS_URL'),
    rateLimit: rateLimitOf(set('RATE_LIMIT')),
    trustProxy: set('TRUST_PROXY') === undefined ? undefined : whole('TRUST_PROXY', set('TRUST_PROXY') ?? '', 0, 10),
    cors: originsOf('CORS_ORIGINS', set('CORS_ORIGINS')),
    webhook: url === undefined ? undefined : { url, secret: set('ALERT_WEBHOOK_SECRET') ?? '' },
    keys: keysOf(set),
    sentiment: flag('ENABLE_SENTIMENT', set('ENABLE_SENTIMENT'), true),
    models: { social: set('SENTIMENT_SOCIAL_MODEL'), news: set('SENTIMENT_NEWS_MODEL') },
  }
}

function argumentsOf(args: readonly string[]): { live: boolean; seed?: string | undefined; port?: string | undefined; host?: string | undefined } {
  try {
    const text = { type: 'string' } as const
    return parseArgs({ args: [...args], options: { live: { type: 'boolean', default: false }, seed: text, port: text, host: text } }).values
  } catch (error) {
    throw new SettingError(error instanceof Error ? error.message : String(error))
  }
}

const keysOf = (set: (name: string) => string | undefined): NonNullable<ServerOptions['keys']> => ({
  huggingFace: set('HF_TOKEN'),
  etherscan: set('ETHERSCAN_KEY'),
  coinmarketcap: set('COINMARKETCAP_KEY'),
  coingecko: set('COINGECKO_KEY'),
  newsapi: set('NEWSAPI_KEY'),
  cryptocompare: set('CRYPTOCOMPARE_KEY'),
})

// LIVE=1 must not give made-up prices in silence
function flag(name: string, text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  throw new SettingError(`${name} must be true or false, got ${JSON.stringify(text)}`)
}

function whole(name: string, text: string, least: number, most: number): number {
  if (/^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new SettingError(`${name} must be a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`)
}

/** Requests of one client in a minute; 0 turns the limit off. */
function rateLimitOf(text: string | undefined): ServerOptions['rateLimit'] {
  if (text === undefined) return undefined
  const requests = whole('RATE_LIMIT', text, 0, 1_000_000)
  return requests === 0 ? false : { requests }
}

// one that browsers write in another way would never be allowed, and `null` is any page in a sandbox
function originsOf(name: string, text: string | undefined): readonly string[] | undefined {
  const origins = text?.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
  const wrong = origins?.find((one) => !URL.canParse(one) || new URL(one).origin !== one)
  if (wrong === undefined) return origins
  throw new SettingError(`${name} must be origins like https://example.com, separated by commas and without a path, got ${JSON.stringify(wrong)}`)
}
