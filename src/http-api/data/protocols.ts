import type { DefiProtocol } from '../../model/chain.js'
import type { RouterResult } from '../../model/result.js'
import type { Asker } from './preferring.js'

/** So many of the largest are asked for, whatever is shown of them: one list in memory for all routes. */
export const PROTOCOLS = 500

/** The largest DeFi protocols by what is locked in them. */
export const protocols = (call: Asker): Promise<RouterResult<DefiProtocol[]>> => call.ask('defiProtocols', { limit: PROTOCOLS })

/** Protocols of one kind. */
export interface ProtocolCategory {
  readonly name: string
  readonly protocols: readonly DefiProtocol[]
  readonly tvlUsd: number
}

/** Protocols by their kind, that with the most locked first. Those whose kind is not told are left out. */
export function byCategory(all: readonly DefiProtocol[]): ProtocolCategory[] {
  const groups = new Map<string, DefiProtocol[]>()
  for (const protocol of all) {
    if (protocol.category === undefined) continue
    const group = groups.get(protocol.category)
    if (group) group.push(protocol)
    else groups.set(protocol.category, [protocol])
  }
  return [...groups]
    .map(([name, own]) => ({ name, protocols: own, tvlUsd: own.reduce((sum, { tvlUsd }) => sum + tvlUsd, 0) }))
    .toSorted((a, b) => b.tvlUsd - a.tvlUsd)
}
