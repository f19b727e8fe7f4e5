import { alternativeMe, coinbase, coingecko, coinpaprika, kraken, okx } from 'feedmux/providers'
import type { World } from '../../examples/demo/world.ts'

/** Address of a real service → that of its simulation, for examples that run as they are. */
export type Redirects = Readonly<Record<string, string>>

/** Those of the providers that the serverless examples ask. */
export function redirectsOf(world: World): Redirects {
  const providers = [coinbase(), kraken(), okx(), coinpaprika(), coingecko(), alternativeMe()]
  return Object.fromEntries(providers.flatMap(({ id, hosts = [] }) => hosts.map((host, n) => [host, at(world.hosts(id), n)] as const)))
}

function at(hosts: readonly string[], n: number): string {
  const host = hosts[n % hosts.length]
  if (host === undefined) throw new Error('the simulated world has no such provider')
  return host
}

/** Where a request really goes. Throws for a service that is not simulated: nothing leaves the machine. */
export function redirected(url: string, redirects: Redirects): string {
  const found = Object.entries(redirects).find(([host]) => url.startsWith(`${host}/`))
  if (found === undefined) throw new TypeError(`no test asks ${url}`)
  return found[1] + url.slice(found[0].length)
}
