// Writes the table of endpoints into docs/http-api.md out of the routes; with --check says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const PAGE = 'docs/http-api.md'
const between = /(?<=<!-- endpoints: [^\n]* -->\n)[^]*?(?=<!-- \/endpoints -->)/

const bundle = await build({
  entryPoints: ['src/http-api/routes.ts'],
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  write: false,
})
const { allRoutes } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`)

const cell = (text) => text.replaceAll('|', String.raw`\|`)
const queryOf = ({ query }) => Object.keys(query?.shape ?? {}).join(', ')
const row = (route) =>
  `| ${route.method} | \`${route.path}\`${route.guarded ? ' (guarded)' : ''} | ${cell(route.summary)} | ${queryOf(route) && `\`${queryOf(route)}\``} |\n`

const groups = Map.groupBy(await allRoutes(), ({ tag }) => tag)
const table = [...groups].map(([tag, own]) => `\n### ${tag}\n\n| | path | | query |\n|---|---|---|---|\n${own.map(row).join('')}`).join('')

const page = readFileSync(PAGE, 'utf8')
const next = page.replace(between, () => `${table}\n`)
if (!between.test(page)) throw new Error(`${PAGE} has no place for the table`)
if (!process.argv.includes('--check')) writeFileSync(PAGE, next)
else if (next !== page) {
  console.error(`${PAGE} is not what the routes say: run npm run docs`)
  process.exitCode = 1
}
