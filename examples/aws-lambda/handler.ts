import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { ConfigError, FeedmuxError, ProviderRouter } from 'feedmux'
import { bearer, createHandler } from 'feedmux/http-api'
import { alternativeMe } from 'feedmux/providers/alternative-me'
import { coinbase } from 'feedmux/providers/coinbase'
import { coingecko } from 'feedmux/providers/coingecko'
import { coinpaprika } from 'feedmux/providers/coinpaprika'
import { kraken } from 'feedmux/providers/kraken'
import { okx } from 'feedmux/providers/okx'
import { type HttpEvent, requestOf, resultOf } from './event.ts'

// made once for all invocations of an instance: breakers, cooldowns, quotas and cached answers live here while it is warm
const router = new ProviderRouter({
  providers: [coinbase(), kraken(), okx(), coinpaprika(), coingecko({ apiKey: () => process.env['COINGECKO_KEY'] ?? '' }), alternativeMe()],
})

const token = process.env['FEEDMUX_API_TOKEN'] ?? ''
const api = createHandler(router, token === '' ? {} : { authorize: bearer(token) })

/** `GET /price/BTC/USD` asks the router itself; everything else is the HTTP API. */
export async function handler(event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const request = requestOf(event)
  const [, base, quote] = /^\/price\/(\w+)\/(\w+)$/.exec(new URL(request.url).pathname) ?? []
  const address = event.requestContext.http.sourceIp
  return resultOf(base !== undefined && request.method === 'GET' ? await price(`${base}/${quote}`.toUpperCase()) : await api(request, { address }))
}

async function price(symbol: string): Promise<Response> {
  try {
    const { data, provider, source } = await router.request('ticker', { symbol })
    return Response.json({ symbol: data.symbol, last: data.last, provider, source })
  } catch (error) {
    if (!FeedmuxError.is(error)) throw error // a slip of the code: its text is for your log alone
    return Response.json({ error: error.message }, { status: ConfigError.is(error) ? 400 : 503 })
  }
}
