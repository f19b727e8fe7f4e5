import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A Redis of one's own on loopback, without persistence. */
export interface OwnRedis {
  readonly port: number
  readonly url: string
  /** Ends the process at once, connections and data with it. */
  kill(): Promise<void>
  /** Begins it anew on the same port, empty. */
  start(): Promise<void>
  /** Lets it hang: it takes connections and commands, and answers nothing. */
  hang(): void
  goOn(): void
  stop(): Promise<void>
}

/** Starts a Redis on a free port. Rejects, saying so, where there is none on this machine. */
export async function ownRedis(): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'feedmux-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: 'ignore' })
    const failed = once(child, 'error').then(([error]) => Promise.reject(new Error(`redis-server: ${String(error)}: install it`)))
    await Promise.race([answers(port), failed])
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    hang: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false)
    socket.destroy()
    if (isUp) return
    await pause(25)
  }
  throw new Error(`no Redis on port ${port}`)
}

/** A wire between a client and a server that can be cut. */
export interface Wire {
  readonly url: string
  /** Ends all connections, and refuses new ones until `mend()`. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** A wire to a port of this machine. */
export async function wireTo(port: number): Promise<Wire> {
  const open = new Set<Socket>()
  let isCut = false
  const server: Server = createServer((socket) => {
    const other = connect(port, '127.0.0.1')
    for (const one of [socket, other]) {
      open.add(one)
      one.on('error', () => one.destroy()).on('close', () => open.delete(one))
    }
    socket.on('close', () => other.destroy())
    other.on('close', () => socket.destroy())
    if (isCut) socket.destroy()
    else socket.pipe(other).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    isCut = true
    for (const socket of open) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (isCut = false),
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
