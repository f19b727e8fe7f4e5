// Writes the table of providers into README.md. Needs a built dist/.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const between = /(?<=<!-- providers: [^\n]* -->\n)[^]*?(?=<!-- \/providers -->)/

/** The table's rows, out of what the factories make. */
export function providerTable(providers) {
  const rows = providers
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name, homepage, key, endpoints, role }) => {
      const access = key?.required ? 'needed' : key ? 'optional' : 'none'
      const capabilities = Object.keys(endpoints)
        .map((capability) => `\`${capability}\``)
        .join(', ')
      return `| \`${id}\` | [${name}](${homepage})${role === 'last-resort' ? ', last resort' : ''} | ${access} | ${capabilities} |\n`
    })
  return `| id | service | key | what can be asked |\n|---|---|---|---|\n${rows.join('')}`
}

/** The page with the table in its place. */
export const withTable = (page, providers) => page.replace(between, () => providerTable(providers))

/** What the registry's factories make without options; the other exports are no factories. */
export const registered = (registry) => Object.values(registry).flatMap((factory) => (typeof factory === 'function' ? [factory()] : []))

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const registry = await import(new URL('../dist/providers/index.js', import.meta.url).href)
  writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8'), registered(registry)))
}
