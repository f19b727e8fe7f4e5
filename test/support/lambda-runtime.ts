import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'

const client = createRequire(import.meta.url)
  .resolve('aws-lambda-ric/package.json')
  .replace('package.json', 'index.mjs')

/** What a function gave for one event, or the error that the runtime client told of. */
export interface Invocation {
  readonly result?: unknown
  readonly error?: { readonly errorType: string; readonly errorMessage: string }
  /** From the start of the process, or from the answer before, in ms. */
  readonly ms: number
}

export interface Deployment {
  /** Folder of the code. */
  readonly root: string
  /** `file.export` */
  readonly handler: string
  readonly env?: Readonly<Record<string, string>>
  /** Files that are loaded first. */
  readonly preload?: readonly string[]
}

/** Gives a function its events, one after the other in one instance, through AWS's own runtime client and the documented Runtime API. */
export async function invoke(deployment: Deployment, events: readonly unknown[]): Promise<Invocation[]> {
  const done: Invocation[] = []
  let child: ChildProcess | undefined
  const server = createServer()
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  try {
    return await new Promise<Invocation[]>((finish, fail) => {
      let since = performance.now()
      let handedOut = 0 // by a count of its own: the client may ask for the next event before its answer has come in
      server.on('request', (request, response) => {
        serve(
          request,
          response,
          () => events[handedOut++],
          (invocation) => {
            const now = performance.now()
            done.push({ ...invocation, ms: now - since })
            since = now
            if (done.length === events.length) finish(done)
          },
        ).catch(fail)
      })
      child = start(deployment, (server.address() as AddressInfo).port)
      child.once('error', fail)
      child.once('exit', (code) => fail(new Error(`the function's process ended with ${code}`)))
    })
  } finally {
    child?.kill()
    server.closeAllConnections()
    server.close()
  }
}

function start({ root, handler, env, preload = [] }: Deployment, port: number): ChildProcess {
  const first = [resolve('test/lambda/rapid-client-shim.cjs'), ...preload].flatMap((file) => ['-r', file])
  // as AWS's Node 22 runs: an ES module can't be required
  return spawn(process.execPath, ['--no-experimental-require-module', '--no-experimental-detect-module', ...first, client], {
    env: {
      PATH: process.env['PATH'],
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: root,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'example',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/example',
      AWS_LAMBDA_LOG_STREAM_NAME: 'example',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
  answered: (invocation: Omit<Invocation, 'ms'>) => void,
): Promise<void> {
  const action = request.url?.replace('/2018-06-01/runtime/', '') ?? ''
  if (action === 'invocation/next') {
    const event = next()
    if (event === undefined) return // nothing more comes; the process is ended
    const headers = {
      'content-type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 15_000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:123456789012:function:example',
      'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    }
    response.writeHead(200, headers).end(JSON.stringify(event))
    return
  }
  const parts: Uint8Array[] = []
  for await (const part of request) parts.push(part as Uint8Array)
  response.writeHead(202).end('{}')
  const told: unknown = JSON.parse(Buffer.concat(parts).toString() || 'null')
  answered(action.endsWith('/response') ? { result: told } : { error: told as NonNullable<Invocation['error']> })
}
