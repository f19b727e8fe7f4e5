import type { RequestHandler } from 'express'

/** Lets pages of these origins read what Express itself serves; `createHandler` has its own option for the API. Without origins nothing is said. */
export function readableFrom(origins: readonly string[] | undefined): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers
    if (origins !== undefined) response.vary('Origin') // caches keep the answer to one page from another
    if (origin !== undefined && origins?.includes(origin)) response.set('access-control-allow-origin', origin)
    next()
  }
}
