// node examples/next-route/try.mjs: the example with the library as it is built here (npm run build), in a temporary folder: installed, built by Next, started and asked. About a minute.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'feedmux-next-'))
const app = join(folder, 'app')
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' }

function run(cwd, command, ...args) {
  execFileSync(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** The first answer of the server that is starting. */
async function answer(url) {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(url).catch(() => undefined)
    if (response !== undefined) return response
    await sleep(200)
  }
  throw new Error(`${url} did not answer within 20 s`)
}

let server
try {
  run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
  cpSync(here, app, { recursive: true })
  run(app, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packed())
  run(app, 'npm', 'run', 'build')
  const port = await freePort()
  server = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(port)], { cwd: app, env, stdio: 'inherit' })
  const state = await answer(`http://127.0.0.1:${port}/api/status`)
  const refused = await answer(`http://127.0.0.1:${port}/price/BTC/%20`)
  const price = await answer(`http://127.0.0.1:${port}/price/BTC/USD`)
  console.log(`\n/api/status ${state.status} ${await state.text()}\n/price/BTC/%20 ${refused.status} ${await refused.text()}`)
  // without a way out there is nobody to ask: that is an answer too
  console.log(`/price/BTC/USD ${price.status} ${await price.text()}`)
  if (state.status !== 200 || refused.status !== 400 || ![200, 503].includes(price.status)) throw new Error('the routes answered otherwise')
  console.log('\nNext serves both routes')
} finally {
  if (server?.exitCode === null && server.kill()) await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
}

function packed() {
  const { version } = JSON.parse(execFileSync('npm', ['pkg', 'get', 'name', 'version'], { cwd: root, encoding: 'utf8' }))
  return [`../feedmux-${version}.tgz`]
}
