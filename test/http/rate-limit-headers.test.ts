import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { genericUsage, resetAfterMs, retryAfterMs } from '../../src/http/rate-limit-headers.js'

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0)
const after = (value: string, more: Record<string, string> = {}): number | undefined => retryAfterMs(new Headers({ 'retry-after': value, ...more }), NOW)
const reset = (headers: Record<string, string>): number | undefined => resetAfterMs(new Headers(headers), NOW)
const usage = (headers: Record<string, string>): unknown => genericUsage(new Headers(headers), NOW)

describe('Retry-After', () => {
  it('is seconds', () => {
    expect(after('119')).toBe(119_000)
    expect(after('0')).toBe(0)
    expect(after(' 1.5 ')).toBe(1_500)
  })

  it('is taken once when it was sent twice', () => {
    expect(after('120, 120')).toBe(120_000)
  })

  it('is an HTTP date in any of its three forms, whatever the zone of the machine', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo')
    expect(new Date(NOW).getHours()).toBe(21)
    expect(after('Sat, 21 Nov 2026 12:02:00 GMT')).toBe(120_000)
    expect(after('Saturday, 21-Nov-26 12:02:00 GMT')).toBe(120_000)
    expect(after('Sat Nov 21 12:02:00 2026')).toBe(120_000)
    expect(after('2026-11-21T12:02:00Z')).toBe(120_000)
    vi.unstubAllEnvs()
  })

  it('as a date is compared with the clock of the server, where it tells it', () => {
    expect(after('Sat, 21 Nov 2026 12:02:00 GMT', { date: 'Sat, 21 Nov 2026 12:01:30 GMT' })).toBe(30_000)
    expect(after('Sat, 21 Nov 2026 12:02:00 GMT', { date: 'yesterday' })).toBe(120_000)
  })

  it('as a date that is over is no wait', () => {
    expect(after('Sat, 21 Nov 2026 11:00:00 GMT')).toBe(0)
  })

  it('as a Unix time is a moment, not a wait of 56 years', () => {
    expect(after(String(NOW / 1_000 + 60))).toBe(60_000)
    expect(after(String(NOW + 60_000))).toBe(60_000)
  })

  it('makes no sense when negative, empty or words, and is left out', () => {
    for (const value of ['-5', '', 'soon', 'NaN', 'Infinity', '1e3', '5 minutes', '2026-11-21', 'Sat, 99 Foo 2026 12:00:00 GMT', '9'.repeat(400)])
      expect([value, after(value)]).toEqual([value, undefined])
    expect(retryAfterMs(new Headers(), NOW)).toBeUndefined()
  })
})

describe('the reset of a window', () => {
  it('is seconds from now, Unix seconds or Unix ms', () => {
    expect(reset({ 'x-ratelimit-reset': '55' })).toBe(55_000)
    expect(reset({ 'x-ratelimit-reset': String(NOW / 1_000 + 30) })).toBe(30_000)
    expect(reset({ 'x-rate-limit-reset': String(NOW + 30_000) })).toBe(30_000)
    expect(reset({ 'ratelimit-reset': '7' })).toBe(7_000)
  })

  it('is that of the exhausted policy in RateLimit', () => {
    expect(reset({ ratelimit: '"burst";r=5;t=1, "daily";r=0;t=3600' })).toBe(3_600_000)
    expect(reset({ ratelimit: 'limit=10, remaining=0, reset=9' })).toBe(9_000)
    expect(reset({ ratelimit: 'limit=10, remaining=1, reset=9' })).toBeUndefined()
  })

  it('is left out where it lies further than a month ahead: then the unit is another one', () => {
    expect(reset({ 'x-ratelimit-reset': '86400000' })).toBeUndefined()
    expect(reset({ 'x-ratelimit-reset': 'never' })).toBeUndefined()
    expect(reset({})).toBeUndefined()
  })
})

describe('what headers say of a quota', () => {
  it('is read from named policies and their state, requests only', () => {
    expect(
      usage({
        'ratelimit-policy': '"burst";q=100;w=60, "daily";q=1000;w=86400, "size";q=9;w=1;qu="content-bytes"',
        ratelimit: '"daily";r=0;t=3600, "burst";r=50;t=30',
      }),
    ).toEqual([
      { perMs: 60_000, kind: 'requests', limit: 100, remaining: 50, resetsAt: NOW + 30_000 },
      { perMs: 86_400_000, kind: 'requests', limit: 1_000, remaining: 0, resetsAt: NOW + 3_600_000 },
    ])
  })

  it('is read from the separate headers of the earlier drafts', () => {
    expect(usage({ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '99', 'ratelimit-reset': '50' })).toEqual([
      { perMs: 60_000, kind: 'requests', limit: 100, remaining: 99, resetsAt: NOW + 50_000 },
    ])
    expect(usage({ 'ratelimit-policy': '100;w=60', 'ratelimit-limit': '100', 'ratelimit-remaining': '3', 'ratelimit-reset': '50' })).toEqual([
      { perMs: 60_000, kind: 'requests', limit: 100, remaining: 3, resetsAt: NOW + 50_000 },
    ])
  })

  it('is read from limit=, remaining=, reset= of draft 7', () => {
    expect(usage({ 'ratelimit-policy': '10;w=1, 50;w=60', ratelimit: 'limit=50, remaining=7, reset=20' })).toEqual([
      { perMs: 1_000, kind: 'requests', limit: 10 },
      { perMs: 60_000, kind: 'requests', limit: 50, remaining: 7, resetsAt: NOW + 20_000 },
    ])
  })

  it('is read from lists of windows', () => {
    expect(
      usage({
        'x-ratelimit-limit': '900, 20;window=1, 900;window=60',
        'x-ratelimit-remaining-all': '880, 19;window=1, 880;window=60',
        'x-ratelimit-reset-all': '41, 1;window=1, 41;window=60',
      }),
    ).toEqual([
      { perMs: 1_000, kind: 'requests', limit: 20, remaining: 19, resetsAt: NOW + 1_000 },
      { perMs: 60_000, kind: 'requests', limit: 900, remaining: 880, resetsAt: NOW + 41_000 },
    ])
  })

  it('is read from names that hold the window', () => {
    expect(
      usage({ 'x-ratelimit-rpm-limit': '300', 'x-ratelimit-rpm-remaining': '295', 'x-ratelimit-rpm-reset': '55', 'x-ratelimit-remaining-month': '0' }),
    ).toEqual(
      expect.arrayContaining([
        { perMs: 60_000, kind: 'requests', limit: 300, remaining: 295, resetsAt: NOW + 55_000 },
        { perMs: 2_592_000_000, kind: 'requests', remaining: 0 },
      ]),
    )
  })

  it('is left out where no window is told, or where it can mean either of two', () => {
    expect(usage({ 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '599', 'x-ratelimit-reset': '12' })).toEqual([])
    expect(usage({ 'ratelimit-limit': '10', 'ratelimit-remaining': '9', 'ratelimit-reset': '1' })).toEqual([])
    expect(usage({ 'ratelimit-policy': '10;w=1, 10;w=60', ratelimit: 'limit=10, remaining=9, reset=1' })).toEqual([
      { perMs: 1_000, kind: 'requests', limit: 10 },
      { perMs: 60_000, kind: 'requests', limit: 10 },
    ])
    expect(usage({ 'content-type': 'text/html' })).toEqual([])
  })

  it('has no reset that lies beyond the window, and no number below zero', () => {
    expect(usage({ 'x-ratelimit-remaining-minute': '-1', 'x-ratelimit-limit-minute': '60' })).toEqual([{ perMs: 60_000, kind: 'requests', limit: 60 }])
    expect(usage({ 'x-ratelimit-limit-minute': '0' })).toEqual([])
    expect(usage({ 'x-ratelimit-rpm-remaining': '5', 'x-ratelimit-rpm-reset': '55000' })).toEqual([{ perMs: 60_000, kind: 'requests', remaining: 5 }])
  })
})

const NAMES = [
  'retry-after',
  'date',
  'ratelimit',
  'ratelimit-policy',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-limit',
  'x-ratelimit-remaining-all',
  'x-ratelimit-reset',
  'x-ratelimit-reset-all',
  'x-ratelimit-rpd-limit',
  'x-ratelimit-reset-day',
  'x-rate-limit-reset',
]
const grammar = fc.string({
  unit: fc.constantFrom(...'0123456789'.split(''), ',', ';', '=', '"', '\\', 'w=', 'window=', 'q=', 'r=', 't=', ' ', '.', '-', ':', 'e', 'limit=', 'GMT'),
  maxLength: 40,
})
const anything = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCodePoint(code)),
  maxLength: 60,
})
const dates = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8.64e15) }).map((date) => date.toUTCString())
const numbers = fc.oneof(fc.double(), fc.bigInt(), fc.integer()).map(String)
const headers = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(grammar, anything, dates, numbers), { maxKeys: 8 })

describe('any text in these headers', () => {
  it('never throws, and never gives NaN, infinity or a negative wait', () => {
    fc.assert(
      fc.property(headers, fc.integer({ min: 0, max: 4e12 }), (record, now) => {
        for (const ms of [retryAfterMs(new Headers(record), now), resetAfterMs(new Headers(record), now)])
          expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws, and gives readings whose every number is finite, ≥ 0 and of a known window', () => {
    fc.assert(
      fc.property(headers, fc.integer({ min: 0, max: 4e12 }), (record, now) => {
        for (const { perMs, kind, limit, remaining, resetsAt } of genericUsage(new Headers(record), now)) {
          expect(kind).toBe('requests')
          expect(perMs > 0 && Number.isFinite(perMs)).toBe(true)
          expect(limit !== undefined || remaining !== undefined).toBe(true)
          for (const value of [limit, remaining]) expect(value === undefined || (Number.isFinite(value) && value >= 0)).toBe(true)
          expect(resetsAt === undefined || (resetsAt >= now && Number.isFinite(resetsAt))).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('costs no more time than it is long', () => {
    const startedAt = performance.now()
    for (const bad of ['"'.repeat(50_000), '\\"'.repeat(25_000), ';w='.repeat(20_000), ' '.repeat(50_000) + '1', 'a=1,'.repeat(12_000)]) {
      usage({ ratelimit: bad, 'ratelimit-policy': bad, 'x-ratelimit-limit': bad })
      after(`x${bad}`)
      after(`Sat ${bad}`)
    }
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
