// Writes dist/THIRD-PARTY.txt: the licences of the packages whose code is bundled into dist/, as these licences ask.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The package that a file belongs to: the innermost, where it has a manifest; some packages hold others without. */
function packageOf(path) {
  const [, folder, inner] = /^((?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path) ?? []
  if (inner === undefined || existsSync(join(folder, 'package.json'))) return folder
  return packageOf(folder)
}

// its words stand in a generated file, src/sentiment/lexicon.words.ts
const bundled = new Set(['node_modules/afinn-165-financialmarketnews'])
for (const map of globSync('dist/**/*.map')) {
  for (const source of JSON.parse(readFileSync(map, 'utf8')).sources) {
    const folder = packageOf(source.replace(/^(?:\.\.\/)+/, ''))
    if (folder) bundled.add(folder)
  }
}

const notices = [...bundled]
  .toSorted((a, b) => a.localeCompare(b))
  .map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = globSync(join(folder, '{LICENSE,LICENCE,license,licence}{,.md,.txt,-MIT}')).find(existsSync)
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : 'No licence text comes with this package.'}\n`
  })
writeFileSync('dist/THIRD-PARTY.txt', notices.join(`\n${'-'.repeat(80)}\n\n`))
