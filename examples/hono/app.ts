import { getConnInfo } from '@hono/node-server/conninfo'
import { ConfigError, FeedmuxError, ProviderRouter } from 'feedmux'
import { createHandler, type HandlerOptions } from 'feedmux/http-api'
import { alternativeMe, coinbase, coingecko, coinpaprika, kraken, okx } from 'feedmux/providers'
import { Hono } from 'hono'

/** The router of this example; `hosts` names other servers than the real ones, by provider. */
export function exampleRouter(hosts: (id: string) => readonly string[] | undefined = () => undefined) {
  const at = (id: string) => ({ hosts: hosts(id) })
  return new ProviderRouter({
    providers: [
      coinbase(at('coinbase')),
      kraken(at('kraken')),
      okx(at('okx')),
      coinpaprika(at('coinpaprika')),
      coingecko(at('coingecko')),
      alternativeMe(at('alternative-me')),
    ],
  })
}

/** An app with one route of its own; the HTTP API has the rest: `/api/…`, `/health`, `/metrics`, `/docs`. */
export function createApp(router: ReturnType<typeof exampleRouter>, options: HandlerOptions = {}): Hono {
  const api = createHandler(router, options)
  return new Hono()
    .get('/price/:base/:quote', async (context) => {
      const { base, quote } = context.req.param()
      const { data, provider, source } = await router.request('ticker', { symbol: `${base}/${quote}`.toUpperCase() }, { signal: context.req.raw.signal })
      return context.json({ symbol: data.symbol, last: data.last, provider, source })
    })
    .all('*', (context) => api(context.req.raw, { address: getConnInfo(context).remote.address }))
    .onError((error, context) => {
      if (FeedmuxError.is(error)) return context.json({ error: error.message }, ConfigError.is(error) ? 400 : 503)
      console.error(error) // a slip of the code: its text is for your log alone
      return context.json({ error: 'internal error' }, 500)
    })
}
