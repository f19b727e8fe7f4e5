// A fetch that answers by itself, in the providers' documented shapes, with figures made up for the purpose:
// for code blocks of the documentation and for scripts that use the packed tarball.
const NOW = Date.now()

const binanceTicker = {
  symbol: 'BTCUSDT',
  priceChange: '120.00',
  priceChangePercent: '0.200',
  lastPrice: '60000.50',
  bidPrice: '60000.40',
  askPrice: '60000.60',
  openPrice: '59880.50',
  highPrice: '60500.00',
  lowPrice: '59500.00',
  volume: '1234.5',
  quoteVolume: '74000000.0',
  openTime: NOW - 86_400_000,
  closeTime: NOW,
  count: 1000,
}

const routes = [
  [/binance\.(com|vision|us)\/api\/v3\/ticker\/24hr\?.*symbols=/, () => [binanceTicker, { ...binanceTicker, symbol: 'ETHUSDT', lastPrice: '3000.25' }]],
  [/binance\.(com|vision|us)\/api\/v3\/ticker\/24hr/, () => binanceTicker],
  [/binance\.(com|vision|us)\/api\/v3\/klines/, () => [0, 1, 2].map((n) => candle(NOW - (3 - n) * 3_600_000))],
  [/exchange\.coinbase\.com\/products\/USDT-USD\/ticker/, () => coinbaseTicker(1)],
  [/exchange\.coinbase\.com\/products\/[A-Z0-9]+-[A-Z]+\/ticker/, () => coinbaseTicker(60_001)],
  [/api\.kraken\.com\/0\/public\/Ticker/, krakenTickers],
  [/api\.kraken\.com\/0\/public\/OHLC\?.*interval=60(?!\d)/, () => krakenCandles(12, 60)],
  [/api\.kraken\.com\/0\/public\/OHLC\?.*interval=1440/, () => krakenCandles(300, 1_440)],
  [/coindesk\.com\/arc\/outboundfeeds\/rss|decrypt\.co\/feed|theblock\.co\/rss/, feed],
  [/publicnode\.com|drpc\.org/, node],
  [/www\.okx\.com\/api\/v5\/market\/tickers/, () => ({ code: '0', msg: '', data: ['BTC', 'SOL'].map(okxTicker) })],
  [/www\.okx\.com\/api\/v5\/market\/ticker/, () => ({ code: '0', msg: '', data: [okxTicker('BTC')] })],
  [
    /api\.alternative\.me\/fng/,
    () => ({
      name: 'Fear and Greed Index',
      data: [{ value: '40', value_classification: 'Fear', timestamp: String(Math.floor(NOW / 1_000)) }],
      metadata: { error: null },
    }),
  ],
]

const krakenTicker = {
  a: ['60000.20000', '1', '1.000'],
  b: ['60000.10000', '1', '1.000'],
  c: ['60000.10000', '0.01'],
  v: ['100.0', '500.0'],
  p: ['60000.0', '59990.0'],
  t: [100, 500],
  l: ['59500.0', '59400.0'],
  h: ['60500.0', '60600.0'],
  o: '59880.00000',
}

/** Bitcoin and the dollar's twin; an unknown pair makes Kraken refuse all, without a pair it gives whatever it has. */
function krakenTickers(url) {
  const pairs = {
    'BTC/USD': krakenTicker,
    'USDT/USD': {
      ...krakenTicker,
      c: ['0.99990', '1'],
      a: ['1.00000', '1', '1'],
      b: ['0.99980', '1', '1'],
      l: ['0.9990', '0.9990'],
      h: ['1.001', '1.001'],
      p: ['1', '1'],
    },
  }
  const asked = new URL(url).searchParams.get('pair')?.split(',') ?? Object.keys(pairs)
  if (asked.some((pair) => !Object.hasOwn(pairs, pair))) return { error: ['EQuery:Unknown asset pair'] }
  return { error: [], result: Object.fromEntries(asked.map((pair) => [pair, pairs[pair]])) }
}

function coinbaseTicker(price) {
  const time = new Date(NOW).toISOString()
  return { trade_id: 1, price: String(price), size: '0.1', bid: String(price * 0.9999), ask: String(price * 1.0001), volume: '900.5', time }
}

/** So many candles, the last one running. A wave, so that there is something to compute. */
function krakenCandles(count, minutes) {
  const length = minutes * 60_000
  const rows = Array.from({ length: count }, (_, n) => {
    const start = (Math.floor(NOW / length) - (count - 1 - n)) * length
    const close = 60_000 + 500 * Math.sin(n / 5)
    return [start / 1_000, String(close - 50), String(close + 100), String(close - 100), String(close), String(close), '12.5', 100]
  })
  return { error: [], result: { 'BTC/USD': rows, last: 0 } }
}

/** Two articles, the same in each feed but for the address. */
function feed(url) {
  const { hostname } = new URL(url)
  const item = (title, hours) =>
    `<item><title>${title}</title><link>https://${hostname}/${hours}?utm_source=rss</link><pubDate>${new Date(NOW - hours * 3_600_000).toUTCString()}</pubDate></item>`
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${item('Bitcoin rises as inflows reach a record', 1)}${item('Bitcoin slips before the vote', 2)}</channel></rss>`
}

/** A node of Ethereum. */
function node(_url, { id, method }) {
  const results = {
    eth_gasPrice: '0x77359400',
    eth_feeHistory: {
      oldestBlock: '0x1',
      baseFeePerGas: ['0x3b9aca00', '0x3b9aca00'],
      gasUsedRatio: [0.5],
      reward: [['0x5f5e100', '0xbebc200', '0x1dcd6500']],
    },
  }
  return { jsonrpc: '2.0', id, result: results[method] }
}

const okxTicker = (base) => ({
  instType: 'SPOT',
  instId: `${base}-USDT`,
  last: base === 'BTC' ? '60003.1' : '150.2',
  open24h: base === 'BTC' ? '59890' : '149',
  ts: String(NOW),
})

/** A kline of an hour: open time, open, high, low, close, volume, close time, quote volume, trades, two taker volumes, unused. */
function candle(openTime) {
  const start = openTime - (openTime % 3_600_000)
  return [start, '59900.0', '60100.0', '59800.0', '60000.0', '12.5', start + 3_599_999, '750000.0', 100, '6.0', '360000.0', '0']
}

/** @type {typeof globalThis.fetch} */
export async function localFetch(input, init) {
  const url = decodeURIComponent(input instanceof Request ? input.url : input.toString())
  const sent = JSON.parse((await new Request(input, init).text()) || '{}')
  const answer = routes.find(([pattern]) => pattern.test(url))?.[1](url, sent)
  if (typeof answer === 'string') return new Response(answer, { headers: { 'content-type': 'application/rss+xml' } })
  return answer === undefined ? Response.json({ error: 'not here' }, { status: 503 }) : Response.json(answer)
}
