// Builds dist/. With --js only the JavaScript, for what runs at once (demo, benches).
import { globSync, rmSync, statSync } from 'node:fs'
import { must } from './run.mjs'

const javascriptOnly = process.argv.includes('--js')
const start = Math.floor(Date.now() / 1_000) * 1_000

await must('tsup', ['--silent'])
await import('./gather-chunks.mjs')
if (!javascriptOnly) {
  await import('./declarations.mjs')
  await import('./notices.mjs')
}
// what an earlier build left; dist/ is never emptied first, since somebody may be running it
for (const file of globSync(javascriptOnly ? 'dist/**/*.{js,cjs,map}' : 'dist/**/*.*')) {
  if (statSync(file).mtimeMs < start) rmSync(file)
}
