import { ProviderRouter } from 'feedmux'
import { bearer, createHandler } from 'feedmux/http-api'
import { alternativeMe, coinbase, coingecko, coinpaprika, kraken, okx } from 'feedmux/providers'

function serving() {
  const router = new ProviderRouter({
    providers: [coinbase(), kraken(), okx(), coinpaprika(), coingecko({ apiKey: () => process.env['COINGECKO_KEY'] ?? '' }), alternativeMe()],
  })
  const token = process.env['FEEDMUX_API_TOKEN'] ?? ''
  return { router, api: createHandler(router, token === '' ? {} : { authorize: bearer(token) }) }
}

const kept = globalThis as { feedmux?: ReturnType<typeof serving> }

// Next bundles each route by itself and loads modules again while you edit: the one router for all of them lives outside of the modules
export const { router, api } = (kept.feedmux ??= serving())
