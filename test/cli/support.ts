import type { Capability, DataOf } from '../../src/model/capabilities.js'
import type { RouterResult } from '../../src/model/result.js'
import type { AnyProvider, ProviderOptions } from '../../src/provider/provider.js'
import type { CliIO, CliRouter, Factory, Output, RouterSetup } from '../../src/cli/io.js'
import { run } from '../../src/cli/run.js'

const call = (): Promise<never> => Promise.reject(new Error('not asked here'))

/** A provider of which only the facts matter. */
function provider(id: string, facts: Partial<AnyProvider> = {}): AnyProvider {
  return { id, name: id, homepage: `https://${id}.example`, docs: `https://${id}.example/docs`, endpoints: { ticker: { call } }, ...facts }
}

/** An answer with all that the contract promises. */
export function result<T>(data: T, facts: Partial<RouterResult<T>> = {}): RouterResult<T> {
  return { data, provider: 'kraken', source: 'network', fetchedAt: 0, ageMs: 0, latencyMs: 12, attempts: [], ...facts }
}

export const ticker = (symbol: string, last = 65_000): DataOf<'ticker'> => ({
  symbol,
  base: symbol.split('/')[0] ?? '',
  quote: symbol.split('/')[1] ?? '',
  last,
  change24hPercent: 1.5,
})

/** Collects what is written. */
export function collector(facts: { isTTY?: boolean; columns?: number } = {}): Output & { text: string } {
  return {
    text: '',
    ...facts,
    write(text: string) {
      this.text += text
      return true
    },
  }
}

export interface Asked {
  readonly capability: Capability
  readonly params: unknown
  readonly options: unknown
}

export interface Rig extends CliIO {
  readonly stdout: ReturnType<typeof collector>
  readonly stderr: ReturnType<typeof collector>
  readonly setups: RouterSetup[]
  readonly asked: Asked[]
  readonly closed: () => number
}

/** The world around the command, with a router that answers by `answer`. */
export function rig(
  answer: (asked: Asked) => unknown = () => result(ticker('BTC/USD')),
  facts: Partial<CliIO & Pick<CliRouter, 'plan' | 'checkHealth'>> = {},
): Rig {
  const { plan, checkHealth, ...io } = facts
  const [setups, asked]: [RouterSetup[], Asked[]] = [[], []]
  let closed = 0
  const router: CliRouter = {
    // Typed by the capability in the real one; here a test says what comes.
    request: async (capability, params, options) => {
      asked.push({ capability, params, options })
      return (await answer({ capability, params, options })) as RouterResult<never>
    },
    plan: plan ?? (() => ({ capability: 'ticker', candidates: [], excluded: [], cache: 'none' })),
    checkHealth: checkHealth ?? (async () => []),
    close: () => {
      closed += 1
    },
  }
  const registry: Record<string, Factory> = {
    kraken: (options) => provider('kraken', keyed(options)),
    'needs-key': (options) => provider('needs-key', { key: { required: true, in: 'header', name: 'x-key' }, ...keyed(options) }),
    gecko: () => provider('gecko', { role: 'last-resort', assets: { BTC: 'bitcoin', ETH: 'ethereum', USDT: 'tether' }, minSpacingMs: 10_000 }),
  }
  return {
    env: {},
    stdout: collector(),
    stderr: collector(),
    registry,
    signal: new AbortController().signal,
    now: () => 1_000_000,
    createRouter: (setup) => {
      setups.push(setup)
      return router
    },
    ...io,
    setups,
    asked,
    closed: () => closed,
  } as Rig
}

// Shows in a test which key the factory was given, without Secret around it.
const keyed = (options: ProviderOptions | undefined): Partial<AnyProvider> => (typeof options?.apiKey === 'string' ? { plan: options.apiKey } : {})

export const feedmux = (io: CliIO, line: string): Promise<0 | 1 | 2> => run(line.split(' ').filter(Boolean), io, '1.2.3')
