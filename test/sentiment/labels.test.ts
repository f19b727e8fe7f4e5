import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { cut } from '../../src/sentiment/cut.js'
import { textModels, vote } from '../../src/sentiment/index.js'
import { labelTable, probabilitiesIn, probabilitiesOf, readingOf, scaled, toneOf } from '../../src/sentiment/labels.js'
import { modelFacts } from '../../src/sentiment/models.js'

const rows = (given: Readonly<Record<string, number>>) => Object.entries(given).map(([label, score]) => ({ label, score }))
const p = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))

describe('labels', () => {
  it.each(textModels.map((model) => [model.id, model] as const))('%s has a map with both sides', (_, { id, labels, maxTokens }) => {
    expect(Object.values(labels)).toEqual(expect.arrayContaining(['bullish', 'bearish']))
    expect(modelFacts(id.toLowerCase())).toEqual({ labels, maxTokens })
  })

  it('are taken by their text, whatever their order: finbert counts 0 positive, cryptobert 0 bearish', () => {
    const finbert = labelTable(modelFacts('ProsusAI/finbert').labels)
    expect(probabilitiesIn(rows({ negative: 0.2, positive: 0.7, neutral: 0.1 }), finbert)).toEqual(
      probabilitiesIn(rows({ positive: 0.7, neutral: 0.1, negative: 0.2 }), finbert),
    )
    const cryptobert = labelTable(modelFacts('ElKulako/cryptobert').labels)
    expect(toneOf(probabilitiesIn(rows({ Bearish: 0.1, Neutral: 0.2, Bullish: 0.7 }), cryptobert))).toBe('bullish')
  })

  it('of a model with two sides leave neutral out', () => {
    const table = labelTable(modelFacts('distilbert-base-uncased-finetuned-sst-2-english').labels)
    expect(probabilitiesIn(rows({ NEGATIVE: 0.3, POSITIVE: 0.7 }), table)).toEqual({ bullish: 0.7, neutral: 0, bearish: 0.3 })
  })

  it.each<[string, unknown]>([
    ['an unknown label', rows({ positive: 0.5, surprise: 0.5 })],
    ['the label of another model', rows({ LABEL_0: 0.5, LABEL_1: 0.5 })],
    ['the name of something every object has', rows({ constructor: 1 })],
    ['nothing', []],
    ['no list', { label: 'positive', score: 1 }],
    ['no label', [{ score: 1 }]],
    ['null', [null]],
    ['a score that is a text', [{ label: 'positive', score: '1' }]],
    ['NaN', [{ label: 'positive', score: Number.NaN }]],
    ['half of it', rows({ positive: 0.5 })],
  ])('%s is refused', (_, given) => {
    expect(() => probabilitiesIn(given, labelTable(modelFacts('ProsusAI/finbert').labels))).toThrow(BadResponseError)
  })

  it('a tie is neutral', () => {
    expect(toneOf({ bullish: 0.45, neutral: 0.1, bearish: 0.45 })).toBe('neutral')
    expect(toneOf({ bullish: 0.4, neutral: 0.4, bearish: 0.2 })).toBe('neutral')
  })

  it('probabilities of a reading can be told from its label, score and confidence', () => {
    fc.assert(
      fc.property(p, ([bullish, neutral, bearish]) => {
        const { probabilities, ...told } = readingOf(scaled({ bullish, neutral, bearish }), 'test')
        fc.pre(told.label !== 'neutral' || bullish !== bearish || neutral >= bullish)
        const found = probabilitiesOf(told)
        expect(found.bullish).toBeCloseTo(probabilities?.bullish ?? Number.NaN, 6)
        expect(found.bearish).toBeCloseTo(probabilities?.bearish ?? Number.NaN, 6)
        expect(Math.abs(told.score)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('the vote of a batch is its mean score', () => {
    const reading = (score: number) => ({ ...readingOf({ bullish: 0.5, neutral: 0, bearish: 0.5 }, 'test'), score })
    expect(vote([reading(0.5), reading(-0.1)])).toBeCloseTo(0.2)
    expect(vote([])).toBeUndefined()
  })
})

describe('cut()', () => {
  it('leaves a text as it is that fits', () => {
    expect(cut('Bitcoin rises', 512)).toBe('Bitcoin rises')
  })

  it('cuts after a word, and a word without end in pieces', () => {
    expect(cut('Bitcoin rises and falls', 7)).toBe('Bitcoin rises')
    expect(cut('a'.repeat(10_000), 66)).toBe('a'.repeat(192))
  })

  it('gives a beginning of the text, of no more tokens than bytes can make', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 3, max: 64 }), (text, tokens) => {
        const short = cut(text, tokens)
        expect(text.startsWith(short)).toBe(true)
        expect(new TextEncoder().encode(short.replaceAll(/\s/g, '')).length).toBeLessThanOrEqual(3 * tokens)
      }),
    )
  })
})
