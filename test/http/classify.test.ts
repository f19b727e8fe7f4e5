import { describe, expect, it } from 'vitest'
import type { FailureReason } from '../../src/errors.js'
import { reasonOf } from '../../src/http/classify.js'

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n)

describe('what a status says', () => {
  it('is nothing from 200 to 299, whatever came with it', () => {
    for (const status of range(200, 299)) expect([reasonOf(status, true), reasonOf(status, false)]).toEqual([undefined, undefined])
  })

  // status, with JSON, with a page or nothing
  const table: readonly [number, FailureReason, FailureReason][] = [
    [400, 'bad-request', 'bad-request'],
    [401, 'unauthorized', 'unauthorized'],
    [402, 'quota-exhausted', 'quota-exhausted'],
    [403, 'unauthorized', 'unavailable'],
    [404, 'not-found', 'bad-response'],
    [408, 'unavailable', 'unavailable'],
    [410, 'bad-response', 'bad-response'],
    [413, 'bad-request', 'bad-request'],
    [414, 'bad-request', 'bad-request'],
    [418, 'rate-limited', 'rate-limited'],
    [422, 'bad-request', 'bad-request'],
    [425, 'unavailable', 'unavailable'],
    [429, 'rate-limited', 'rate-limited'],
    [451, 'geo-blocked', 'geo-blocked'],
  ]
  it.each(table)('is at %d with JSON %s, with a page %s', (status, json, page) => {
    expect([reasonOf(status, true), reasonOf(status, false)]).toEqual([json, page])
  })

  it('is an outage from 500 on', () => {
    for (const status of [...range(500, 530), 599, 999]) expect([reasonOf(status, true), reasonOf(status, false)]).toEqual(['unavailable', 'unavailable'])
  })

  it('is an unexpected answer at anything else: a redirect that was not followed, a status of nobody', () => {
    // 0 is what browsers say of a redirect that was not followed
    for (const status of [0, 100, 199, 300, 301, 302, 304, 307, 308, 405, 406, 409, 415, 416, 431, 499])
      expect([status, reasonOf(status, true)]).toEqual([status, 'bad-response'])
  })
})
