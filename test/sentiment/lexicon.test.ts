import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headlines, scoreOf } from '../../scripts/sentiment-score.mjs'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { lexicon, lexiconReading } from '../../src/sentiment/index.js'
import { lexiconSum } from '../../src/sentiment/lexicon.js'

const labelOf = (text: string): string => lexiconReading(text).label

describe('lexicon()', () => {
  it('answers at once, without key or network, and says that it is the last resort', async () => {
    const router = new ProviderRouter({ providers: [lexicon()], fetch: () => Promise.reject(new Error('no network')) })
    const { data, provider, degraded } = await router.request('textSentiment', { texts: ['Bitcoin soars to a record high', 'Exchange hacked', 'Bitcoin'] })
    expect([provider, degraded]).toEqual(['lexicon', true])
    expect(data.map(({ label }) => label)).toEqual(['bullish', 'bearish', 'neutral'])
    expect(data.every(({ engine, confidence }) => engine === 'lexicon' && confidence <= 0.5)).toBe(true)
  })

  it('takes words, not parts of words', () => {
    expect(lexiconSum('support')).toBe(0)
    expect(lexiconSum('upholstery grugby hackathon')).toBe(0)
    expect(lexiconSum('Binance’s loss')).toBe(lexiconSum('loss'))
  })

  it('takes a ticker for a name', () => {
    expect(lexiconSum('$HOPE and $WIN')).toBe(0)
  })

  it('takes phrases as one, with a hyphen or without', () => {
    for (const [phrase, label] of Object.entries({
      'all-time high': 'bullish',
      'record low': 'bearish',
      'rug pull': 'bearish',
      'sell-off': 'bearish',
      'rate cut': 'bullish',
    }))
      expect([phrase, labelOf(`a ${phrase}`)]).toEqual([phrase, label])
    expect(lexiconSum('sell-off')).toBe(lexiconSum('sell off'))
  })

  it('turns a word round that is negated at most three words before', () => {
    expect(labelOf('Regulator does not approve the fund')).toBe('bearish')
    expect(labelOf("It wasn't hacked")).toBe('bullish')
    expect(labelOf('no sign of crashes')).toBe('bullish')
    expect(labelOf('not one of all those many crashed')).toBe('bearish')
  })

  it('ends a negation with the clause', () => {
    expect(labelOf('No, hacked')).toBe('bearish')
    expect(labelOf('It was not so, hacked')).toBe('bearish')
  })

  it('takes what is ended for good where it was bad', () => {
    expect(labelOf('Court dismisses the lawsuit')).toBe('bullish')
    expect(labelOf('Central bank lifts ban')).toBe('bullish')
  })

  it('a tie is neutral', () => {
    const reading = lexiconReading('gain, loss, profit') // 2 − 3 + 2 is 1; with a loss more it is below 0
    expect(reading.label).toBe('bullish')
    expect(lexiconReading('gain drops')).toMatchObject({ label: 'neutral', score: 0 })
  })

  it('intensifies', () => {
    expect(lexiconSum('falls sharply')).toBe(lexiconSum('falls'))
    expect(lexiconSum('sharply falls')).toBe(1.5 * lexiconSum('falls'))
  })

  it('gives sound readings of any text, the same each time', () => {
    const word = fc.constantFrom('hack', 'not', 'soars', 'very', '$BTC', "isn't", '—', 'all-time', 'high', ',', '\u0000', '👍', 'constructor', '__proto__')
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.array(word).map((words) => words.join(' '))) // prettier-ignore
    fc.assert(
      fc.property(text, (said) => {
        const { score, confidence, probabilities = { bullish: 0, neutral: 0, bearish: 0 }, label } = lexiconReading(said)
        const { bullish, neutral, bearish } = probabilities
        expect(Math.abs(score)).toBeLessThanOrEqual(0.34)
        expect(bullish + neutral + bearish).toBeCloseTo(1, 10)
        expect(confidence).toBe(probabilities[label])
        expect(confidence).toBe(Math.max(bullish, neutral, bearish))
        expect(confidence).toBeLessThanOrEqual(0.5)
        expect(confidence).toBeGreaterThan(1 / 3)
        expect(lexiconReading(said)).toEqual(lexiconReading(said))
      }),
    )
  })

  it('keeps the order of the texts', async () => {
    const router = new ProviderRouter({ providers: [lexicon()], cache: false })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...headlines().map(({ text }) => text)), { minLength: 1, maxLength: 20 }), async (texts) => {
        const { data } = await router.request('textSentiment', { texts })
        expect(data).toEqual(texts.map((text) => lexiconReading(text)))
      }),
      { numRuns: 20 },
    )
  })

  it('takes a text of a megabyte in no time', () => {
    const startedAt = performance.now()
    lexiconReading('soars -'.repeat(150_000))
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})

describe('the words', () => {
  it('are what scripts/lexicon.mjs writes', () => {
    expect(spawnSync(process.execPath, ['scripts/lexicon.mjs', '--check'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('the labelled headlines', () => {
  const { score } = scoreOf((text) => labelOf(text))

  it('are many, distinct and of all kinds', () => {
    const rows = headlines()
    expect(new Set(rows.map(({ text }) => text.toLowerCase())).size).toBe(rows.length)
    for (const label of ['bullish', 'neutral', 'bearish']) expect(rows.filter((row) => row.label === label).length).toBeGreaterThanOrEqual(30)
  })

  it('are read as well as the committed score says: node scripts/sentiment-score.mjs --write', () => {
    expect(score).toEqual(JSON.parse(readFileSync('test/fixtures/lexicon-score.json', 'utf8')))
  })

  it('are read far better than by chance, and seldom for the opposite', () => {
    expect(score.accuracy).toBeGreaterThan(0.7)
    expect(score.flipped).toBeLessThan(0.15)
  })
})
