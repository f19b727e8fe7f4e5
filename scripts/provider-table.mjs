// Writes what is known of the providers into README.md and docs/providers.md. Needs a built dist/.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const between = /(?<=<!-- providers: [^\n]* -->\n)[^]*?(?=<!-- \/providers -->)/
const PAGE = 'docs/providers.md'
const INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w', '1M']

const SPANS = { 1_000: 'a second', 60_000: 'a minute', 3_600_000: 'an hour', 86_400_000: 'a day' }
const RESETS = { 'utc-day': 'a day (UTC)', 'utc-month': 'a calendar month' }

/** What a source file exports, types taken out. */
async function exportsOf(path) {
  const bundle = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`)
}

const { CAPABILITIES } = await exportsOf('src/model/capabilities.ts')

const byId = (a, b) => (a.id < b.id ? -1 : 1)
const code = (text) => `\`${text}\``
const list = (texts) => texts.map(code).join(', ')
const count = (number) => number.toLocaleString('en-US')
const row = (cells) => `| ${cells.join(' | ')} |\n`
const table = (head, rows) => `${row(head)}|${'---|'.repeat(head.length)}\n${rows.map(row).join('')}`
const link = (id) => `[${code(id)}](#${id})`

/** Asked only after everybody else, or not at all unless the user says so. */
const standing = ({ enabled, role }) => [enabled === false && 'off by default', role === 'last-resort' && 'last resort'].filter(Boolean)
const access = ({ key, plans = {} }) => (key?.required ? 'required' : key || Object.values(plans).some((plan) => plan.key) ? 'optional' : 'none')
/** Without a key, and without being switched on. */
const isKeyless = (provider) => access(provider) !== 'required' && provider.enabled !== false

/** README.md's table, out of what the factories make: who serves each category. */
export function providerTable(providers) {
  const sorted = providers.toSorted(byId)
  const categories = [...new Set(Object.values(CAPABILITIES).map(({ category }) => category))]
  const rows = categories.flatMap((category) => {
    const capabilities = Object.keys(CAPABILITIES).filter((name) => CAPABILITIES[name].category === category)
    const having = sorted.filter(({ endpoints }) => capabilities.some((name) => name in endpoints))
    const named = (keyless) =>
      having
        .filter((provider) => isKeyless(provider) === keyless)
        .map(({ id }) => `[${id}](${PAGE}#${id})`)
        .join(', ')
    return having.length === 0 ? [] : [[category.replaceAll('_', ' '), list(capabilities), named(true), named(false)]]
  })
  return table(['', 'capabilities', 'without a key', 'with a key, or off by default'], rows)
}

/** README.md with the table in its place. */
export const withTable = (page, providers) => page.replace(between, () => providerTable(providers))

/** docs/providers.md with all that the factories and the list of absent providers say in its place. */
export const withProviders = (page, providers, absent) =>
  page.replace(between, () => {
    const sorted = providers.toSorted(byId)
    return `\n${[overview(sorted), whoHas(sorted), ['## One by one\n', ...sorted.map((provider) => section(provider, sorted))].join('\n'), gone(absent)].join('\n')}\n`
  })

function overview(providers) {
  const keyless = providers.filter(isKeyless).length
  const rows = providers.map((provider) => [
    link(provider.id),
    isKeyless(provider) ? '✓' : '',
    Object.keys(provider.endpoints).join(', '),
    inWords(provider),
    verified(provider),
  ])
  return `## All of them\n\n${providers.length} providers, ${keyless} of them without a key.\n\n${table(['id', 'keyless', 'capabilities', 'limits', 'verified on'], rows)}`
}

/** The day on which the limits were read; of several plans, that of the strictest, which holds where none is chosen. */
function verified({ verifiedOn, plans = {}, limits, docs }) {
  const plan = Object.values(plans).find((one) => JSON.stringify(one.limits) === JSON.stringify(limits))
  const day = plan?.verifiedOn ?? verifiedOn
  return `[${day ?? 'unverified'}](${plan?.source ?? docs})`
}

function whoHas(providers) {
  const capabilities = [...new Set(providers.flatMap(({ endpoints }) => Object.keys(endpoints)))]
  const rows = capabilities.map((capability) => {
    const having = providers.filter(({ endpoints }) => capability in endpoints)
    const named = (keyless) =>
      having
        .filter((provider) => isKeyless(provider) === keyless)
        .map(({ id }) => code(id))
        .join(', ') || '–'
    return [code(capability), named(true), named(false)]
  })
  return `## Who has what\n\n${table(['capability', 'without a key', 'with a key, or off by default'], rows)}`
}

function section(provider, all) {
  const { id, name, homepage, docs, endpoints, dollarQuote, metered, attribution, blockedRegions, family, plans = {}, key } = provider
  const relatives = all.filter((other) => other.id !== id && (other.family ?? other.id) === (family ?? id))
  const facts = [
    ['state', standing(provider).join(', ')],
    ['key', key ? `${access(provider)}, ${placed(key)}` : access(provider) === 'optional' ? 'optional, see its plans' : 'none'],
    ['capabilities', list(Object.keys(endpoints))],
    ['candles', intervalsOf(provider)],
    ['limits', isLocal(provider) ? 'none: it computes on this machine' : `${inWords(provider)}; verified on: ${verified(provider)}`],
    ['dollars', dollarQuote && `BTC/USD is answered with BTC/${dollarQuote}`],
    ['same figures as', relatives.length > 0 && `${list(relatives.map((other) => other.id))}: one voice where sources are compared`],
    ['cost', metered && 'calls cost money or credits, so they are never hedged'],
    ['attribution', attribution && `${attribution.required ? 'required' : 'welcome'}: [${attribution.text}](${attribution.url})`],
    ['refuses', blockedRegions && `callers in ${blockedRegions.join(', ')}`],
    ...Object.entries(plans).map(([plan, its]) => [`plan ${code(plan)}`, planOf(its, key)]),
  ]
  const lines = facts.filter(([, text]) => text).map(([what, text]) => `- ${what}: ${text}\n`)
  return `### ${id}\n\n[${name}](${homepage}), [documentation](${docs})\n\n${lines.join('')}`
}

/** Asks nobody but the router itself. */
const isLocal = ({ hosts, limits = [], enabled }) => hosts === undefined && limits.length === 0 && enabled !== false

function planOf({ key: own, host, verifiedOn, source, ...limits }, key) {
  const needed = own ?? (key?.required ? key : undefined)
  const facts = [needed ? `key ${placed(needed)}` : 'no key', inWords(limits), host && `at ${host}`, `verified on [${verifiedOn}](${source})`]
  return facts.filter(Boolean).join('; ')
}

const placed = (key) => (key.in === 'path' ? 'in the path' : `in the ${key.in} ${code(key.name)}${key.prefix ? ` after ${code(key.prefix.trim())}` : ''}`)

/** `10 requests a second per address, 20,000 a calendar month per address` */
function inWords({ limits = [], minSpacingMs }) {
  const words = limits.map(({ requests, cost, perMs, scope, resets }) => {
    const amount = requests === undefined ? `${count(cost)} units` : `${count(requests)} request${requests === 1 ? '' : 's'}`
    return `${amount} ${RESETS[resets] ?? SPANS[perMs] ?? `in ${duration(perMs)}`} per ${scope === 'ip' ? 'address' : 'key'}`
  })
  return [...words, minSpacingMs ? `${duration(minSpacingMs)} apart` : ''].filter(Boolean).join(', ')
}

const duration = (ms) => {
  const [size, unit] = [
    [86_400_000, 'days'],
    [60_000, 'min'],
    [1_000, 's'],
  ].find(([length]) => ms >= length) ?? [1, 'ms']
  return `${ms / size} ${unit}`
}

/** Every interval of which it takes at least one candle. */
function intervalsOf({ endpoints: { candles }, probe }) {
  if (!candles) return ''
  const symbol = probe?.params?.symbol ?? 'BTC/USD'
  return list(INTERVALS.filter((interval) => candles.supports?.({ symbol, interval, limit: 1 }) ?? true))
}

function gone(absent) {
  const entries = Object.entries(absent).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const those = entries.flatMap(([id, { retired }]) => (retired ? [[code(id), retired.since ?? 'unknown', retired.replacement]] : []))
  const others = entries.flatMap(([id, { retired, why, instead = '–' }]) => (retired ? [] : [[code(id), why, instead]]))
  return `## Retired\n
Services that are gone. Asking a router for one of them is a \`ConfigError\` that names the replacement.\n
${table(['id', 'since', 'replacement'], those)}
## Not here\n
Services that still exist and have no provider here.\n
${table(['id', 'why', 'instead'], others)}`
}

/** What the registry's factories make without options, each once; the other exports are no factories. */
export const registered = (registry) => [...new Set(Object.values(registry))].flatMap((factory) => (typeof factory === 'function' ? [factory()] : []))

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const providers = registered(await import(new URL('../dist/providers/index.js', import.meta.url).href))
  const { ABSENT_PROVIDERS } = await exportsOf('src/provider/retired.ts')
  writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8'), providers))
  writeFileSync(PAGE, withProviders(readFileSync(PAGE, 'utf8'), providers, ABSENT_PROVIDERS))
}
