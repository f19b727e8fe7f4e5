// Writes dist/THIRD-PARTY.txt: the licences of the packages whose code is bundled into dist/, as these licences ask.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const bundled = new Set()
for (const map of globSync('dist/**/*.map')) {
  for (const source of JSON.parse(readFileSync(map, 'utf8')).sources) {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? []
    if (name) bundled.add(name)
  }
}

const notices = [...bundled]
  .toSorted((a, b) => a.localeCompare(b))
  .map((name) => {
    const folder = join('node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = globSync(join(folder, '{LICENSE,LICENCE,license,licence}{,.md,.txt,-MIT}')).find(existsSync)
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : 'No licence text comes with this package.'}\n`
  })
writeFileSync('dist/THIRD-PARTY.txt', notices.join(`\n${'-'.repeat(80)}\n\n`))
