import { describe, expect, it } from 'vitest'
import { Readings } from '../../src/sentiment/each-text.js'
import { readingOf } from '../../src/sentiment/labels.js'

const reading = readingOf({ bullish: 1, neutral: 0, bearish: 0 }, 'test')
const kept = (readings: Readings, texts: readonly string[]): number => texts.filter((text) => readings.get(text, 0)).length

describe('what was read', () => {
  it('is kept for a thousand texts, the newest', () => {
    const readings = new Readings(1_000)
    const texts = Array.from({ length: 1_010 }, (_, index) => `text ${index}`)
    for (const text of texts) readings.set(text, reading, 0)
    expect(texts.map((text) => readings.get(text, 0) !== undefined)).toEqual(texts.map((_, index) => index >= 10))
  })

  it('is kept for two million characters at most, however few the texts', () => {
    const readings = new Readings(1_000)
    const texts = Array.from({ length: 50 }, (_, index) => String(index).padEnd(100_000, '.'))
    for (const text of texts) readings.set(text, reading, 0)
    expect(kept(readings, texts)).toBe(20)
    readings.set('x'.repeat(2_000_001), reading, 0)
    expect(kept(readings, texts)).toBe(20)
    for (let again = 0; again < 40; again++) readings.set(texts[49] ?? '', reading, 0)
    expect(kept(readings, texts)).toBe(20)
  })

  it('is forgotten after its time, and when the clock goes back', () => {
    const readings = new Readings(1_000)
    readings.set('a', reading, 5_000)
    expect(readings.get('a', 5_999)).toBe(reading)
    expect(readings.get('a', 6_000)).toBeUndefined()
    readings.set('a', reading, 5_000)
    expect(readings.get('a', 4_999)).toBeUndefined()
  })
})
