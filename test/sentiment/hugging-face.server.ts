import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Upstream, upstream } from '../support/upstreams.js'

/** One question to the inference service as it came in. */
interface Inference {
  readonly model: string
  readonly inputs: string
  readonly parameters: unknown
  readonly authorization: string | undefined
  /** Questions under way when it came, itself included. */
  readonly atOnce: number
}

/** What the inference service answers; nothing at all: it hangs. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is, as HTML. */
  readonly body: unknown
}

/** Hugging Face on loopback: hub and inference. */
export interface HuggingFaceServer {
  readonly server: Upstream
  /** Leads the real addresses to it. */
  readonly fetch: typeof globalThis.fetch
  readonly questions: Inference[]
  /** Questions to the hub, by model. */
  readonly lookups: string[]
}

/** What the inference service says; a promise: it takes its time. */
export type Answer = (question: Inference) => Reply | undefined | Promise<Reply>

/** What the hub says of models. */
export type Hub = (model: string) => Reply

const servedByHub: Hub = (model) => ({
  body: { id: model, inferenceProviderMapping: { 'hf-inference': { status: 'live', providerId: model, task: 'text-classification' } } },
})

/** Starts a server that speaks as Hugging Face does. */
export async function huggingFaceServer(answer: Answer, hub: Hub = servedByHub, ended?: () => void): Promise<HuggingFaceServer> {
  const questions: Inference[] = []
  const lookups: string[] = []
  let atOnce = 0
  const server = await upstream((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname.startsWith('/hub/')) {
      const model = pathname.replace('/hub/api/models/', '')
      lookups.push(model)
      return send(response, hub(model))
    }
    atOnce++
    if (ended) response.on('close', ended)
    void textOf(request).then(async (text) => {
      const { inputs, parameters } = JSON.parse(text) as { inputs: string; parameters: unknown }
      const { authorization } = request.headers
      const question = { model: pathname.replace('/router/hf-inference/models/', ''), inputs, parameters, authorization, atOnce }
      questions.push(question)
      const reply = await answer(question)
      if (!reply) return
      atOnce-- // whoever asked may ask again before this side hears that the answer arrived
      send(response, reply)
    })
  })
  return { server, questions, lookups, fetch: leadTo(server.url) }
}

/** A fetch that knows the two hosts of Hugging Face, and reaches nobody else. */
export function leadTo(url: string): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = String(input instanceof Request ? input.url : input)
    const led = asked.replace(/^https:\/\/router\.huggingface\.co/, `${url}/router`).replace(/^https:\/\/huggingface\.co/, `${url}/hub`)
    if (!led.startsWith('http://127.0.0.1:')) throw new TypeError(`no way to ${asked}`)
    return fetch(led, init)
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers }).end(isText ? body : JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
