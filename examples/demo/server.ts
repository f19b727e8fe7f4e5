import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a simulated upstream answers. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Call {
  readonly path: string
  readonly query: URLSearchParams
  /** Unix ms. */
  readonly now: number
  /** JSON that was sent. */
  readonly body?: unknown
}

/** What a provider publishes that it allows: so many units in any window of `perMs`. */
export interface PublishedLimit {
  readonly units: number
  readonly perMs: number
  /** Units of one call. @default 1 */
  readonly cost?: (call: Call) => number
  /** Calls that are counted together; default: all. */
  readonly group?: (call: Call) => string
}

/** One provider, as far as the demo needs it. */
export interface UpstreamDefinition {
  readonly id: string
  readonly limits: readonly PublishedLimit[]
  /** Undefined: no such path. */
  answer(call: Call): Reply | undefined
  /** How it tells that somebody asks too often. */
  tooMany(retryAfterS: number): Reply
  /** HTTP 200s that hold no data, told in turn. */
  readonly lies: readonly ((call: Call) => Reply)[]
}

/** What is wrong with an upstream for a while. `down`: nobody listens, the connection is refused. */
export type Fault =
  | { kind: 'rate-limited'; retryAfterS: number }
  | { kind: 'hang' }
  | { kind: 'down' }
  | { kind: 'lie' }
  | { kind: 'brown-out'; factor: number }

/** A simulated upstream that runs. */
export interface Upstream {
  readonly id: string
  readonly url: string
  /** Requests that came in. */
  readonly calls: number
  /** Calls over the published limit: each was answered with the provider's own refusal. */
  readonly violations: number
  /** Paths asked that it does not know; there should be none. */
  readonly unknownPaths: readonly string[]
  readonly fault: Fault | undefined
  /** How often a fault was shown to a caller. Refused connections can't be counted here: nobody is there to do it. */
  shown(kind: Fault['kind']): number
  setFault(fault: Fault | undefined): Promise<void>
  close(): Promise<void>
}

export interface UpstreamOptions {
  /** How long an answer usually takes, in ms; half as much again by chance. @default 12 */
  readonly latencyMs?: number
  readonly random?: () => number
}

/** Starts a provider's simulation on a free port of 127.0.0.1. */
export async function startUpstream(definition: UpstreamDefinition, options: UpstreamOptions = {}): Promise<Upstream> {
  const closing = new AbortController()
  const desk = deskOf(definition, options, closing.signal)
  const server = createServer((request, response) => {
    desk.handle(request, response).catch(() => response.destroy()) // the caller has gone, or it is the end
  })
  const port = await listen(server, 0)
  let changing = Promise.resolve()
  async function become(fault: Fault | undefined): Promise<void> {
    if (fault?.kind === 'down' && server.listening) await shut(server)
    else if (fault?.kind !== 'down' && !server.listening && !closing.signal.aborted) await listen(server, port)
    desk.state.fault = fault
  }
  return {
    id: definition.id,
    url: `http://127.0.0.1:${port}`,
    get calls() {
      return desk.state.calls
    },
    get violations() {
      return desk.state.violations
    },
    unknownPaths: desk.state.unknownPaths,
    get fault() {
      return desk.state.fault
    },
    shown: (kind) => desk.state.shown.get(kind) ?? 0,
    // one after the other: a server can't begin to listen while it still ends
    setFault: (fault) =>
      (changing = changing.then(
        () => become(fault),
        () => become(fault),
      )),
    async close() {
      closing.abort()
      await changing.catch(() => undefined)
      if (server.listening) await shut(server)
    },
  }
}

interface DeskState {
  calls: number
  violations: number
  readonly unknownPaths: string[]
  readonly shown: Map<Fault['kind'], number>
  fault: Fault | undefined
}

interface Desk {
  readonly state: DeskState
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

// Takes requests: counts them, keeps the limits, shows the fault, and answers as the provider would.
function deskOf(definition: UpstreamDefinition, { latencyMs = 12, random = Math.random }: UpstreamOptions, signal: AbortSignal): Desk {
  const state: DeskState = { calls: 0, violations: 0, unknownPaths: [], shown: new Map(), fault: undefined }
  const overLimit = limiter(definition.limits)

  function reply(call: Call, retryAfterS: number | undefined, fault: Fault | undefined): Reply {
    if (retryAfterS !== undefined) return definition.tooMany(retryAfterS)
    if (fault?.kind === 'rate-limited') return definition.tooMany(fault.retryAfterS)
    const lie = fault?.kind === 'lie' ? definition.lies[((state.shown.get('lie') ?? 1) - 1) % definition.lies.length] : undefined
    if (lie !== undefined) return lie(call)
    const known = definition.answer(call)
    if (known === undefined) state.unknownPaths.push(call.path)
    return known ?? { status: 404, body: { message: 'no such path in this simulation' } }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const call = { path: pathname, query: searchParams, now: Date.now(), body: await bodyOf(request) }
    const { fault } = state
    state.calls += 1
    if (fault !== undefined) state.shown.set(fault.kind, (state.shown.get(fault.kind) ?? 0) + 1)
    if (fault?.kind === 'hang') return
    const retryAfterS = overLimit(call)
    if (retryAfterS !== undefined) state.violations += 1
    const said = reply(call, retryAfterS, fault)
    await sleep(latencyMs * (1 + random() / 2) * (fault?.kind === 'brown-out' ? fault.factor : 1), undefined, { signal })
    send(response, said)
  }

  return { state, handle }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

// Strict sliding windows at the full published figure: what the real service would count.
function limiter(limits: readonly PublishedLimit[]): (call: Call) => number | undefined {
  const logs = limits.map(() => new Map<string, { at: number; units: number }[]>())
  return (call) => {
    let wait: number | undefined
    for (const [index, { units, perMs, cost, group }] of limits.entries()) {
      const name = group?.(call) ?? ''
      const log = (logs[index]?.get(name) ?? []).filter(({ at }) => at > call.now - perMs)
      log.push({ at: call.now, units: cost?.(call) ?? 1 })
      logs[index]?.set(name, log)
      const used = log.reduce((sum, entry) => sum + entry.units, 0)
      if (used > units) wait = Math.max(wait ?? 1, Math.ceil(perMs / 1_000))
    }
    return wait
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  const json = typeof body !== 'string'
  response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/html', ...headers })
  response.end(json ? JSON.stringify(body) : body)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
