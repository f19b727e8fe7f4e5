import { describe, expect, test } from 'vitest'
import { AllProvidersFailedError, ProviderError } from '../../src/errors.js'
import type { Asked } from './support.js'
import { feedmux, result, rig } from './support.js'

const at = Date.UTC(2026, 10, 2, 12)
const article = { id: '1', title: 'Bitcoin rises', url: 'https://a.example/1', publisher: 'A', publishedAt: at - 120_000 }
const credit = { text: 'By A', url: 'https://a.example', required: true }

describe('news', () => {
  const news = () =>
    rig(
      () =>
        result([article], {
          sources: [
            { provider: 'a-rss', fetchedAt: at, items: 3, attribution: credit },
            { provider: 'b-rss', fetchedAt: at, items: 2, attribution: credit },
          ],
          attempts: [{ provider: 'c-rss', outcome: 'failed', reason: 'bad-response', latencyMs: 1 }],
        }),
      { now: () => at },
    )

  test('are asked about assets in any writing, and shown with who gave how many and who did not answer', async () => {
    const io = news()
    expect(await feedmux(io, 'news btc ETH/USD --limit 5')).toBe(0)
    expect(io.asked[0]).toMatchObject({ capability: 'news', params: { symbols: ['BTC', 'ETH'], limit: 5 } })
    const { text } = io.stdout
    expect(text).toContain('Bitcoin rises\n  A, 2 min ago  https://a.example/1')
    expect(text).toContain('from a-rss 3, b-rss 2')
    expect(text).toContain('no answer: c-rss bad-response')
    expect(text.match(/By A https:\/\/a\.example/g)).toHaveLength(1)
  })

  test('are asked about everything where nothing is named, and none are said to be none', async () => {
    const io = rig(() => result([]))
    expect(await feedmux(io, 'news')).toBe(0)
    expect(io.asked[0]?.params).toEqual({ limit: 10 })
    expect(io.stdout.text).toContain('news: nothing')
  })

  test('about what is no asset are refused before anybody is asked', async () => {
    const io = rig()
    expect(await feedmux(io, 'news b$c')).toBe(2)
    expect(io.stderr.text).toContain("'b$c' is no asset: write its symbol, for example BTC")
    expect(io.asked).toEqual([])
  })
})

test('sentiment shows mood, score and who read it, for each text', async () => {
  const io = rig(() => result([{ label: 'bearish', score: -0.6, confidence: 0.4, engine: 'lexicon' }], { provider: 'lexicon' }))
  expect(await feedmux(io, 'sentiment hacked')).toBe(0)
  expect(io.asked[0]).toMatchObject({ capability: 'textSentiment', params: { texts: ['hacked'] } })
  expect(io.stdout.text).toMatch(/hacked\s+bearish\s+-0\.60\s+40 %\s+lexicon/)
})

test('sentiment of nothing is a wrong usage', async () => {
  expect(await feedmux(rig(), 'sentiment')).toBe(2)
})

describe('gas', () => {
  const gas = { chain: 'eip155:8453', slow: 0.001, standard: 0.00456789, baseFee: 0.001 }

  test.each([
    ['gas', 'eip155:1'],
    ['gas base', 'eip155:8453'],
    ['gas 137', 'eip155:137'],
    ['gas eip155:10', 'eip155:10'],
  ])('%s asks for %s', async (line, chain) => {
    const io = rig(() => result(gas))
    expect(await feedmux(io, line)).toBe(0)
    expect(io.asked[0]).toMatchObject({ capability: 'gasPrice', params: { chain } })
  })

  test('is shown in gwei with as many digits as matter; what is unknown is a dash', async () => {
    const io = rig(() => result(gas))
    await feedmux(io, 'gas base')
    expect(io.stdout.text).toMatch(/eip155:8453\s+0\.001\s+0\.004568\s+-\s+0\.001/)
  })

  test('can be agreed on', async () => {
    const members = ['x', 'y', 'z'].map((provider, i) => ({ provider, value: 1 + i / 10, deviation: 0 }))
    const io = rig(() => result(gas, { agreement: { n: 3, median: 1.1, spread: 0.1, members, dissent: [] } }))
    expect(await feedmux(io, 'gas --agree 3')).toBe(0)
    expect(io.asked[0]?.options).toMatchObject({ agree: { of: 3 } })
    expect(io.stdout.text).toContain('  y 1.1')
  })

  test('of what is no EVM chain is refused', async () => {
    const io = rig()
    expect(await feedmux(io, 'gas solana')).toBe(2)
    expect(io.stderr.text).toContain("no chain 'solana'")
  })
})

test('indicators are shown by name with their parts, and what there were too few candles for', async () => {
  const values = { rsi: 61.234, macd: { macd: 12.5, signal: 11, histogram: 1.5 } }
  const io = rig(() => result({ symbol: 'BTC/USD', interval: '4h', asOf: at, source: 'kraken', values }, { provider: 'computed-indicators' }))
  expect(await feedmux(io, 'indicators btc-usd rsi macd sma200 --interval 4h')).toBe(0)
  expect(io.asked[0]?.params).toEqual({ symbol: 'BTC/USD', interval: '4h', names: ['rsi', 'macd', 'sma200'] })
  const { text } = io.stdout
  expect(text).toContain('BTC/USD 4h  as of 2026-11-02 12:00 UTC, candles of kraken')
  expect(text).toMatch(/rsi\s+61\.23/)
  expect(text).toContain('macd 12.50  signal 11.00  histogram 1.50')
  expect(text).toContain('too few candles for sma200')
})

test.each([
  ['indicators', '1d)'],
  ['candles', '1h)'],
])('the help of %s tells the interval that is taken where none is written', async (command, told) => {
  const io = rig()
  expect(await feedmux(io, `${command} --help`)).toBe(0)
  expect(io.stdout.text).toContain(`(default: ${told}`)
})

test('indicators that are not named are the usual ones, over days', async () => {
  const io = rig(() => result({ symbol: 'BTC/USD', interval: '1d', asOf: at, values: {} }))
  await feedmux(io, 'indicators BTC/USD')
  expect(io.asked[0]?.params).toMatchObject({ interval: '1d', names: expect.arrayContaining(['rsi', 'macd', 'bollinger']) })
})

test('a forecast shows its range for each day and how it was made', async () => {
  const points = [{ at, value: 100, low: 90, high: 111 }]
  const io = rig(() => result({ symbol: 'BTC/USD', method: 'random walk', confidenceLevel: 0.8, points }))
  expect(await feedmux(io, 'forecast BTC/USD --days 1')).toBe(0)
  expect(io.asked[0]?.params).toEqual({ symbol: 'BTC/USD', days: 1 })
  expect(io.stdout.text).toContain('random walk')
  expect(io.stdout.text).toMatch(/low \(80 %\).*\n.*2026-11-02\s+90\.00\s+100\.00\s+111\.00/)
})

describe('mood', () => {
  const answers = ({ capability }: Asked) => {
    if (capability === 'news') return result([article], { provider: 'a-rss' })
    if (capability === 'fearGreed') return result([{ value: 75, label: 'Greed', at }], { provider: 'alternative-me' })
    return result([{ label: 'bullish', score: 0.5, confidence: 0.5, engine: 'lexicon' }], { provider: 'lexicon' })
  }

  test('is one figure with its parts', async () => {
    const io = rig(answers)
    expect(await feedmux(io, 'mood btc')).toBe(0)
    expect(io.stdout.text).toMatch(/^BTC {2}bullish \+0\.50/)
    expect(io.stdout.text).toMatch(/news\s+\+0\.50.*a-rss\s+lexicon/)
    expect(io.stdout.text).toMatch(/fear-greed\s+\+0\.50.*alternative-me\s+-/)
  })

  test('says what is missing', async () => {
    const io = rig((asked) => {
      if (asked.capability === 'news') throw new TypeError('no network')
      return answers(asked)
    })
    expect(await feedmux(io, 'mood BTC')).toBe(0)
    expect(io.stdout.text).toContain('news is missing: TypeError')
  })

  test('says of a list of failures only its first line', async () => {
    const io = rig((asked) => {
      if (asked.capability === 'news') throw new AllProvidersFailedError('news', [new ProviderError({ provider: 'a-rss', reason: 'timeout' })], [])
      return answers(asked)
    })
    expect(await feedmux(io, 'mood BTC')).toBe(0)
    expect(io.stdout.text).toMatch(/news is missing: .*news$/m)
  })
})
