import * as z from 'zod'
import { tagOfText } from '../caching.js'
import { docsPage } from '../docs-page.js'
import { escaped, styled, styledPage } from '../html.js'
import { openApiOf, type OpenApiDocument } from '../openapi.js'
import { Reply } from '../reply.js'
import { type Api, route } from '../route.js'
import { countsOf, overallHealth } from '../views/health.js'

const tag = 'Pages'

/** The document in both its forms: hundreds of kilobytes that stay as they are, and so do their tags. */
interface Made {
  readonly document: OpenApiDocument
  readonly json: Reply
  page?: Promise<Reply>
}

const documents = new WeakMap<Api, Promise<Made>>()

/** Made when somebody asks for it first; where a file was missing then, it is tried anew. */
function documentOf(api: Api): Promise<Made> {
  const known = documents.get(api)
  if (known !== undefined) return known
  const made = api.routes().then((routes) => madeOf(openApiOf(routes, api.options)))
  documents.set(api, made)
  made.catch(() => documents.delete(api))
  return made
}

function madeOf(document: OpenApiDocument): Made {
  const json = new Reply(JSON.stringify(document), { headers: { 'content-type': 'application/json; charset=utf-8' } })
  return { document, json: tagged(json) }
}

const tagged = ({ body, init }: Reply): Reply =>
  typeof body === 'string' ? new Reply(body, { headers: { ...init.headers, etag: tagOfText(body) } }) : new Reply(body, init)

const PLACES = [
  ['/docs', 'every route, with parameters and answers'],
  ['/openapi.json', 'the same as an OpenAPI 3.1 document'],
  ['/health', 'how the service is'],
  ['/api/providers', 'who is asked, and how each is'],
  ['/api/system/status', 'everything that a dashboard shows'],
  ['/api/logs', 'what happened'],
  ['/metrics', 'figures for Prometheus'],
] as const

const overview = route({
  method: 'GET',
  path: '/',
  tag,
  kind: 'page',
  summary: 'What there is',
  produces: 'text/html',
  async run({ api }) {
    const { basePath, service } = api.options
    const status = api.router.status()
    const { total_providers, online, degraded, rate_limited, offline, overall_success_rate } = countsOf(status)
    const facts: readonly (readonly [string, string])[] = [
      ['service', overallHealth(status)],
      ['providers', `${total_providers}: ${online} online, ${degraded} degraded, ${rate_limited} resting, ${offline} offline`],
      ['answered', overall_success_rate === null ? 'nothing was asked yet' : `${overall_success_rate} % of the calls`],
      ['as of', new Date(status.at).toISOString()],
    ]
    const places = PLACES.map(([path, what]) => `<li><a href="${escaped(basePath + path)}">${path}</a> ${what}</li>`)
    const name = service?.name ?? 'feedmux'
    const body = `<main><h1>${escaped(name)} <small>${escaped(service?.version ?? '')}</small></h1><dl>${facts.map(([what, fact]) => `<dt>${what}</dt><dd>${escaped(fact)}</dd>`).join('')}</dl><h2>What there is</h2><ul>${places.join('')}</ul></main>`
    const { body: html, init } = await styledPage(styled(name, body))
    return new Reply(html, { headers: { ...init.headers, 'cache-control': 'no-store' } })
  },
})

const docs = route({
  method: 'GET',
  path: '/docs',
  tag,
  kind: 'page',
  summary: 'Every route, with parameters, bodies and answers',
  produces: 'text/html',
  async run({ api }) {
    const made = await documentOf(api)
    return (made.page ??= styledPage(docsPage(made.document)).then(tagged))
  },
})

const openapi = route({
  method: 'GET',
  path: '/openapi.json',
  tag,
  kind: 'page',
  summary: 'This API as an OpenAPI 3.1 document',
  answer: z.looseObject({ openapi: z.string(), info: z.looseObject({ title: z.string(), version: z.string() }), paths: z.record(z.string(), z.unknown()) }),
  run: async ({ api }) => (await documentOf(api)).json,
})

/** Pages for people, and the OpenAPI document. */
export const pagesRoutes = [overview, docs, openapi]
