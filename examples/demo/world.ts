import { market, randomFrom } from './market.ts'
import { type Fault, startUpstream, type Upstream, type UpstreamDefinition } from './server.ts'
import { alternativeMe } from './upstreams/alternative-me.ts'
import { binance } from './upstreams/binance.ts'
import { coinbase } from './upstreams/coinbase.ts'
import { coingecko, coingeckoPro } from './upstreams/coingecko.ts'
import { coinpaprika } from './upstreams/coinpaprika.ts'
import { defillama } from './upstreams/defillama.ts'
import { coindeskRss, cointelegraphRss, decryptRss, theblockRss } from './upstreams/feeds.ts'
import { kraken } from './upstreams/kraken.ts'
import { drpc, publicnode } from './upstreams/nodes.ts'
import { okx } from './upstreams/okx.ts'
import { reddit } from './upstreams/reddit.ts'

const BINANCE_HOSTS = 3
const OTHERS = [coindeskRss, cointelegraphRss, decryptRss, theblockRss, publicnode, drpc, defillama, reddit]

/** Simulated providers on loopback, and what is wrong with them: seven of the market, four feeds of news, two nodes of Ethereum, DefiLlama and Reddit. */
export interface World {
  readonly assets: readonly string[]
  /** Those of the market. */
  readonly ids: readonly string[]
  /** All of them. */
  readonly everyId: readonly string[]
  /** All of its servers: Binance has several. */
  upstreams(id: string): readonly Upstream[]
  hosts(id: string): string[]
  setFault(id: string, fault: Fault | undefined, host?: number): Promise<void>
  /** How often the servers of `id` showed this fault to a caller. */
  shown(id: string, kind: Fault['kind']): number
  close(): Promise<void>
}

/** How a world may differ. */
export interface WorldOptions {
  /** Whose limits CoinGecko keeps. @default 'keyless' */
  readonly coingecko?: 'keyless' | 'pro'
}

/** Starts them all. */
export async function startWorld(seed: number, { coingecko: plan = 'keyless' }: WorldOptions = {}): Promise<World> {
  const prices = market(seed)
  const random = randomFrom(seed + 1)
  const ofMarket: UpstreamDefinition[] = [binance, kraken, coinbase, okx, coinpaprika, plan === 'pro' ? coingeckoPro : coingecko, alternativeMe].map((define) =>
    define(prices),
  )
  const definitions = [...ofMarket, ...OTHERS.map((define) => define(prices))]
  const running = new Map<string, readonly Upstream[]>()
  for (const definition of definitions) {
    const count = definition.id === 'binance' ? BINANCE_HOSTS : 1
    running.set(definition.id, await Promise.all(Array.from({ length: count }, () => startUpstream(definition, { random }))))
  }
  const upstreams = (id: string): readonly Upstream[] => running.get(id) ?? []
  return {
    assets: prices.assets,
    ids: ofMarket.map(({ id }) => id),
    everyId: definitions.map(({ id }) => id),
    upstreams,
    hosts: (id) => upstreams(id).map(({ url }) => url),
    async setFault(id, fault, host) {
      const chosen = upstreams(id).filter((_, index) => host === undefined || index === host)
      await Promise.all(chosen.map((upstream) => upstream.setFault(fault)))
    },
    shown: (id, kind) => upstreams(id).reduce((sum, upstream) => sum + upstream.shown(kind), 0),
    async close() {
      await Promise.all([...running.values()].flat().map((upstream) => upstream.close()))
    },
  }
}
