import { expect, test, vi } from 'vitest'
import { ConfigError, ProviderError } from '../../src/errors.js'
import { collector, feedmux, result, rig, ticker } from './support.js'

const ESC = '\u001B'

test('a ticker of each symbol is shown, the exit code is 0, and the router is closed', async () => {
  const io = rig(({ params }) => result(ticker((params as { symbol: string }).symbol)))
  expect(await feedmux(io, 'ticker btc-usd ETHUSDT')).toBe(0)
  expect(io.asked.map(({ params }) => params)).toEqual([{ symbol: 'BTC/USD' }, { symbol: 'ETH/USDT' }])
  expect(io.stdout.text).toContain('BTC/USD   65,000.00  +1.50 %')
  expect(io.stdout.text).toContain('ETH/USDT')
  expect(io.stderr.text).toBe('')
  expect(io.closed()).toBe(1)
})

test('one symbol that fails is told, the others are shown, and the exit code is 1', async () => {
  const io = rig(({ params }) => {
    const { symbol } = params as { symbol: string }
    if (symbol === 'NO/USD') throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
    return result(ticker(symbol))
  })
  expect(await feedmux(io, 'ticker BTC/USD NO/USD')).toBe(1)
  expect(io.stdout.text).toContain('BTC/USD')
  expect(io.stderr.text).toBe('feedmux: kraken: not-found\n')
  expect(io.closed()).toBe(1)
})

test('--json prints the results as JSON and nothing else', async () => {
  const io = rig()
  expect(await feedmux(io, 'ticker BTC/USD --json')).toBe(0)
  expect(JSON.parse(io.stdout.text)).toEqual([result(ticker('BTC/USD'))])
})

test('--provider, --strategy and --timeout set the router up, keys come from the environment', async () => {
  const io = rig(undefined, { env: { FEEDMUX_KRAKEN_API_KEY: 'key-of-kraken' } })
  expect(await feedmux(io, 'ticker BTC/USD --provider needs-key,kraken -p gecko --strategy fastest --timeout 5s')).toBe(0)
  const [setup] = io.setups
  expect(setup?.providers.map(({ id }) => id)).toEqual(['needs-key', 'kraken', 'gecko'])
  // The rig's factories note the key as their plan.
  expect(setup?.providers.map(({ plan }) => plan)).toEqual([undefined, 'key-of-kraken', undefined])
  expect(setup?.totalTimeoutMs).toBe(5_000)
  expect(typeof setup?.strategy).toBe('function')
})

test('without options all providers are there and the router keeps its defaults', async () => {
  const io = rig()
  await feedmux(io, 'ticker BTC/USD')
  expect(io.setups[0]?.providers.map(({ id }) => id)).toEqual(['kraken', 'needs-key', 'gecko'])
  expect(io.setups[0]?.strategy).toBeUndefined()
  expect(io.setups[0]?.totalTimeoutMs).toBeUndefined()
})

test.each([
  ['ticker', "missing required argument 'symbols'"],
  ['tickr BTC/USD', "unknown command 'tickr' (Did you mean ticker?)"],
  ['ticker BTC/USD --jsn', "unknown option '--jsn' (Did you mean --json?)"],
  ['ticker BTC/USD --provider nobody', "no provider 'nobody': choose kraken, needs-key, gecko"],
  ['ticker BTC/USD --provider constructor', "no provider 'constructor'"],
  ['ticker BTC/USD --strategy luck', "no strategy 'luck': choose priority"],
  ['ticker BTC/USD --timeout never', '--timeout wants a time'],
  ['ticker BTC/USD --watch soon', '--watch wants a time'],
  ['ticker BTC', 'write BTC/USD'],
  ['candles BTC/USD --interval 7m', "no interval '7m'"],
  ['candles BTC/USD --limit 0', '--limit wants a whole number'],
  ['candles BTC/USD ETH/USD', 'too many arguments'],
  ['ticker BTC/USD --agree 1', '--agree wants a whole number from 2 to 10'],
  ['gas --agree 11', '--agree wants a whole number from 2 to 10'],
  ['plan ticker', 'feedmux plan ticker BTC/USD'],
  ['plan news', "no plan for 'news'"],
])('%j is wrong usage: exit code 2, one line that says what to do, no router', async (line, message) => {
  const io = rig()
  expect(await feedmux(io, line)).toBe(2)
  expect(io.stderr.text).toContain(message)
  expect(io.stderr.text.trimEnd().split('\n')).toHaveLength(1)
  expect(io.stdout.text).toBe('')
  expect(io.asked).toEqual([])
})

test('a wrong configuration that the router finds is wrong usage too', async () => {
  const io = rig(undefined, {
    createRouter: () => {
      throw new ConfigError('providers is empty')
    },
  })
  expect(await feedmux(io, 'ticker BTC/USD')).toBe(2)
  expect(io.stderr.text).toBe('feedmux: providers is empty\n')
})

test('what the router finds wrong in a question is wrong usage too', async () => {
  const io = rig(() => {
    throw new ConfigError('names must be a list')
  })
  expect(await feedmux(io, 'indicators BTC/USD')).toBe(2)
  expect(io.stderr.text).toBe('feedmux: names must be a list\n')
})

test('help and version go to standard output with exit code 0, help without a command is wrong usage', async () => {
  const [help, version, none] = [rig(), rig(), rig()]
  expect(await feedmux(help, '--help')).toBe(0)
  expect(help.stdout.text).toContain('fear-greed')
  expect(help.stdout.text).toContain('FEEDMUX_<ID>_API_KEY')
  expect(await feedmux(version, '--version')).toBe(0)
  expect(version.stdout.text).toBe('1.2.3\n')
  expect(await feedmux(none, '')).toBe(2)
  expect(none.stderr.text).toContain('Usage: feedmux')
})

test.each([
  ['no terminal', collector(), {}, false],
  ['a terminal', collector({ isTTY: true }), {}, true],
  ['a terminal with NO_COLOR', collector({ isTTY: true }), { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', collector({ isTTY: true }), { NO_COLOR: '' }, true],
  ['a dumb terminal', collector({ isTTY: true }), { TERM: 'dumb' }, false],
])('on %s the output is coloured as it should be', async (_name, stdout, env, coloured) => {
  await feedmux(rig(undefined, { stdout, env }), 'ticker BTC/USD')
  expect(stdout.text.includes(`${ESC}[`)).toBe(coloured)
})

test('a wheel turns on standard error only while waiting, only on a terminal, and leaves nothing behind', async () => {
  const still = rig()
  await feedmux(still, 'ticker BTC/USD')
  expect(still.stderr.text).toBe('')

  const stderr = { ...collector({ isTTY: true, columns: 80 }), cursorTo: vi.fn<() => void>(), clearLine: vi.fn<() => void>(), moveCursor: vi.fn<() => void>() }
  vi.stubEnv('CI', undefined)
  await feedmux(rig(undefined, { stderr }), 'ticker BTC/USD')
  vi.unstubAllEnvs()
  expect(stderr.text).toContain('asking for ticker BTC/USD')
  expect(stderr.clearLine).toHaveBeenCalled()
})

test('--watch repeats until Ctrl-C, asks past the cache, and ends with exit code 0', async () => {
  const stop = new AbortController()
  const io = rig(
    () => {
      if (io.asked.length === 3) stop.abort(new Error('stopped'))
      return result(ticker('BTC/USD', io.asked.length))
    },
    { signal: stop.signal },
  )
  expect(await feedmux(io, 'ticker BTC/USD --json --watch 0.01')).toBe(0)
  expect(io.asked).toHaveLength(3)
  expect(io.asked[0]?.options).toMatchObject({ maxAgeMs: 5 })
  const lines = io.stdout.text.trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as [{ data: { last: number } }])[0].data.last)).toEqual([1, 2])
  expect(io.closed()).toBe(1)
})

test('a failure while watching is told and watching goes on', async () => {
  const stop = new AbortController()
  const io = rig(
    () => {
      if (io.asked.length === 1) throw new ProviderError({ provider: 'kraken', reason: 'timeout' })
      stop.abort(new Error('stopped'))
      return result(ticker('BTC/USD'))
    },
    { signal: stop.signal },
  )
  expect(await feedmux(io, 'ticker BTC/USD --watch 0.01')).toBe(0)
  expect(io.stderr.text).toBe('feedmux: kraken: timeout\n')
  expect(io.asked).toHaveLength(2)
})

test('Ctrl-C without --watch is a failure that says so', async () => {
  const stop = new AbortController()
  const io = rig(
    () => {
      stop.abort(new Error('stopped by Ctrl-C'))
      throw stop.signal.reason
    },
    { signal: stop.signal },
  )
  expect(await feedmux(io, 'ticker BTC/USD')).toBe(1)
  expect(io.stderr.text).toBe('feedmux: stopped by Ctrl-C\n')
})
