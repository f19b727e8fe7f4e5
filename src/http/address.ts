import type { HttpRequest, KeyPlacement } from '../provider/provider.js'

/** A request as it goes out. */
export interface Addressed {
  readonly url: string
  readonly headers: Record<string, string>
}

/** Joins host, path, query and key. The key goes where the provider says: header, query, or `{key}` in path or host. */
export function addressed(host: string, { path, query, headers, body }: HttpRequest, placement: KeyPlacement | undefined, key: string | undefined): Addressed {
  const sent: Record<string, string> = {
    accept: 'application/json, text/*;q=0.9',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one) => [name, String(one)])))
  let url = path === '' ? host : `${host}/${path}` // a slash behind a base URL is another address to some servers
  if (placement && key !== undefined) {
    const value = `${placement.prefix ?? ''}${key}`
    if (placement.in === 'header') sent[placement.name] = value
    else if (placement.in === 'query') pairs.push([placement.name, value])
    else url = url.replaceAll('{key}', encodeURIComponent(value))
  }
  if (pairs.length > 0) url += `?${new URLSearchParams(pairs).toString()}`
  return { url, headers: sent }
}
