import { market, randomFrom } from './market.ts'
import { type Fault, startUpstream, type Upstream, type UpstreamDefinition } from './server.ts'
import { alternativeMe } from './upstreams/alternative-me.ts'
import { binance } from './upstreams/binance.ts'
import { coinbase } from './upstreams/coinbase.ts'
import { coingecko } from './upstreams/coingecko.ts'
import { coinpaprika } from './upstreams/coinpaprika.ts'
import { coindeskRss, decryptRss } from './upstreams/feeds.ts'
import { kraken } from './upstreams/kraken.ts'
import { drpc, publicnode } from './upstreams/nodes.ts'
import { okx } from './upstreams/okx.ts'

const BINANCE_HOSTS = 3

/** Simulated providers on loopback, and what is wrong with them: seven of the market, two feeds of news, two nodes of Ethereum. */
export interface World {
  readonly assets: readonly string[]
  /** Those of the market. */
  readonly ids: readonly string[]
  /** All of its servers: Binance has several. */
  upstreams(id: string): readonly Upstream[]
  hosts(id: string): string[]
  setFault(id: string, fault: Fault | undefined, host?: number): Promise<void>
  /** How often the servers of `id` showed this fault to a caller. */
  shown(id: string, kind: Fault['kind']): number
  close(): Promise<void>
}

export async function startWorld(seed: number): Promise<World> {
  const prices = market(seed)
  const random = randomFrom(seed + 1)
  const ofMarket: UpstreamDefinition[] = [binance, kraken, coinbase, okx, coinpaprika, coingecko, alternativeMe].map((define) => define(prices))
  const definitions = [...ofMarket, ...[coindeskRss, decryptRss, publicnode, drpc].map((define) => define(prices))]
  const running = new Map<string, readonly Upstream[]>()
  for (const definition of definitions) {
    const count = definition.id === 'binance' ? BINANCE_HOSTS : 1
    running.set(definition.id, await Promise.all(Array.from({ length: count }, () => startUpstream(definition, { random }))))
  }
  const upstreams = (id: string): readonly Upstream[] => running.get(id) ?? []
  return {
    assets: prices.assets,
    ids: ofMarket.map(({ id }) => id),
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
