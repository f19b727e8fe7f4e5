import { ConfigError, FeedmuxError } from 'feedmux'
import { router } from '../../../../lib/feedmux.ts'

interface Context {
  readonly params: Promise<{ base: string; quote: string }>
}

/** `GET /price/BTC/USD` asks the router itself. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { base, quote } = await params
  try {
    const { data, provider, source } = await router.request('ticker', { symbol: `${base}/${quote}`.toUpperCase() }, { signal: request.signal })
    return Response.json({ symbol: data.symbol, last: data.last, provider, source })
  } catch (error) {
    if (!FeedmuxError.is(error)) throw error // a slip of the code: its text is for your log alone
    return Response.json({ error: error.message }, { status: ConfigError.is(error) ? 400 : 503 })
  }
}
