import { type Market, randomFrom } from '../market.ts'
import type { Reply, UpstreamDefinition } from '../server.ts'

const BLOCK_MS = 12_000
const GWEI = 1e9
const hex = (value: number): string => `0x${Math.round(value).toString(16)}`

/** A node of Ethereum over JSON-RPC, as far as gas and the newest block. */
function node(id: string, tooMany: (retryAfterS: number) => Reply): (market: Market) => UpstreamDefinition {
  return () => ({
    id,
    limits: [{ units: 600, perMs: 60_000 }],
    answer({ now, body }) {
      const { id: asked, method } = (body ?? {}) as { id?: unknown; method?: string }
      const block = Math.floor(now / BLOCK_MS)
      const base = (1 + randomFrom(block)() * 20) * GWEI
      const results: Readonly<Record<string, unknown>> = {
        eth_blockNumber: hex(block),
        eth_gasPrice: hex(base * 1.1),
        eth_feeHistory: {
          oldestBlock: hex(block - 4),
          baseFeePerGas: Array.from({ length: 6 }, () => hex(base)),
          gasUsedRatio: [0.4, 0.5, 0.6, 0.5, 0.5],
          reward: Array.from({ length: 5 }, () => [hex(0.1 * GWEI), hex(0.5 * GWEI), hex(2 * GWEI)]),
        },
      }
      const result = results[method ?? '']
      const error = { code: -32_601, message: `the method ${method} does not exist/is not available` }
      return { body: { jsonrpc: '2.0', id: asked, ...(result === undefined ? { error } : { result }) } }
    },
    tooMany,
    lies: [() => ({ body: { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'header not found' } } })],
  })
}

export const publicnode = node('publicnode', (retryAfterS) => ({
  status: 429,
  headers: { 'retry-after': String(retryAfterS) },
  body: { error: 'rate limited' },
}))
/** Tells its limit inside a 200. */
export const drpc = node('drpc', () => ({
  body: { jsonrpc: '2.0', id: 1, error: { code: 15, message: 'You reached Public endpoint rate limit, please upgrade to paid plan' } },
}))
