import { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { AnyProvider, Limit, Provider, ProviderOptions } from '../provider/provider.js'
import { askThrough, type Ended, PROOF_TIME, type Sent, type Served } from './asking.js'
import { difference } from './equal.js'
import { leavesOf, scalarsOf, withValueAt } from './leaves.js'
import { mutated, seeded } from './mutations.js'
import type { DocumentedAnswer, ProviderProof, TestRunner } from './provider-proof.js'
import { Several } from './several.js'
import { faultOf } from './sound.js'

/** Long enough that nothing holds it by chance. */
const MADE_UP_KEY = 'made-up-key-0123456789abcdef'
const PAGE = '<!doctype html><html><body>Welcome</body></html>'
/** Changed bodies that each documented answer is tried with. */
const CHANGED_BODIES = 500
/** A body with more leaves is tried at the first of them. */
const MOST_LEAVES = 300

/**
 * Holds a provider against its documentation, each question asked through a real router over a network that gives the answers
 * of the proof: the address and where the key goes; what is read, to the last member; a drifted body, an HTML page, a 429; the
 * service's own errors; unknown things; that no null becomes 0; that limits are declared; that no error tells the key.
 *
 * ```ts
 * describeProvider(acme, { answers: [...], unknown: [...], errors: [...] }, { describe, it })
 * ```
 */
export function describeProvider<C extends Capability>(
  factory: (options: ProviderOptions & Readonly<Record<string, unknown>>) => Provider<C>,
  proof: ProviderProof<C>,
  { describe, it }: TestRunner,
): void {
  const plain = factory({ ...proof.options, enabled: true })
  const provider = plain.key?.required ? factory({ apiKey: MADE_UP_KEY, ...proof.options, enabled: true }) : plain
  const keyed = plain.key ? factory({ apiKey: MADE_UP_KEY, ...proof.options, enabled: true }) : undefined
  describe(`${provider.id}, as a provider`, () => {
    it('says where its facts come from, and keeps to limits', () => declares(provider))
    it('is proven for each of its capabilities', () => isComplete(provider, proof))
    for (const answer of proof.answers) {
      const of = `${answer.capability} ${JSON.stringify(answer.params)}`
      it(`asks for ${of} where it is documented`, () => asksAsDocumented(namesKey(answer) ? (keyed ?? provider) : provider, answer))
      it(`reads the documented ${of}`, async () => isRead(await ask(provider, answer), answer.data))
      it(`refuses a drifted ${of}`, async () => failsAs(await ask(provider, answer, { ...answer, body: answer.drifted }), 'bad-response'))
      it(`refuses an HTML page as ${of}`, async () => failsAs(await ask(provider, answer, { body: PAGE }), 'bad-response'))
      it(`never takes null for 0 in ${of}`, () => takesNullForNothing(provider, answer))
      it(`meets ${CHANGED_BODIES} changed bodies of ${of} with sound data or an error of its own`, () => survives(provider, answer))
      it(`waits after a 429 to ${of} as long as it is told`, async () =>
        failsAs(await ask(provider, answer, { status: 429, headers: { 'retry-after': '7' }, body: {} }), 'rate-limited', 7_000))
      if (keyed) it(`sends its key with ${of} only where it belongs, and tells it to nobody`, () => keepsItsKey(keyed, answer))
    }
    for (const { capability, params, ...served } of proof.unknown ?? [])
      it(`takes an unknown one for not found when asked for ${capability}${params ? ` ${JSON.stringify(params)}` : ''}`, async () =>
        failsAs(
          await askThrough(provider, capability, params ?? answerOf(proof, capability).params, served),
          'not-found',
          undefined,
          `of ${excerpt(served.body)}`,
        ))
    for (const { says, capability, reason, retryAfterMs, ...served } of proof.errors)
      it(`understands «${says}»`, async () => {
        for (const answer of proof.answers)
          if (capability === undefined || capability === answer.capability)
            failsAs(await ask(provider, answer, served), reason, retryAfterMs, `for ${answer.capability}`)
      })
  })
}

/** Whether the key has a place in what is documented of a question. */
const namesKey = ({ url = '', sentHeaders = {} }: DocumentedAnswer): boolean =>
  [url, ...Object.values(sentHeaders)].flat().some((text) => text.includes('{key}'))

/** Enough of a body to find it again. */
const excerpt = (body: unknown): string => (typeof body === 'string' ? body : (JSON.stringify(body) ?? 'nothing')).slice(0, 2_000)

const ask = (provider: AnyProvider, answer: DocumentedAnswer, served: Served = answer): Promise<Ended & { data?: unknown }> =>
  askThrough(provider, answer.capability, answer.params, { now: answer.now, ...served })

function answerOf<C extends Capability>({ answers }: ProviderProof<C>, capability: C): DocumentedAnswer<C> {
  const found = answers.find((answer) => answer.capability === capability)
  if (!found) throw new Error(`the proof has no answer for ${capability}`)
  return found
}

function check(condition: boolean, wrong: string): void {
  if (!condition) throw new Error(wrong)
}

function same(actual: unknown, expected: unknown, at?: string): void {
  const found = difference(actual, expected, at)
  check(found === undefined, found ?? '')
}

function isRead(ended: Ended, expected: unknown): void {
  if (ended.failure !== undefined) throw new Error(`data expected, got ${ended.failure.reason} (${ended.failure.message})`)
  same(ended.data, expected)
}

function failsAs(ended: Ended, reason: string, retryAfterMs?: number, asked = ''): void {
  const got = ended.failure === undefined ? `data ${JSON.stringify(ended.data)}` : `${ended.failure.reason} (${ended.failure.message})`
  check(ended.failure?.reason === reason, `${reason} expected${asked && ` ${asked}`}, got ${got}`)
  if (retryAfterMs !== undefined)
    check(ended.failure?.retryAfterMs === retryAfterMs, `a wait of ${retryAfterMs} ms expected${asked && ` ${asked}`}, got ${ended.failure?.retryAfterMs}`)
}

function declares({ id, name, homepage, docs, limits = [], plans = {}, endpoints }: AnyProvider): void {
  check(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && name !== '', `id '${id}' must be kebab-case, and there must be a name`)
  for (const page of [homepage, docs, ...Object.values(plans).map(({ source }) => source)]) check(page.startsWith('https://'), `${page} is no https address`)
  for (const { verifiedOn } of Object.values(plans)) check(/^\d{4}-\d\d-\d\d$/.test(verifiedOn), `verifiedOn must be a date, got ${verifiedOn}`)
  check(Object.keys(endpoints).length > 0, 'it has no endpoint')
  check(limits.length > 0, 'it declares no limit: where nothing is published, a polite one of 60 a minute is')
  for (const limit of [...limits, ...Object.values(plans).flatMap((plan) => plan.limits)]) check(isLimit(limit), `${JSON.stringify(limit)} is no limit`)
}

const isLimit = ({ requests, cost, perMs }: Limit): boolean => (requests === undefined) !== (cost === undefined) && (requests ?? cost ?? 0) > 0 && perMs > 0

const isAskedFor = (capability: Capability, params: object): boolean => 'symbol' in params || capability === 'tickers' || 'asset' in params
const zerosIn = (data: unknown): number => scalarsOf(data).filter((value) => value === 0).length

function isComplete<C extends Capability>({ endpoints }: Provider<C>, { answers, unknown = [], errors }: ProviderProof<C>): void {
  const capabilities = Object.keys(endpoints)
  const lacking = capabilities.filter((capability) => !answers.some((answer) => answer.capability === capability))
  check(lacking.length === 0, `the proof has no answer for ${lacking.join(', ')}`)
  const silent = answers.filter(({ capability, params }) => isAskedFor(capability, params) && !unknown.some((one) => one.capability === capability))
  check(silent.length === 0, `the proof does not say what an unknown one gets for ${silent.map(({ capability }) => capability).join(', ')}`)
  check(errors.length > 0, `the proof has no error of the service's own`)
}

async function asksAsDocumented(provider: AnyProvider, answer: DocumentedAnswer): Promise<void> {
  const { sent } = await ask(provider, answer)
  const endpoint = (provider.endpoints[answer.capability] ?? {}) as { readonly calls?: number; readonly request?: unknown }
  const { calls = 1 } = endpoint
  const urls = [answer.url ?? []].flat()
  const asked = sent.slice(-Math.max(1, urls.length))
  const last = sent.at(-1)
  check(last !== undefined, 'nothing was sent')
  urls.forEach((url, i) => same(readable(asked[i]?.url ?? ''), readable(url.replaceAll('{key}', MADE_UP_KEY)), 'url'))
  // what is looked up, or asked in rounds, is counted by itself
  const isCounted = endpoint.request !== undefined && provider.lookup === undefined && answer.capability !== 'tickers'
  check(!isCounted || calls === sent.length, `calls must be ${sent.length}: so many requests are sent for one question`)
  check(urls.length < 2 || calls === urls.length, `calls must be ${urls.length}: there are so many addresses`)
  for (const [name, value] of Object.entries(answer.sentHeaders ?? {}))
    for (const one of asked) same(one.headers.get(name), value.replaceAll('{key}', MADE_UP_KEY), name)
  const bodies = asked.map(({ body }) => JSON.parse(body || 'null') as unknown)
  if (answer.sent !== undefined) same(bodies.length > 1 ? bodies : bodies[0], answer.sent, 'sent')
  const hosts = provider.hosts?.map((host) => new URL(host).host) ?? []
  check(answer.url !== undefined || hosts.length === 0 || hosts.includes(new URL(last?.url ?? '').host), `${last?.url} is none of its hosts`)
}

const readable = (url: string): string => decodeURIComponent(url.replaceAll('+', '%20'))

async function takesNullForNothing(provider: AnyProvider, answer: DocumentedAnswer): Promise<void> {
  const most = zerosIn(answer.data)
  const { body, status, headers } = answer
  const whole = body instanceof Several ? body.bodies : body
  for (const path of typeof body === 'string' ? [] : leavesOf(whole).slice(0, MOST_LEAVES)) {
    const changed = withValueAt(whole, path, null)
    const ended = await ask(provider, answer, { body: body instanceof Several ? new Several(changed as unknown[]) : changed, status, headers })
    if (ended.failure !== undefined) continue
    const nothing = scalarsOf(ended.data).find((value) => value === null || value === undefined || value === '' || Number.isNaN(value))
    check(nothing === undefined, `null at ${path.join('.')} came through as ${String(nothing)}`)
    check(zerosIn(ended.data) <= most, `null at ${path.join('.')} became 0`)
  }
}

/** Straight into the parser: a router would turn what it throws by mistake into a `BadResponseError`. */
async function survives(provider: AnyProvider, { capability, params, body, status = 200, now = PROOF_TIME, ...answer }: DocumentedAnswer): Promise<void> {
  const endpoint = provider.endpoints[capability]
  if (endpoint === undefined || !('parse' in endpoint)) return
  const draw = seeded(CHANGED_BODIES)
  const headers = new Headers(answer.headers)
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  for (let n = 0; n < CHANGED_BODIES; n++) {
    const changed = body instanceof Several ? oneMutated(body, draw) : mutated(body, draw)
    const bodies = body instanceof Several ? (changed as unknown[]) : [changed]
    try {
      if (bodies.some((one) => provider.failure?.({ status, headers, body: one }, { capability, params } as never))) continue
      const data = await endpoint.parse(changed, params as never, { native: provider.assets ?? {}, now, headers })
      const fault = faultOf(capability, data)
      check(fault === undefined, fault ?? '')
    } catch (error) {
      if (!ProviderError.is(error)) throw new Error(`${String(error)} out of ${excerpt(changed)}`, { cause: error })
    }
  }
  check(Object.getOwnPropertyNames(Object.prototype).join() === before && !('polluted' in {}), 'a prototype was touched')
}

function oneMutated({ bodies }: Several, draw: () => number): unknown[] {
  const chosen = Math.floor(draw() * bodies.length)
  return bodies.map((body, i) => (i === chosen ? mutated(body, draw) : body))
}

async function keepsItsKey(provider: AnyProvider, answer: DocumentedAnswer): Promise<void> {
  const { sent } = await ask(provider, answer)
  for (const one of sent) check(isPlaced(one, provider), `the key must go into the ${provider.key?.in} as ${provider.key?.name}, and nowhere else`)
  const echo = `no access for ${MADE_UP_KEY}`
  for (const [status, body] of [
    [401, { error: echo, message: echo }],
    [500, { error: echo, message: echo }],
    [200, PAGE.replace('Welcome', echo)],
  ] as const) {
    const ended = await ask(provider, answer, { status, body })
    check(ended.failure !== undefined, `HTTP ${status} must fail`)
    const told = ended.failure === undefined ? '' : [ended.error.message, ended.error.stack, JSON.stringify(ended.error), ended.failure.message].join()
    check(!told.includes(MADE_UP_KEY), `the error after HTTP ${status} tells the key`)
  }
}

function isPlaced({ url, headers, body }: Sent, { key }: AnyProvider): boolean {
  const { searchParams, pathname } = new URL(url)
  const value = `${key?.prefix ?? ''}${MADE_UP_KEY}`
  const places = {
    header: headers.get(key?.name ?? '') === value,
    query: searchParams.get(key?.name ?? '') === value,
    path: pathname.includes(MADE_UP_KEY),
  }
  const times = [url, body, ...headers.values()].join('\n').split(MADE_UP_KEY).length - 1
  return key !== undefined && places[key.in] && times === 1
}
