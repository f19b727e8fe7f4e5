import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { Limit, Provider, ProviderOptions } from '../../src/provider/provider.js'

const slow: readonly Limit[] = [{ requests: 5, perMs: 60_000, scope: 'ip' }]
const fast: readonly Limit[] = [{ requests: 500, perMs: 60_000, scope: 'key' }]
const definition: Provider<'globalMarket'> = {
  id: 'example',
  name: 'Example',
  homepage: 'https://example.com',
  docs: 'https://example.com/docs',
  hosts: ['https://api.example.com'],
  limits: slow,
  minSpacingMs: 1_000,
  priority: 2,
  weight: 3,
  role: 'last-resort',
  plans: {
    free: { limits: slow, verifiedOn: '2026-11-01', source: 'https://example.com/pricing' },
    pro: {
      host: 'https://pro.example.com',
      limits: fast,
      key: { required: true, in: 'header', name: 'x-key' },
      minSpacingMs: 0,
      verifiedOn: '2026-11-01',
      source: 'https://example.com/pricing',
    },
  },
  endpoints: { globalMarket: { request: () => ({ path: 'global' }), parse: () => ({ marketCapUsd: 1, volume24hUsd: 1, dominancePercent: {} }) } },
}
const define = (options?: ProviderOptions) => defineProvider(definition, options)

describe('without options', () => {
  it('a provider is its definition', () => {
    expect(define()).toEqual(definition)
  })

  it('options that are undefined never win over it, whichever they are', () => {
    const names = ['apiKey', 'plan', 'hosts', 'limits', 'priority', 'weight', 'role', 'enabled'] as const satisfies (keyof ProviderOptions)[]
    fc.assert(
      fc.property(fc.subarray([...names]), (chosen) => {
        expect(define(Object.fromEntries(chosen.map((name) => [name, undefined])))).toStrictEqual(define())
      }),
    )
  })
})

describe('options', () => {
  it('win over the definition', () => {
    const options = { hosts: ['https://mirror.example.com'], limits: fast, priority: 1, weight: 0, role: 'regular', enabled: false } as const
    expect(define(options)).toMatchObject(options)
  })

  it.each([Number.NaN, Infinity, -Infinity])('priority %d is an error that names it', (priority) => {
    expect(() => define({ priority })).toThrow(new ConfigError(`example: priority must be a finite number, got ${priority}`))
  })

  it.each([Number.NaN, Infinity, -1])('weight %d is an error that names it', (weight) => {
    expect(() => define({ weight })).toThrow(new ConfigError(`example: weight must be a number ≥ 0, got ${weight}`))
  })

  it('a key is kept as a secret, an empty one is none', () => {
    const keyed = define({ apiKey: 'not-a-key' })
    expect(keyed.apiKey?.reveal()).toBe('not-a-key')
    expect(JSON.stringify(keyed)).not.toContain('not-a-key')
    for (const apiKey of ['', []]) expect(define({ apiKey })).not.toHaveProperty('apiKey')
  })
})

describe('a plan', () => {
  it('brings its host, limits, key and spacing', () => {
    expect(define({ plan: 'pro' })).toMatchObject({
      plan: 'pro',
      hosts: ['https://pro.example.com'],
      limits: fast,
      key: { required: true, in: 'header', name: 'x-key' },
      minSpacingMs: 0,
    })
  })

  it('leaves alone what it does not speak of', () => {
    expect(define({ plan: 'free' })).toEqual({ ...definition, plan: 'free' })
  })

  it('yields to hosts and limits that are given', () => {
    const options = { hosts: ['https://proxy.example.com'], limits: slow }
    expect(define({ plan: 'pro', ...options })).toMatchObject(options)
  })

  it('that needs a key is no error without one: the provider is passed over later', () => {
    expect(define({ plan: 'pro' })).not.toHaveProperty('apiKey')
  })

  it.each(['gold', '', 'toString', '__proto__'])(`called '%s' is an error that lists the others`, (plan) => {
    expect(() => define({ plan })).toThrow(new ConfigError(`example: no plan '${plan}', choose free or pro`))
  })

  it('is an error where the provider has none', () => {
    const { plans: _, ...planless } = definition
    expect(() => defineProvider(planless, { plan: 'pro' })).toThrow(new ConfigError(`example: no plan 'pro', this provider has none`))
  })
})

describe('hosts', () => {
  it('lose their final slashes and keep their path', () => {
    expect(define({ hosts: ['https://a.example.com//', 'http://localhost:8080/v1/'] }).hosts).toEqual(['https://a.example.com', 'http://localhost:8080/v1'])
  })

  it.each(['api.example.com', 'ftp://example.com', '//example.com', 'https://', '', 'https://user:pass@example.com', 'https://example.com?key=1'])(
    `'%s' is an error`,
    (host) => {
      expect(() => define({ hosts: ['https://a.example.com', host] })).toThrow(
        new ConfigError('example: hosts must be http(s) URLs without credentials and query, hosts[1] is not; keys go into apiKey'),
      )
    },
  )

  it('that are wrong are not repeated: a key may stand in them', () => {
    expect(() => define({ hosts: ['wss://example.com/v1?token=s3cr3t'] })).toThrow(
      new ConfigError('example: hosts must be http(s) URLs without credentials and query, hosts[0] is not; keys go into apiKey'),
    )
  })

  it('may not be an empty list', () => {
    expect(() => define({ hosts: [] })).toThrow(new ConfigError('example: hosts is empty; leave it out to use the built-in ones'))
  })
})
