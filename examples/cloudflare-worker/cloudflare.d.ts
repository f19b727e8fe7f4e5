/** What `wrangler types` would write for this Worker, as far as it is used here. */
declare module 'cloudflare:workers' {
  export const env: {
    readonly STATE?: import('./state.ts').KeyValueStore
    readonly FEEDMUX_API_TOKEN?: string
    readonly COINGECKO_KEY?: string
  }
  export function waitUntil(work: Promise<unknown>): void
}
