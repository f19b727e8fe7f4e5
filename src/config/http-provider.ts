import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import type { AnyProvider, HttpEndpoint, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import type { Json } from './clean.js'
import { type Expression, expressions } from './expression.js'
import { type CapabilityFields, FIELDS, type HttpCapability } from './fields.js'
import { dataOf } from './http-data.js'
import { type Field, fieldsOf, readable, rowsIn } from './http-rows.js'
import { asked, isServed, marketName, type Params } from './http-request.js'
import { didYouMean, Findings, pathOf } from './report.js'
import { type ErrorRule, type HttpDefinition, httpDefinition, type HttpEndpointDefinition } from './schema.js'
import { checkBody, checkTemplate } from './template.js'

type Compile = (text: string) => Expression
type Told = (body: unknown) => ProviderFailure | undefined

const POLITE = [{ requests: 60, perMs: 60_000, scope: 'ip' }] as const

/**
 * A provider out of a description: path templates, and JMESPath to where each field stands. Throws `ConfigError` that names the place of whatever is wrong
 * in it. Its answers are checked as those of any provider.
 */
export async function httpProvider(definition: HttpDefinition, options: ProviderOptions = {}): Promise<AnyProvider> {
  const parsed = httpDefinition.safeParse(definition)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${pathOf('definition', issue?.path ?? [])}: ${issue?.message ?? 'not a definition'}`)
  }
  const findings = new Findings()
  const provider = await described(parsed.data, options, 'definition', findings)
  const [wrong] = findings.errors
  if (provider === undefined || wrong)
    throw new ConfigError(`${wrong?.path ?? 'definition'}: ${wrong?.message ?? 'not a definition'}${wrong?.suggestion ? `, ${wrong.suggestion}` : ''}`)
  return provider
}

/** The same for a file: what is wrong is said, and nothing comes back. */
export async function described(definition: HttpDefinition, options: ProviderOptions, path: string, findings: Findings): Promise<AnyProvider | undefined> {
  const compile = await expressions()
  const own = new Findings() // several may be on their way at once
  const build = new Build(definition, path, own, compile)
  const endpoints = build.endpoints()
  const told = build.errors(definition.errors, 'errors')
  findings.errors.push(...own.errors)
  if (own.errors.length > 0) return undefined
  if (Object.keys(endpoints).length === 0) {
    findings.skip(`${path}.endpoints`, 'at least one endpoint expected')
    return undefined
  }
  return made(definition, endpoints, told, build.told, options)
}

function made(
  definition: HttpDefinition,
  endpoints: Record<string, unknown>,
  told: Told,
  byCapability: ReadonlyMap<string, Told>,
  options: ProviderOptions,
): AnyProvider {
  const { baseUrl, homepage, docs, limits, key, probe, errors: _, enabled, apiKeyFrom: __, ...facts } = definition
  const [first = '', ...others] = [baseUrl].flat()
  const provider: Provider = {
    ...facts,
    homepage: homepage ?? first,
    docs: docs ?? homepage ?? first,
    hosts: [first, ...others],
    limits: (limits ?? POLITE).map(({ scope = 'ip', ...limit }) => ({ scope, ...limit })),
    ...(key && { key: { ...key, required: key.required ?? true } }),
    ...(enabled !== undefined && { enabled }),
    ...(probe && { probe: { capability: probe.capability, params: probe.params } }),
    endpoints: endpoints as Provider['endpoints'],
    failure: ({ body }, { capability }) => byCapability.get(capability)?.(body) ?? told(body),
  } as Provider
  return defineProvider(provider, options)
}

/** Kinds of fields that a factor makes sense for. */
const SCALED: ReadonlySet<string> = new Set(['price', 'amount', 'number', 'shares'])
const HEADER = /^[\w!#$%&'*+.^`|~-]+$/

/** Of these none may be left out: a gap would not be seen. */
const ORDERED: ReadonlySet<HttpCapability> = new Set(['candles', 'trades'])

/** Compiles the parts of one definition, and says what is wrong with each. */
class Build {
  /** What errors are told by, of each capability. */
  readonly told = new Map<string, Told>()
  readonly #definition: HttpDefinition
  readonly #path: string
  readonly #findings: Findings
  readonly #compile: Compile

  constructor(definition: HttpDefinition, path: string, findings: Findings, compile: Compile) {
    this.#definition = definition
    this.#path = path
    this.#findings = findings
    this.#compile = compile
  }

  endpoints(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.#definition.endpoints).map(([capability, endpoint]) => [capability, this.#endpoint(capability as HttpCapability, endpoint)]),
    )
  }

  /** Which failure an answer tells by itself; the first rule that fits. */
  errors(rules: readonly ErrorRule[] = [], at: string): Told {
    const compiled = rules.flatMap(({ when, reason, message }, i) => {
      const [applies, words] = [
        this.#expression(when, `${at}[${i}].when`),
        message === undefined ? undefined : this.#expression(message, `${at}[${i}].message`),
      ]
      return applies ? [{ applies, words, reason }] : []
    })
    return (body) => {
      if (typeof body !== 'object' || body === null) return undefined
      const rule = compiled.find(({ applies }) => isTrue(quietly(applies, body)))
      if (rule === undefined) return undefined
      const words = rule.words && quietly(rule.words, body)
      return { reason: rule.reason, ...(typeof words === 'string' && { message: words.slice(0, 300) }) }
    }
  }

  #endpoint(capability: HttpCapability, endpoint: HttpEndpointDefinition): HttpEndpoint<Capability> {
    const at = `endpoints.${capability}`
    const spec: CapabilityFields = FIELDS[capability]
    this.#templates(endpoint, spec, at)
    const fields = this.#fields(endpoint, spec, at)
    const where = endpoint.list === undefined ? undefined : this.#expression(endpoint.list, `${at}.list`)
    const list = where && ((body: unknown) => quietly(where, body))
    this.told.set(capability, this.errors(endpoint.errors, `${at}.errors`))
    if (capability === 'candles' && endpoint.intervals === undefined)
      this.#wrong(`${at}.intervals`, 'what it calls the intervals that it has expected: { "1h": "60" }')
    if (capability === 'tickers' && endpoint.market === undefined) this.#wrong(`${at}.market`, 'name of a market there expected: "{base}-{quote}"')
    const { id } = this.#definition
    const { cost, maxBatch } = endpoint
    const chains = new Map(Object.entries(endpoint.chains ?? {}).map(([chain, name]) => [String(name), chain]))
    return {
      request: (params: Params, { native, now }) => asked(endpoint, params, { provider: id, native, now }),
      parse: (body, params: Params, { native, now }) => {
        const many = spec.list || list !== undefined
        const rows =
          many && !ORDERED.has(capability) ? readable(rowsIn(body, list), fields) : (many ? rowsIn(body, list) : [body]).map((row) => fieldsOf(row, fields))
        const marketOf = (symbol: string): string | undefined => marketName(endpoint, symbol, native)
        return dataOf(capability, { provider: id, rows, params, now, marketOf, chainOf: (name) => chains.get(name) ?? name }) as never
      },
      supports: (params: Params) => isServed(params, endpoint),
      ...(capability === 'news' && { combine: combineNews as never }),
      ...(cost !== undefined && { cost }),
      ...(maxBatch !== undefined && { maxBatch }),
    }
  }

  #fields({ map }: HttpEndpointDefinition, { fields }: CapabilityFields, at: string): Field[] {
    for (const name of Object.keys(fields)) if (fields[name]?.endsWith('!') && !Object.hasOwn(map, name)) this.#wrong(`${at}.map`, `'${name}' expected`)
    return Object.entries(map).flatMap(([name, where]) => {
      const place = `${at}.map.${name}`
      const kind = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (kind === undefined) return this.#wrong(place, `unknown field '${name}'`, didYouMean(name, Object.keys(fields))) ?? []
      const { path, as, scale } = typeof where === 'string' ? { path: where } : where
      const isTime = kind.startsWith('time')
      if (isTime && as === undefined) this.#wrong(place, "a time needs its unit: { path, as: 's', 'ms' or 'iso' }")
      if (!isTime && as !== undefined) this.#wrong(`${place}.as`, `'${name}' is no time`)
      // base units are exact, and stay so
      if (scale !== undefined && !SCALED.has(kind.replace('!', ''))) this.#wrong(`${place}.scale`, `'${name}' cannot be scaled`)
      const compiled = this.#expression(path, place)
      return compiled ? [{ name, kind, at: (row: unknown) => quietly(compiled, row), as, scale }] : []
    })
  }

  #templates({ path, query = {}, headers = {}, body, market }: HttpEndpointDefinition, { params }: CapabilityFields, at: string): void {
    const known = [...params, 'now']
    const places = this.#definition.key?.in === 'path' ? [...known, 'key'] : known
    this.#tried(`${at}.path`, () => checkTemplate(path, places))
    if (/[?#\\\s]/.test(path)) this.#wrong(`${at}.path`, 'a path without a query expected: its parameters stand in query')
    for (const name of Object.keys(headers)) if (!HEADER.test(name)) this.#wrong(`${at}.headers`, 'names of headers expected')
    if (path.startsWith('/')) this.#wrong(`${at}.path`, 'without a slash in front expected: it stands below the base URL')
    for (const [name, value] of Object.entries({ ...query, ...headers }))
      if (typeof value === 'string') this.#tried(`${at}.${name}`, () => checkTemplate(value, known))
    if (market !== undefined) this.#tried(`${at}.market`, () => checkTemplate(market, ['symbol', 'base', 'quote', 'id']))
    this.#tried(`${at}.body`, () => checkBody((body ?? null) as Json, known))
  }

  #expression(text: string, at: string): Expression | undefined {
    return this.#tried(at, () => this.#compile(text))
  }

  #tried<T>(at: string, work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!ConfigError.is(error)) throw error
      this.#wrong(at, error.message)
      return undefined
    }
  }

  #wrong(at: string, message: string, suggestion?: () => string | undefined): undefined {
    this.#findings.skip(`${this.#path}.${at}`, message, suggestion)
  }
}

/** What is found; nothing where the answer is not of a kind that the expression can read. */
function quietly(find: Expression, value: unknown): unknown {
  try {
    return find(value)
  } catch {
    return undefined
  }
}

/** As in JMESPath, where nothing that is empty is true; and a code of 0 tells no error. */
const isTrue = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value))
