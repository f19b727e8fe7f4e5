// npm run smoke:live: asks each provider one question over the network. Options: --provider id,id and --json, one object a line.
// Those that need a key are asked when FEEDMUX_<ID>_API_KEY is set. Ends with 1 when somebody's answer is not what its
// documentation says, with 2 when called wrongly. Needs a built dist/.
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const PAUSE_MS = 250
const TIMEOUT_MS = 10_000

/** What is asked of everybody who names no question of its own. */
const QUESTION = { capability: 'ticker', params: { symbol: 'BTC/USD' } }

/** Asks one after the other and prints a line for each; gives the exit code. */
export async function smoke(argv, { Router, registry, providersOf, env, print, pauseMs = PAUSE_MS, timeoutMs = TIMEOUT_MS }) {
  const chosen = choose(argv, (ids) => providersOf(ids, { registry, env }))
  if (typeof chosen === 'string') {
    print(chosen)
    return 2
  }
  const reports = []
  for (const provider of chosen.providers) {
    if (reports.some(({ outcome }) => outcome !== 'skipped')) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    const report = await reportOf(provider, Router, timeoutMs)
    reports.push(report)
    print(chosen.json ? JSON.stringify(report) : lineOf(report))
  }
  if (!chosen.json) print(sumOf(reports))
  return reports.some(({ outcome }) => outcome === 'drift') ? 1 : 0
}

/** Who is asked, or what is wrong with the arguments. */
function choose(argv, named) {
  try {
    const { values } = parseArgs({ args: argv, options: { provider: { type: 'string', multiple: true, short: 'p' }, json: { type: 'boolean' } } })
    const ids = (values.provider ?? []).flatMap((list) => list.split(',').map((id) => id.trim()))
    // also those that are off unless somebody says so
    return { json: values.json, providers: named(ids).map((provider) => ({ ...provider, enabled: true })) }
  } catch (error) {
    return error.message
  }
}

/** What became of the one question. */
async function reportOf(provider, Router, timeoutMs) {
  const { id, key, apiKey, probe: { capability, params } = QUESTION } = provider
  const question = { provider: id, asked: [capability, ...Object.values(params)].join(' ') }
  if (key?.required && !apiKey) return { ...question, outcome: 'skipped', why: `needs FEEDMUX_${id.toUpperCase().replaceAll('-', '_')}_API_KEY` }
  const router = new Router({ providers: [provider], maxAttempts: 1, retries: 0, cache: false, timeoutMs, totalTimeoutMs: timeoutMs })
  try {
    const { data, latencyMs, asOf, fetchedAt } = await router.request(capability, params, { only: [id] })
    const ageMs = asOf === undefined ? undefined : Math.max(0, fetchedAt - asOf)
    return { ...question, outcome: 'answered', value: valueOf(data), latencyMs: Math.round(latencyMs), ...(ageMs !== undefined && { ageMs }) }
  } catch (error) {
    const { reason, message, status } = error.failures?.[0] ?? error
    const why = message.replace(`${id}: `, '').replaceAll(/\s*\n\s*/g, ' ')
    return { ...question, outcome: reason === 'bad-response' ? 'drift' : 'failed', ...(reason && { reason }), why, ...(status !== undefined && { status }) }
  } finally {
    await router.close()
  }
}

/** The figure that shows that it is an answer: a price, an index, else how many there are. */
function valueOf(data) {
  const [first = data] = [data].flat()
  return first.last ?? first.value ?? [data].flat().length
}

function lineOf({ outcome, provider, asked, value, latencyMs, ageMs, reason, why }) {
  const said = {
    answered: () => `${value}, ${latencyMs} ms, ${ageMs === undefined ? 'age unknown' : `${Math.round(ageMs / 1_000)} s old`}`,
    failed: () => (reason === undefined || why.includes(reason) ? why : `${reason}, ${why}`),
    drift: () => why,
    skipped: () => why,
  }
  return `${outcome.padEnd(9)} ${provider.padEnd(15)} ${asked}: ${said[outcome]()}`
}

const sumOf = (reports) =>
  ['answered', 'drift', 'failed', 'skipped'].map((outcome) => `${reports.filter((report) => report.outcome === outcome).length} ${outcome}`).join(', ')

/** The choice of providers and keys that the command line has too: bundled, since it is no entry of the package. */
async function choice() {
  const { outputFiles } = await build({ entryPoints: ['src/cli/choose.ts'], bundle: true, format: 'esm', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { providersOf } = await choice()
  const { ProviderRouter } = await import(new URL('../dist/index.js', import.meta.url).href)
  const factories = Object.values(await import(new URL('../dist/providers/index.js', import.meta.url).href)).filter((value) => typeof value === 'function')
  const registry = Object.fromEntries(factories.map((make) => [make().id, make]))
  process.exitCode = await smoke(process.argv.slice(2), { Router: ProviderRouter, registry, providersOf, env: process.env, print: console.log })
}
