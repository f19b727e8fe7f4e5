/**
 * Scores lexicon() on test/fixtures/headlines.tsv, labelled headlines that were written for this project, and prints it. Node runs the TypeScript.
 *
 *   node scripts/sentiment-score.mjs           prints
 *   node scripts/sentiment-score.mjs --wrong   prints, with the headlines that it gets wrong
 *   node scripts/sentiment-score.mjs --write   prints, and keeps it in test/fixtures/lexicon-score.json, which the tests compare with
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const tones = ['bullish', 'neutral', 'bearish']
const fixture = (name) => new URL(`../test/fixtures/${name}`, import.meta.url)

/** The labelled headlines: `[{ label, text }]`. */
export function headlines() {
  const [, ...lines] = readFileSync(fixture('headlines.tsv'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [label, text] = line.split('\t')
    return { label, text }
  })
}

const byTone = (of) => Object.fromEntries(tones.map((tone) => [tone, of(tone)]))
const share = (list, test) => Number((list.filter(test).length / list.length).toFixed(3))
const right = (row) => row.read === row.label

/**
 * How well a reader of texts meets the labels. `accuracy`: share that is right; `recall`: of each label; `flipped`: share of the bullish and bearish ones
 * that it takes for the opposite; `silent`: of these, the share that it takes for neutral.
 * @param read text → label
 */
export function scoreOf(read) {
  const rows = headlines().map(({ label, text }) => ({ label, text, read: read(text) }))
  const sided = rows.filter(({ label }) => label !== 'neutral')
  return {
    score: {
      headlines: rows.length,
      accuracy: share(rows, right),
      recall: byTone((tone) =>
        share(
          rows.filter(({ label }) => label === tone),
          right,
        ),
      ),
      flipped: share(sided, (row) => !right(row) && row.read !== 'neutral'),
      silent: share(sided, (row) => row.read === 'neutral'),
      confusion: byTone((label) => byTone((tone) => rows.filter((row) => row.label === label && row.read === tone).length)),
    },
    wrong: rows.filter((row) => !right(row)),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { register } = await import('node:module')
  // the sources name each other .js, as they are called when built
  register(`data:text/javascript,export const resolve = (name, context, next) =>
    next(/^\\.{1,2}\\/.*\\.js$/.test(name) && context.parentURL?.includes('/src/') ? name.replace(/js$/, 'ts') : name, context)`)
  const { lexiconReading } = await import('../src/sentiment/lexicon.ts')
  const { score, wrong } = scoreOf((text) => lexiconReading(text).label)
  const text = `${JSON.stringify(score, null, 2)}\n`
  if (process.argv.includes('--write')) writeFileSync(fixture('lexicon-score.json'), text)
  if (process.argv.includes('--wrong')) for (const row of wrong) console.log(`${row.label} read as ${row.read}: ${row.text}`)
  console.log(text.trimEnd())
}
