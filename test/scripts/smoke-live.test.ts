import { afterEach, expect, it } from 'vitest'
import { smoke, type SmokeWorld } from '../../scripts/smoke-live.mjs'
import { providersOf } from '../../src/cli/choose.js'
import type { Factory } from '../../src/cli/io.js'
import { alternativeMe } from '../../src/providers/alternative-me.js'
import { coinbase } from '../../src/providers/coinbase.js'
import { coincodex } from '../../src/providers/coincodex.js'
import { dexscreener } from '../../src/providers/dexscreener.js'
import { pyth } from '../../src/providers/pyth.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { endUpstreams, html, json, refusing, silent, upstream } from '../support/upstreams.js'

const TICKER = { trade_id: 1, price: '60000.5', size: '0.1', bid: '60000', ask: '60001', volume: '900.5' }
const freshTicker = () => ({ ...TICKER, time: new Date().toISOString() })

afterEach(endUpstreams)

/** The script in a world of these providers only, each with its service at the address given. */
async function asking(
  services: readonly (readonly [make: Factory, url: string])[],
  argv: readonly string[] = [],
  world: Partial<SmokeWorld> = {},
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const registry: Record<string, Factory> = Object.fromEntries(services.map(([make, url]) => [make().id, (options) => make({ ...options, hosts: [url] })]))
  const code = await smoke(argv, { Router: ProviderRouter, registry, providersOf, env: {}, print: (line) => void lines.push(line), pauseMs: 0, ...world })
  return { code, lines }
}

it('tells the value, the latency and the age of an answer', async () => {
  const { url } = await json(200, freshTicker())
  const { code, lines } = await asking([[coinbase, url]])
  expect(lines).toEqual([
    expect.stringMatching(/^answered {2}coinbase {8}ticker BTC\/USD: 60000\.5, \d+ ms, \d s old$/),
    '1 answered, 0 drift, 0 failed, 0 skipped',
  ])
  expect(code).toBe(0)
})

it('says that the age is unknown where the service does not tell it', async () => {
  const token = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
  const pair = { chainId: 'ethereum', dexId: 'uniswap', pairAddress: '0x1', baseToken: { address: token, name: 'Wrapped Ether', symbol: 'WETH' } }
  const { url, asked } = await json(200, [
    { ...pair, quoteToken: { address: '0x2', name: 'Tether', symbol: 'USDT' }, priceNative: '3000', priceUsd: '3000.25', liquidity: { usd: 1e7 } },
  ])
  const { lines } = await asking([[dexscreener, url]])
  expect(asked).toEqual([expect.stringContaining(token)])
  expect(lines[0]).toMatch(new RegExp(`^answered  dexscreener     tokenTicker eip155:1/erc20:${token}: 3000\\.25, \\d+ ms, age unknown$`))
})

it('asks what the provider names as its probe', async () => {
  const { url } = await json(200, {
    name: 'Fear and Greed Index',
    data: [{ value: '40', value_classification: 'Fear', timestamp: '1767225600' }],
    metadata: { error: null },
  })
  const { lines } = await asking([[alternativeMe, url]])
  expect(lines[0]).toMatch(/^answered {2}alternative-me {2}fearGreed 1: 40, /)
})

it('reports drift with what was expected, and only then fails', async () => {
  const { price: _, ...renamed } = { ...TICKER, last: '60000.5' }
  const { url } = await json(200, renamed)
  const { code, lines } = await asking([[coinbase, url]])
  expect(lines).toEqual([
    expect.stringMatching(/^drift {5}coinbase {8}ticker BTC\/USD: price: a number > 0 expected, got /),
    '0 answered, 1 drift, 0 failed, 0 skipped',
  ])
  expect(code).toBe(1)
})

it('takes a page with status 200 for drift', async () => {
  const { url } = await html(200, 'Welcome')
  expect((await asking([[coinbase, url]])).code).toBe(1)
})

it('does not take a service that refuses, limits or is silent for drift', async () => {
  const limited = await json(429, {}, { 'retry-after': '1' })
  const { url } = await silent()
  const { code, lines } = await asking(
    [
      [coinbase, await refusing()],
      [alternativeMe, limited.url],
      [dexscreener, url],
    ],
    [],
    { timeoutMs: 200 },
  )
  expect(lines).toEqual([
    expect.stringMatching(/^failed {4}coinbase {8}ticker BTC\/USD: .*network/),
    expect.stringMatching(/^failed {4}alternative-me {2}fearGreed 1: .*rate-limited/),
    expect.stringMatching(/^failed {4}dexscreener {5}.*: .*timeout/),
    '0 answered, 0 drift, 3 failed, 0 skipped',
  ])
  expect(code).toBe(0)
})

it('asks nobody twice, whatever came', async () => {
  const upstreams = await Promise.all([json(503, {}), json(200, {}), json(429, {}, { 'retry-after': '0' })])
  for (const { url } of upstreams) await asking([[coinbase, url]])
  expect(upstreams.map(({ asked }) => asked)).toEqual(upstreams.map(() => ['GET /products/BTC-USD/ticker']))
})

it('passes over who needs a key, and names the variable for it', async () => {
  const { url, asked } = await json(200, {})
  const { code, lines } = await asking([[pyth, url]])
  expect(lines[0]).toBe('skipped   pyth            ticker BTC/USD: needs FEEDMUX_PYTH_API_KEY')
  expect([code, asked]).toEqual([0, []])
})

it('asks with the key of the environment, and does not print it', async () => {
  const sent: (string | undefined)[] = []
  const { url } = await upstream(({ headers }, response) => {
    sent.push(headers.authorization)
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"no access for a-key-of-pyth"}')
  })
  const { lines } = await asking([[pyth, url]], [], { env: { FEEDMUX_PYTH_API_KEY: 'a-key-of-pyth' } })
  expect(sent).toEqual(['Bearer a-key-of-pyth'])
  expect(lines[0]).toMatch(/^failed {4}pyth {12}ticker BTC\/USD: .*unauthorized/)
  expect(lines.join('\n')).not.toContain('a-key-of-pyth')
})

it('asks those too that are off by default', async () => {
  const { url, asked } = await json(503, {})
  await asking([[coincodex, url]])
  expect(asked).toHaveLength(1)
})

it('asks only who is named', async () => {
  const [one, other] = [await json(503, {}), await json(503, {})]
  const services = [
    [coinbase, one.url],
    [alternativeMe, other.url],
  ] as const
  const { lines } = await asking(services, ['--provider', 'coinbase'])
  expect(lines).toHaveLength(2)
  expect([one.asked.length, other.asked.length]).toEqual([1, 0])
})

it('prints one object a line with --json', async () => {
  const [good, drifted] = [await json(200, freshTicker()), await json(200, { data: 'soon' })]
  const services = [
    [coinbase, good.url],
    [alternativeMe, drifted.url],
  ] as const
  const { code, lines } = await asking(services, ['--json'])
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { provider: 'coinbase', asked: 'ticker BTC/USD', outcome: 'answered', value: 60_000.5, latencyMs: expect.any(Number), ageMs: expect.any(Number) },
    { provider: 'alternative-me', asked: 'fearGreed 1', outcome: 'drift', reason: 'bad-response', why: 'data: a list expected, got a string' },
  ])
  expect(code).toBe(1)
})

it('waits between two questions', async () => {
  const at: number[] = []
  const { url } = await upstream((_, response) => {
    at.push(performance.now())
    response.writeHead(503).end()
  })
  await asking(
    [
      [coinbase, url],
      [pyth, url],
      [alternativeMe, url],
    ],
    [],
    { pauseMs: 100 },
  )
  expect(at).toHaveLength(2)
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(90)
})

it.each([
  [['--provider', 'nope'], /^no provider 'nope': choose coinbase$/],
  [['--provider', 'nomics'], /^no provider 'nomics' \(retired on 2023-03-31, use coinpaprika or coinlore\): choose coinbase$/],
  [['--live'], /--live/],
])('ends with 2 when called with %j', async (argv, says) => {
  const { url, asked } = await json(200, TICKER)
  expect(await asking([[coinbase, url]], argv)).toEqual({ code: 2, lines: [expect.stringMatching(says)] })
  expect(asked).toEqual([])
})
