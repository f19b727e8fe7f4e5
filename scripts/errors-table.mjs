// Writes docs/errors.md out of the outcome table; with --check says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const bundle = await build({ entryPoints: ['src/pipeline/outcomes.ts'], bundle: true, format: 'esm', write: false })
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64')
const { OUTCOMES, LADDER_MS, MAX_RETRY_AFTER_MS, UNAUTHORIZED_REST_MS, REGION_REST_MS, QUOTA_REST_MS, NOT_FOUND_MS, SHORT_WAIT_MS } = await import(
  `data:text/javascript;base64,${code}`
)

const minutes = (ms) => (ms >= 3_600_000 ? `${ms / 3_600_000} h` : ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`)
const rests = {
  none: '–',
  told: `\`Retry-After\` or the estimate it names, up to ${minutes(MAX_RETRY_AFTER_MS)}`,
  ladder: `\`Retry-After\` up to ${minutes(MAX_RETRY_AFTER_MS)} (a 418's in full), else ${LADDER_MS.map(minutes).join(', ')} by consecutive hit`,
  unauthorized: minutes(UNAUTHORIZED_REST_MS),
  quota: `until the quota starts anew, ${minutes(QUOTA_REST_MS)} where that is not known`,
  region: minutes(REGION_REST_MS),
}
const again = {
  yes: 'yes, when nobody else can be asked',
  'short-wait': `only when the wait it names is ≤ ${minutes(SHORT_WAIT_MS)} and nobody else can be asked`,
  no: 'no',
}
const breakers = { failure: 'failure', drift: 'failure of this capability', none: 'no' }
/** Examples of each. */
const means = {
  'not-found': 'a pair or asset that this provider does not have',
  'bad-request': "the provider's own 400 or 422 for what others may well answer",
  unauthorized: '401, 403 with a key error, a plan that lacks what was asked',
  'quota-exhausted': "the month's credits are gone, 402",
  'rate-limited': '429, 418, or a vendor code for it inside a 200',
  'geo-blocked': '451, or a 403 page that names a region',
  network: 'DNS, reset, refused, TLS',
  timeout: 'no answer within its slice of the time',
  unavailable: "5xx, maintenance, a firewall's page",
  'bad-response': 'not JSON, a missing price, a price ≤ 0, a candle with low > high',
  'cold-start': 'a model that is being loaded',
  'circuit-open': 'the breaker is open, or its trial is under way',
  aborted: "the caller's own signal",
}
const row = ([reason, { again: repeat, next, breaker, rest, remember }]) =>
  `| \`${reason}\` | ${means[reason]} | ${again[repeat]} | ${next ? 'yes' : 'no: the request ends at once'} | ${breakers[breaker]} | ${rests[rest]} | ${remember ? minutes(NOT_FOUND_MS) : '–'} |`

const page = `# What follows a failure

Every attempt ends in one outcome, and this table says what follows. It is made from \`src/pipeline/outcomes.ts\` by
\`npm run docs\`; the router reads the same object.

| reason | examples | same provider again? | next provider? | counts for the breaker | the provider rests | remembered per asset |
|---|---|---|---|---|---|---|
${Object.entries(OUTCOMES).map(row).join('\n')}

## The errors you can catch

| class | when | properties |
|---|---|---|
| \`ConfigError\` | an option or a parameter is wrong, whatever the provider | – |
| \`AmbiguousAssetError\` | several assets share the symbol; choose with \`options.assets\` | \`symbol\`, \`candidates\` |
| \`NoProviderError\` | nobody offers it, or everybody is excluded for now | \`excluded\`, \`retryAfterMs\` |
| \`AllProvidersFailedError\` | everybody who could be asked failed | \`failures\` (one per provider), \`attempts\` (all) |
| \`ProviderError\`, \`BadResponseError\` | inside \`failures\` | \`provider\`, \`reason\`, \`status\`, \`retryAfterMs\`, \`host\` |

All of them are \`FeedmuxError\`. Each class has \`is(error)\`, which also works when two copies of the package are loaded. An abort by
you rejects with the reason of your own signal. No error holds a key, a URL with a query, or a \`cause\`.
`

if (!process.argv.includes('--check')) writeFileSync('docs/errors.md', page)
else if (readFileSync('docs/errors.md', 'utf8') !== page) {
  console.error('docs/errors.md is not what src/pipeline/outcomes.ts says: run npm run docs')
  process.exitCode = 1
}
