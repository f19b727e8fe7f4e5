import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startServer } from '../../examples/express-server/start.ts'

const HERE = 'examples/express-server'
const read = (file: string): string => readFileSync(join(HERE, file), 'utf8')
const DOCKERFILE = read('Dockerfile')

interface Instruction {
  readonly name: string
  readonly rest: string
}

/** The instructions of a stage; ours stand on one line each. */
const stages: readonly (readonly Instruction[])[] = DOCKERFILE.split(/^(?=FROM )/m)
  .slice(1)
  .map((stage) => [...stage.matchAll(/^([A-Z]+) (.+)$/gm)].map(([, name = '', rest = '']) => ({ name, rest })))
const [build = [], image = []] = stages
const of = (stage: readonly Instruction[], name: string): string[] => stage.flatMap((one) => (one.name === name ? [one.rest] : []))
const commandOf = (rest: string): string[] => JSON.parse(rest.slice(rest.indexOf('['))) as string[]

describe('the Dockerfile', () => {
  it('has no fault that a linter sees', () => {
    expect(validate(DOCKERFILE).map(({ message }) => message)).toEqual([])
  })

  it('ends as somebody who is not root, with both ports and a health check that looks at the answer', () => {
    expect(stages).toHaveLength(2)
    expect(of(image, 'FROM')).toEqual(['node:24-alpine'])
    expect(of(image, 'USER')).toEqual(['node'])
    expect(of(image, 'EXPOSE')).toEqual(['8000 7860'])
    expect(of(image, 'HEALTHCHECK')[0]).toMatch(/^--interval=30s --timeout=10s --start-period=5s --retries=3 CMD /)
    expect(of(image, 'ENV')[0]).toContain('PORT=8000')
  })

  it('copies only what is there and what its ignore file lets through', () => {
    const kept = read('Dockerfile.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    for (const copy of of(build, 'COPY'))
      for (const source of copy.split(' ').slice(0, -1))
        expect([source, existsSync(source), kept.includes(source.replace(/^\.\//, ''))]).toEqual([source, true, true])
  })
})

describe('the image', () => {
  let folder = ''
  let app = ''

  /** Does what the build stage does, in an empty folder that has nothing but what was copied; the packages are those of this repository. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feedmux-image-'))
    app = join(folder, 'app')
    const inside = join(folder, 'build')
    await mkdir(inside)
    for (const { name, rest } of build) {
      if (name === 'COPY') for (const source of rest.split(' ').slice(0, -1)) await cp(source, join(inside, source), { recursive: true })
      else if (name === 'RUN' && rest.startsWith('npm ci')) await symlink(resolve('node_modules'), join(inside, 'node_modules'))
      else if (name === 'RUN') await run(rest.replaceAll('/app', app).split(' '), inside)
    }
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const check = async (port: number): Promise<number | null> => {
    const [, rest = ''] = (of(image, 'HEALTHCHECK')[0] ?? '').split(' CMD ')
    return (await run(commandOf(rest), app, { PORT: String(port) })).code
  }

  it('starts by its own command on the port that is wanted, is healthy, and ends well when told to', async () => {
    const port = await freePort()
    const [command = '', ...args] = commandOf(of(image, 'CMD')[0] ?? '')
    const child = spawn(command, args, {
      cwd: app,
      env: { PATH: process.env.PATH, PORT: String(port), HOST: '127.0.0.1', DATABASE: join(folder, 'data/history.sqlite') },
    })
    try {
      expect(await said(child, 'listens')).toContain(`127.0.0.1:${port} (simulated providers)`)
      expect(await check(port)).toBe(0)
      for (const path of ['/', '/static/crypto-websocket-client.js', '/static/vendor/lightweight-charts.mjs', '/ready'])
        expect([path, (await fetch(`http://127.0.0.1:${port}${path}`)).status]).toEqual([path, 200])
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(existsSync(join(folder, 'data/history.sqlite'))).toBe(true)
      expect(await check(port)).toBe(1)
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('is not healthy when the server answers with an error, or has no provider left', async () => {
    let answer: readonly [number, string] = [500, '{"status":"healthy"}']
    const server = createServer((_request, response) => response.writeHead(answer[0]).end(answer[1]))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    expect(await check(port)).toBe(1)
    answer = [200, '{"status":"unhealthy"}']
    expect(await check(port)).toBe(1)
    answer = [200, '{"status":"degraded"}']
    expect(await check(port)).toBe(0)
    server.closeAllConnections()
    server.close()
  })

  it('says what is wrong with a setting or a port, and ends', async () => {
    const start = (env: Record<string, string>): Promise<Ended> =>
      run(commandOf(of(image, 'CMD')[0] ?? ''), app, { DATABASE: ':memory:', HOST: '127.0.0.1', ...env })
    expect(await start({ PORT: 'eighty' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the port must be a whole number from 0 to 65535, got "eighty"'),
    })
    expect(await start({ PORT: '0', FEEDMUX_API_TOKEN: 'short' })).toMatchObject({ code: 1, stderr: expect.stringContaining('at least 16 characters') })
    expect(await start({ PORT: '0', ALERT_WEBHOOK_URL: 'nowhere' })).toMatchObject({ code: 1, stderr: expect.stringContaining('https://example.com/alerts') })
  })
})

interface Service {
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: Readonly<Record<string, unknown>>
}

describe('the compose file', () => {
  const { services, volumes, networks } = parse(read('compose.yaml')) as { services: Record<string, Service>; volumes: object; networks: object }

  it('starts the server alone, and the rest by profile', () => {
    expect(Object.fromEntries(Object.entries(services).map(([name, { profiles = [] }]) => [name, profiles]))).toEqual({
      app: [],
      redis: ['redis'],
      prometheus: ['observability'],
      grafana: ['observability'],
    })
    expect(services.app).toMatchObject({ ports: ['8000:8000'], volumes: ['data:/app/data', 'logs:/app/logs'] })
    expect(services.app?.healthcheck).toMatchObject({ interval: '30s', timeout: '10s', retries: 3, start_period: '10s' })
    expect(services.grafana?.environment).toMatchObject({
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_SECURITY_ADMIN_PASSWORD: expect.stringContaining('GRAFANA_PASSWORD'),
    })
  })

  it('mounts only what is there', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? [])
    for (const mount of mounts) {
      const [source = ''] = mount.split(':')
      expect([source, source.startsWith('./') ? existsSync(join(HERE, source)) : source in volumes]).toEqual([source, true])
    }
    for (const service of Object.values(services)) expect(Object.keys(networks)).toEqual(service.networks)
  })

  it('hands on every setting, and the example of settings holds no secret', () => {
    const example = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const)
    const asked = [...read('settings.ts').matchAll(/set\('([A-Z_]+)'\)/g)].map(([, name]) => name)
    const names = example.map(([name]) => name)
    expect(names).toEqual(expect.arrayContaining([...new Set(asked)]))
    expect(names).toEqual(expect.arrayContaining(Object.keys(services.app?.environment ?? {})))
    expect(example.filter(([name, value]) => /TOKEN|KEY|SECRET|PASSWORD/.test(name) && value !== '')).toEqual([])
  })
})

describe('what watches the server', () => {
  it('scrapes it where it is, and Grafana reads from there', () => {
    const { scrape_configs } = parse(read('observability/prometheus.yml')) as {
      scrape_configs: { metrics_path: string; static_configs: { targets: string[] }[] }[]
    }
    expect(scrape_configs).toMatchObject([{ metrics_path: '/metrics', static_configs: [{ targets: ['app:8000'] }] }])
    const { datasources } = parse(read('observability/grafana/provisioning/datasources/prometheus.yaml')) as { datasources: object[] }
    expect(datasources).toMatchObject([{ uid: 'feedmux-prometheus', type: 'prometheus', url: 'http://prometheus:9090' }])
  })

  it('asks in its dashboard only for what the server measures', async () => {
    const { panels } = JSON.parse(read('observability/grafana/dashboards/feedmux.json')) as {
      panels: { datasource: { uid: string }; targets: { expr: string }[] }[]
    }
    const asked = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/feedmux_\w+/g) ?? [])))
    const server = await startServer({ port: 0, host: '127.0.0.1' })
    try {
      await Promise.all(['BTC/USD', 'ETH/USD', 'SOL/USD'].map((symbol) => server.router.request('ticker', { symbol })))
      const told = new Set((await (await fetch(`${server.url}/metrics`)).text()).match(/^feedmux_\w+/gm))
      expect([...asked].filter((name) => !told.has(name))).toEqual([])
      expect(asked.size).toBeGreaterThan(10)
      expect(new Set(panels.map(({ datasource }) => datasource.uid))).toEqual(new Set(['feedmux-prometheus']))
    } finally {
      await server.close()
    }
  })

  it('a Space of Hugging Face is told what it has to know', () => {
    const [, matter = ''] = read('space/README.md').split('---\n')
    expect(parse(matter)).toMatchObject({ sdk: 'docker', app_port: 7_860, license: 'mit' })
  })
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run([command = '', ...args]: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, timeout: 20_000 }, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** What a process said up to a word. */
async function said(child: ChildProcess, word: string): Promise<string> {
  let text = ''
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()))
  const end = Date.now() + 15_000
  while (!text.includes(word)) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`it said only: ${text}`)
    await new Promise((done) => setTimeout(done, 20))
  }
  return text
}

/** Below those that the system gives away by itself: the simulated providers would take it before the server does. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
    const server = createTcpServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    await new Promise((done) => server.close(done))
    if (isFree) return port
  }
}
