import * as z from 'zod'
import { CAPABILITIES } from '../../model/capabilities.js'
import { coinField, figure, maybeIso, rounded, symbolField } from '../fields.js'
import { badRequest } from '../failures.js'
import { checkedBy } from '../input.js'
import { type Api, route } from '../route.js'
import { moment } from '../views/figures.js'
import { poolIdField } from '../views/pool-rows.js'
import { poolOf } from '../views/seen.js'

const text = z.string().min(1).max(200)
const texts = z.array(text).min(1).max(100)

/** What capabilities take, whichever it is; the router says what is missing or wrong for one. */
const parameters = {
  symbol: symbolField.optional(),
  symbols: texts.optional().describe('pairs for tickers, assets for news'),
  asset: text.optional().describe('symbol or name; of tokenTicker CAIP-19: eip155:1/erc20:0x…'),
  interval: text.optional().describe('1m … 1M'),
  limit: z.int().min(1).max(5_000).optional(),
  since: z.int().min(1).optional().describe('Unix ms'),
  depth: z.int().min(1).max(5_000).optional(),
  days: z.int().min(1).max(365).optional(),
  direction: z.enum(['gainers', 'losers']).optional(),
  names: texts.optional().describe('of indicators'),
  texts: texts.optional(),
  chain: text.optional().describe('CAIP-2: eip155:1'),
  account: text.optional().describe('CAIP-10'),
  hash: text.optional(),
  contract: text.optional(),
  slug: text.optional(),
}

const plan = route({
  method: 'GET',
  path: '/api/plan',
  tag: 'System',
  kind: 'state',
  summary: 'Whom a request would ask, in which order, whom not and why; asks nobody',
  errors: [404, 503],
  query: z.object({ capability: z.string().min(1).max(60).describe(Object.keys(CAPABILITIES).join(', ')), pool: poolIdField.optional(), ...parameters }),
  answer: z.object({
    capability: z.string(),
    candidates: z.array(
      z.object({
        provider: z.string(),
        cost: figure.describe('what the strategy says: the lowest comes first'),
        quota_cost: z.number().describe('units that the request takes there'),
        role: z.enum(['regular', 'last-resort']),
      }),
    ),
    excluded: z.array(z.object({ provider: z.string(), reason: z.string(), until: maybeIso })),
    cache: z.enum(['fresh', 'stale', 'none']),
  }),
  run({ api, query: { capability, pool, symbols, asset, ...params } }) {
    checkCapability(api, capability)
    if (pool !== undefined) poolOf(api, pool)
    const asked = { ...params, ...(asset && { asset: assetFor(capability, asset) }), ...(symbols && { symbols: symbolsFor(capability, symbols) }) }
    const { candidates, excluded, cache } = api.router.plan(capability as never, asked as never, { pool } as never)
    return {
      capability,
      candidates: candidates.map(({ provider, cost, quotaCost, role }) => ({ provider, cost: rounded(cost, 6), quota_cost: quotaCost, role })),
      excluded: excluded.map(({ provider, reason, until }) => ({ provider, reason, until: moment(until) })),
      cache,
    }
  },
})

/** Throws 400 for what nobody can be asked. A capability that a user added is known by who serves it. */
function checkCapability({ router }: Api, capability: string): void {
  if (Object.hasOwn(CAPABILITIES, capability) || router.providers.some(({ endpoints }) => Object.hasOwn(endpoints, capability))) return
  throw badRequest(`capability must be one of ${Object.keys(CAPABILITIES).join(', ')}, got ${JSON.stringify(capability)}`)
}

/** News are about assets, prices are of pairs. */
const symbolsFor = (capability: string, symbols: readonly string[]): string[] =>
  checkedBy(z.object({ symbols: z.array(capability === 'news' ? coinField : symbolField) }), { symbols }).symbols

/** Tokens are named by their contract, other assets by symbol. */
const assetFor = (capability: string, asset: string): string =>
  capability === 'tokenTicker' ? asset : checkedBy(z.object({ asset: coinField }), { asset }).asset

/** Whom a request would ask. */
export const planRoutes = [plan]
