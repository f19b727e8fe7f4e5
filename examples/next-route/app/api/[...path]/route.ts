import { api } from '../../../lib/feedmux.ts'

/** The whole HTTP API. */
function answer(request: Request): Promise<Response> {
  // the last address is the one that your host or proxy saw; those before it are whatever the client wrote
  return api(request, { address: request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() })
}

export { answer as GET, answer as POST, answer as PUT, answer as DELETE, answer as OPTIONS }

/** What the router knows changes all the time: nothing is made at build time. */
export const dynamic = 'force-dynamic'
