import { env, waitUntil } from 'cloudflare:workers'
import { ConfigError, FeedmuxError, ProviderRouter, type Snapshot } from 'feedmux'
import { bearer, createHandler } from 'feedmux/http-api'
import { alternativeMe } from 'feedmux/providers/alternative-me'
import { coinbase } from 'feedmux/providers/coinbase'
import { coingecko } from 'feedmux/providers/coingecko'
import { coinpaprika } from 'feedmux/providers/coinpaprika'
import { kraken } from 'feedmux/providers/kraken'
import { okx } from 'feedmux/providers/okx'
import { keptState } from './state.ts'

const authorize = env.FEEDMUX_API_TOKEN ? bearer(env.FEEDMUX_API_TOKEN) : undefined

function serving(snapshot?: Snapshot) {
  const router = new ProviderRouter({
    providers: [coinbase(), kraken(), okx(), coinpaprika(), coingecko({ apiKey: () => env.COINGECKO_KEY ?? '' }), alternativeMe()],
    snapshot,
    waitUntil, // refreshing in the background goes on after the answer
  })
  return { router, api: createHandler(router, { authorize }) }
}

// at global scope, where a Worker may neither set a timer nor draw a random number nor ask anybody: what is sound here costs no request its time
let current = serving()
let isRestored = false
const state = keptState(env.STATE)

/** The first requests of an isolate read the state, each for itself: work that waits for another request's reading hangs when that one is given up. */
async function served(): Promise<typeof current> {
  if (isRestored) return current
  const snapshot = await state.load()
  if (isRestored) return current
  isRestored = true
  if (snapshot !== undefined) {
    try {
      current = serving(snapshot)
    } catch (error) {
      console.warn(`begun afresh: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return current
}

/** `GET /price/BTC/USD` asks the router itself; everything else is the HTTP API. */
async function answer(request: Request): Promise<Response> {
  const { router, api } = await served()
  const [, base, quote] = /^\/price\/(\w+)\/(\w+)$/.exec(new URL(request.url).pathname) ?? []
  const address = request.headers.get('cf-connecting-ip') ?? undefined
  const response = base !== undefined && request.method === 'GET' ? await price(router, `${base}/${quote}`.toUpperCase()) : await api(request, { address })
  const saving = state.save(() => router.snapshot())
  if (saving !== undefined) waitUntil(saving)
  return response
}

async function price(router: typeof current.router, symbol: string): Promise<Response> {
  try {
    const { data, provider, source } = await router.request('ticker', { symbol })
    return Response.json({ symbol: data.symbol, last: data.last, provider, source })
  } catch (error) {
    if (!FeedmuxError.is(error)) throw error // a slip of the code: its text is for your log alone
    return Response.json({ error: error.message }, { status: ConfigError.is(error) ? 400 : 503 })
  }
}

// Workers want a default export
export default { fetch: answer }
