import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../examples/demo/world.ts'
import type { CliIO } from '../../src/cli/io.js'
import { registry } from '../../src/cli/registry.js'
import { run } from '../../src/cli/run.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { collector } from './support.js'

let world: World

beforeAll(async () => {
  world = await startWorld(5)
})

afterAll(() => world.close())

/** The whole command over real HTTP, with the providers pointed at simulated upstreams on loopback. */
async function feedmux(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [collector({ columns: 100 }), collector()]
  const simulated = Object.entries(registry).filter(([id]) => world.ids.includes(id))
  const io: CliIO = {
    env: {},
    stdout,
    stderr,
    registry: Object.fromEntries(simulated.map(([id, make]) => [id, (options) => make({ ...options, hosts: world.hosts(id) })])),
    createRouter: (setup) => new ProviderRouter(setup),
    signal: new AbortController().signal,
    now: () => Date.now(),
  }
  const code = await run(line.split(' '), io, '0.0.0')
  return { code, stdout: stdout.text, stderr: stderr.text }
}

describe('the command with a real router and real HTTP', () => {
  it('shows tickers', async () => {
    const { code, stdout, stderr } = await feedmux('ticker BTC/USD ETHUSDT -p binance,coinbase')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/BTC\/USDT? +6\d,\d{3}\.\d\d/)
    expect(stdout).toMatch(/ETH\/USDT +3,\d{3}\.\d\d/)
  })

  it('shows candles with a chart', async () => {
    const { code, stdout } = await feedmux('candles SOL/USD --interval 1h --limit 24')
    expect(code).toBe(0)
    expect(stdout).toContain('over 24 candles')
    expect(stdout).toContain('┤')
  })

  it('shows an order book', async () => {
    const { code, stdout } = await feedmux('book XRP/USD --depth 3 -p kraken')
    expect(code).toBe(0)
    expect(stdout).toContain('spread')
    expect(stdout).toContain('kraken in')
  })

  it('shows fear & greed', async () => {
    expect(await feedmux('fear-greed --limit 2')).toMatchObject({ code: 0, stdout: expect.stringContaining('alternative-me') })
  })

  it('shows the plan and asks nobody', async () => {
    const calls = (): number => world.ids.flatMap((id) => world.upstreams(id)).reduce((sum, { calls: count }) => sum + count, 0)
    const before = calls()
    const { code, stdout } = await feedmux('plan ticker BTC/USD --json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      capability: 'ticker',
      cache: 'none',
      candidates: expect.arrayContaining([expect.objectContaining({ provider: 'kraken' })]),
    })
    expect(calls()).toBe(before)
  })

  it('shows who is well and who is ill', async () => {
    await world.setFault('okx', { kind: 'down' })
    const { code, stdout } = await feedmux('health okx coinbase')
    await world.setFault('okx', undefined)
    expect(code).toBe(1)
    expect(stdout).toMatch(/okx\s+ill/)
    expect(stdout).toMatch(/coinbase\s+well\s+\d/)
  })

  it('says in one line why nobody answered and what to do', async () => {
    await world.setFault('okx', { kind: 'down' })
    const { code, stdout, stderr } = await feedmux('ticker BTC/USD -p okx --timeout 2s')
    await world.setFault('okx', undefined)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^feedmux: .*okx network.*; check the network\n$/)
  })

  it('says that a symbol is unknown to everybody', async () => {
    const { code, stderr } = await feedmux('ticker NOSUCH/USD -p coinbase,okx')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^feedmux: .*not-found.*; check the symbol\n$/)
  })

  it('lists every provider of the registry', async () => {
    const { code, stdout } = await feedmux('providers')
    expect(code).toBe(0)
    for (const id of world.ids) expect(stdout).toContain(id)
  })
})
