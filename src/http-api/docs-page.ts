import { escaped, styled } from './html.js'
import type { Answer, OpenApiDocument, Operation, Parameter, Schema } from './openapi.js'

/** The document as a page for people, without a script. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, servers } = document
  const operations = operationsOf(document)
  const sections = tags.map(({ name }) => ({ name, own: operations.filter(({ operation }) => operation.tags.includes(name)) }))
  const base = servers[0]?.url === '/' ? '' : (servers[0]?.url ?? '')
  const body = `<header><h1>${escaped(info.title)} <small>API ${escaped(info.version)}</small></h1>
<p>${escaped(info.description)} This page is made of <a href="${escaped(`${base}/openapi.json`)}">openapi.json</a>.
Routes marked <em class="guarded">guarded</em> want a token: <code>Authorization: Bearer …</code>. All errors have the same form.</p>
<nav aria-label="Groups"><ul>${sections.map(({ name, own }) => `<li><a href="#${idOf(name)}">${escaped(name)}</a> ${own.length}</li>`).join('')}</ul></nav></header>
<main>${sections.map(({ name, own }) => `<section id="${idOf(name)}"><h2>${escaped(name)}</h2>${own.map((one) => operationText(one, base)).join('')}</section>`).join('')}
<section id="errors"><h2>Errors</h2><pre tabindex="0">${escaped(JSON.stringify(document.components.schemas['Error'], undefined, 2))}</pre></section></main>`
  return styled(`${info.title} API`, body)
}

interface Named {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const operationsOf = ({ paths }: OpenApiDocument): Named[] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })))

const idOf = (name: string): string => escaped(name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'))

function operationText({ method, path, operation }: Named, base: string): string {
  const { summary, security, parameters = [], requestBody, responses, operationId } = operation
  const body = requestBody?.content['application/json']?.schema
  return `<details id="${escaped(operationId)}"><summary><code><b class="${method.toLowerCase()}">${method}</b> ${escaped(path)}</code> <span>${escaped(summary)}</span>${security ? ' <em class="guarded">guarded</em>' : ''}</summary>
${parameters.length > 0 ? parametersText(parameters) : ''}${body ? `<h3>Body</h3>${schemaText(body)}` : ''}<h3>Answers</h3>${answersText(responses)}
<h3>Try it</h3><pre tabindex="0">${escaped(curlLine(method, `${base}${path}`, operation))}</pre></details>`
}

function parametersText(parameters: readonly Parameter[]): string {
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${place}${required ? ', required' : ''}</td><td>${escaped(typeText(schema))}</td><td>${escaped(description)}</td></tr>`,
  )
  return `<h3>Parameters</h3><table><thead><tr><th scope="col">name</th><th scope="col">in</th><th scope="col">value</th><th scope="col">meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function answersText(responses: Operation['responses']): string {
  const rows = Object.entries(responses).map(([status, answer]) => {
    if (!isAnswer(answer)) return `<li><b>${escaped(status)}</b> <a href="#errors">error</a></li>`
    const [[type, content] = ['', undefined]] = Object.entries(answer.content ?? {})
    const isPlain = type !== 'application/json'
    return `<li><b>${escaped(status)}</b> ${escaped(type)}${isPlain || content === undefined ? '' : schemaText(content.schema)}</li>`
  })
  return `<ul>${rows.join('')}</ul>`
}

const isAnswer = (answer: Answer | { readonly $ref: string }): answer is Answer => !('$ref' in answer)

const schemaText = (schema: Schema): string => `<pre tabindex="0">${escaped(JSON.stringify(schema, undefined, 2))}</pre>`

/** `integer, 1…100, default 50` */
function typeText({ type, enum: values, items, minimum, maximum, default: initial }: Schema): string {
  const kind = Array.isArray(values)
    ? values.join(' | ')
    : type === 'array'
      ? `${typeText((items ?? {}) as Schema)}, several with commas`
      : textOf(type ?? 'text')
  const range = minimum === undefined && maximum === undefined ? '' : `, ${textOf(minimum ?? '')}…${textOf(maximum ?? '')}`
  return `${kind}${range}${initial === undefined ? '' : `, default ${textOf(initial)}`}`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : Array.isArray(value) ? value.map(textOf).join(' or ') : JSON.stringify(value))

function curlLine(method: string, path: string, { parameters = [], security, requestBody }: Operation): string {
  const wanted = parameters.filter(({ in: place, required }) => place === 'query' && required).map(({ name }) => `${name}=…`)
  const parts = [
    'curl',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...(security ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(requestBody ? [`-H 'content-type: application/json' -d '{ … }'`] : []),
    `'https://your-server${path}${wanted.length > 0 ? `?${wanted.join('&')}` : ''}'`,
  ]
  return parts.join(' ')
}
