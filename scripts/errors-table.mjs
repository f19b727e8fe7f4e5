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
const row = ([reason, { means, again: repeat, next, breaker, rest, remember }]) =>
  `| \`${reason}\` | ${means} | ${again[repeat]} | ${next ? 'yes' : 'no: the request ends at once'} | ${breakers[breaker]} | ${rests[rest]} | ${remember ? minutes(NOT_FOUND_MS) : '–'} |`

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
