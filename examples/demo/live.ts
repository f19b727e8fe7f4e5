import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderRouter, type RouterResult } from 'feedmux'
import { alternativeMe, binance, coinbase, coingecko, coinpaprika, kraken, okx } from 'feedmux/providers'
import pc from 'picocolors'

const PAUSE_MS = 300

/** A few questions to the real services, with the defaults of feedmux and no faults. True: all were answered. */
export async function askLive(output: NodeJS.WriteStream): Promise<boolean> {
  const router = new ProviderRouter({ providers: [binance(), kraken(), coinbase(), okx(), coinpaprika(), coingecko(), alternativeMe()] })
  const questions: readonly (readonly [string, () => Promise<RouterResult<unknown>>])[] = [
    ...['BTC/USD', 'ETH/USD', 'SOL/USD', 'XRP/USD'].map((symbol) => [`ticker ${symbol}`, () => router.request('ticker', { symbol })] as const),
    ['candles BTC/USD 1h', () => router.request('candles', { symbol: 'BTC/USD', interval: '1h', limit: 24 })],
    ['candles ETH/USD 1d', () => router.request('candles', { symbol: 'ETH/USD', interval: '1d', limit: 7 })],
    ['order book BTC/USD', () => router.request('orderBook', { symbol: 'BTC/USD', depth: 10 })],
    ['fear & greed', () => router.request('fearGreed', { limit: 1 })],
  ]
  output.write(`${questions.length} requests to the REAL services, without keys; no faults are made.\n\n`)
  let answered = 0
  try {
    for (const [name, ask] of questions) {
      try {
        const { provider, latencyMs, attempts } = await ask()
        const tried = attempts.flatMap((attempt) => (attempt.outcome === 'failed' ? [`${attempt.provider} ${attempt.reason}`] : []))
        output.write(
          `${pc.green('✓')} ${name.padEnd(20)} ${provider.padEnd(15)} ${Math.round(latencyMs)} ms${tried.length > 0 ? `  after ${tried.join(', ')}` : ''}\n`,
        )
        answered += 1
      } catch (error) {
        output.write(`${pc.red('✗')} ${name.padEnd(20)} ${error instanceof Error ? error.message : String(error)}\n`)
      }
      await sleep(PAUSE_MS)
    }
  } finally {
    await router.close()
  }
  output.write(`\n${answered} of ${questions.length} answered by the real services\n`)
  return answered === questions.length
}
