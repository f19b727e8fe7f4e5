import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../examples/express-server/start.js'
import type { Breakers, BinanceHealth, ProvidersHealth, SystemStatus } from '../../examples/status-widget/answers.js'
import { binance, breakers, health, healthRow, provider, status } from './answers.js'
import { isAbsent, launch, type PageOptions, violations, type Watched, watched } from './chromium.js'
import { type Fixture, startFixture } from './fixture.js'

const TOKEN = 'a-token-for-the-tests-of-the-page'
/** Where pictures are wanted; else none are made: they take time, and nobody looks at them. */
const FOLDER = process.env['UPDATE_SCREENSHOTS'] === '1' ? 'docs/images' : undefined
const HOSTILE = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>'
/** Widths that count, and heights that keep the pictures small. */
const SIZES = [
  [320, 900],
  [768, 860],
  [1_440, 450],
] as const
const PATIENCE = { timeout: 12_000 }

// against the example server with its simulated providers: what the page shows has to be what the API says
describe.skipIf(isAbsent)('the demo page on the example server', () => {
  let browser: Browser
  let server: RunningServer
  let fixture: Fixture
  let seen: Watched | undefined

  beforeAll(async () => {
    ;[browser, fixture] = await Promise.all([launch(), startFixture()])
    server = await startServer({ port: 0, host: '127.0.0.1', token: TOKEN, database: ':memory:', rateLimit: false, cors: [fixture.url] })
  })
  afterAll(async () => {
    await Promise.all([browser.close(), fixture.close()])
    await server.close()
  })
  afterEach(async () => {
    await seen?.close()
    for (const id of server.world?.ids ?? []) await server.world?.setFault(id, undefined)
  })

  const visit = async (path = '/', options: PageOptions = {}): Promise<Page> => {
    seen = await watched(browser, server.url + path, options)
    return seen.page
  }
  const api = async <T>(path: string): Promise<T> => (await (await fetch(server.url + path)).json()) as T
  const fault = (page: Page, of: string, name: string): Locator => page.getByRole('group', { name: of, exact: true }).getByRole('button', { name })
  /** Questions that no memory answers, until something is so. */
  async function askUntil(isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 15_000
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('it did not come about within 15 s')
      server.router.clearCache()
      await Promise.all(['BTC', 'ETH', 'SOL'].map((symbol) => fetch(`${server.url}/api/market/price?symbol=${symbol}`)))
    }
  }
  const stateOf = async (id: string): Promise<string | undefined> =>
    Object.values((await api<Breakers>('/api/system/circuit-breakers')).circuit_breakers)
      .flat()
      .find((one) => one.provider === id)?.state

  it('works under its real policy at every address that it has, and asks of the world only what it says', async () => {
    const hosts = new Set<string>()
    const page = await visit('/test_websocket.html')
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
    await page.goto(`${server.url}/static/pages/phase2-demo.html`)
    await page.locator('#ws-status-text', { hasText: 'Connected' }).waitFor()
    await page.locator('#chart canvas').first().waitFor()
    await page.getByText(/^O [\d,.]+ {2}H/).waitFor()
    await expect.poll(() => page.locator('#active-users-count').textContent()).toBe('1')
    await expect.poll(() => page.locator('#client-types-list').textContent()).toContain('browser: 1')
    expect(await seen?.faults()).toEqual([])
    expect([...hosts]).toEqual([new URL(server.url).host])
    expect(await page.getByRole('link', { name: /TradingView/ }).getAttribute('href')).toBe('https://www.tradingview.com/')
  })

  it('tests the first endpoint by itself, and all eight in sequence on demand', async () => {
    const page = await visit()
    // the first begins a second after the page
    expect((await page.locator('.verdict').allTextContents()).slice(1)).toEqual(Array.from({ length: 7 }, () => '–'))
    await page.getByText('1/8 endpoints passed').waitFor()
    expect(await page.locator('#result').textContent()).toContain('"success": true')
    await page.getByRole('button', { name: 'Auto-test all' }).click()
    await expect
      .poll(() => page.locator('.verdict').allTextContents(), { timeout: 20_000 })
      .toEqual(Array.from({ length: 8 }, () => expect.stringMatching(/^✓ \d+ms$/) as string))
    expect(await page.locator('#tests-note').textContent()).toBe('8/8 endpoints passed')
    expect(await page.locator('#result-line').textContent()).toMatch(/^✓ GET \/api\/exchanges\?limit=10 \| 200 \| \d+ms$/)
  })

  it('finds a coin while one types, by the keyboard, and shows its chart; values a portfolio', async () => {
    const page = await visit()
    const field = page.getByRole('combobox', { name: 'Name or symbol of a coin' })
    await field.fill('eth')
    const options = page.locator('#found [role=option]')
    await options.first().waitFor()
    const first = (await options.first().locator('b').textContent()) ?? ''
    await field.press('ArrowUp')
    expect(await field.getAttribute('aria-activedescendant')).toBe(await options.last().getAttribute('id'))
    await field.press('ArrowDown')
    expect(await field.getAttribute('aria-activedescendant')).toBe(await options.first().getAttribute('id'))
    await field.press('Enter')
    expect(await options.count()).toBe(0)
    await page.locator('#chart-title', { hasText: `${first}/USD` }).waitFor(PATIENCE)

    await page.locator('#portfolio-total', { hasText: 'USD' }).waitFor()
    const number = (text: string | null): number => Number(text?.replaceAll(/[^\d.]/g, ''))
    const values = await page.locator('#holdings td:nth-child(4)').allTextContents()
    expect(values).toHaveLength(3)
    expect(number(await page.locator('#portfolio-total').textContent())).toBeCloseTo(
      values.reduce((sum, text) => sum + number(text), 0),
      1,
    )
    await page.getByRole('button', { name: 'Remove ETH' }).click()
    await expect.poll(() => page.locator('#holdings tr').count()).toBe(2)
    await page.getByLabel('Asset', { exact: true }).fill('nosuch')
    await page.getByLabel('Amount').fill('2')
    await page.getByRole('button', { name: 'Add or change' }).click()
    await page.getByText(/Not counted: NOSUCH \([^()]+\)\.$/).waitFor()
    await page.getByLabel('Amount').fill('0')
    await page.getByRole('button', { name: 'Add or change' }).click()
    await page.getByText('Give an asset, and an amount above 0.').waitFor()

    const mover = page.locator('#gainers button').last()
    const symbol = (await mover.textContent()) ?? ''
    await mover.click()
    await page.locator('#chart-title', { hasText: `${symbol}/USD` }).waitFor(PATIENCE)
    await page.locator('#coin dd', { hasText: `(${symbol})` }).waitFor(PATIENCE)
  })

  it('shows a breaker that opens and a host in backoff, as the API tells them, and the recovery', async () => {
    const page = await visit()
    await page.getByText('✓ All circuit breakers closed').waitFor()
    await fault(page, 'OKX', 'Kill').click()
    await page.getByText('OKX takes no connection. Watch who answers now.').waitFor()
    await askUntil(async () => {
      // of itself the router soon leaves one that fails alone
      await server.router.request('ticker', { symbol: 'BTC/USD' }, { only: ['okx'] }).catch(() => undefined)
      return (await stateOf('okx')) === 'open'
    })
    const row = page.locator('feedmux-health .breaker', { hasText: 'OKX' })
    await row.waitFor(PATIENCE)
    const told = Object.values((await api<Breakers>('/api/system/circuit-breakers')).circuit_breakers)
      .flat()
      .find((one) => one.provider === 'okx')
    expect(await row.locator('.cut').textContent()).toBe(`OKX — ${told?.consecutive_failures} failures`)
    const seconds = (Date.parse(told?.next_attempt_at ?? '') - Date.now()) / 1_000
    const [minutes = 0, rest = 0] = ((await row.locator('.number').textContent()) ?? '').replace('trial in ', '').split(':').map(Number)
    expect(Math.abs(60 * minutes + rest - seconds)).toBeLessThan(5)
    await page
      .getByRole('group', { name: 'OKX', exact: true })
      .getByText(/^down, trial in \d:\d\d, \d+ calls?$/)
      .waitFor(PATIENCE)

    await server.world?.setFault('binance', { kind: 'down' }, 0)
    const hosts = (): Promise<BinanceHealth> => api<BinanceHealth>('/api/system/binance/health')
    // long enough to be looked at: the first pauses are drawn between 0 and a second
    const resting = async () => (await hosts()).binance_health.endpoints.find(({ backoff_until }) => Date.parse(backoff_until ?? '') > Date.now() + 1_500)
    await askUntil(async () => (await resting()) !== undefined)
    const host = await resting()
    await page.getByRole('button', { name: 'Refresh provider health' }).click()
    await page.locator('feedmux-health .host', { hasText: new RegExp(`✕ ${new URL(host?.url ?? '').host}backoff 0:\\d\\d`) }).waitFor()
    expect(await page.locator('feedmux-health .counts').textContent()).toBe('2/3 Available1 In Backoff')

    await page.getByRole('button', { name: 'Heal all' }).click()
    await expect.poll(() => fault(page, 'OKX', 'Kill').getAttribute('aria-pressed')).toBe('false')
    await page.getByText(/ works again\. The router finds out when its breaker lets a trial through/).waitFor()
    await server.world?.setFault('binance', undefined)
    for (const id of ['okx', 'binance']) server.router.restore(id) // by itself it takes a minute
    await page.getByText('✓ All circuit breakers closed').waitFor(PATIENCE)
    await page.getByText('3/3 Available').waitFor(PATIENCE)
  })

  it('lists three forced 429s under Recent Errors, with what the router did, as the API tells it', async () => {
    const page = await visit()
    await fault(page, 'OKX', '429').click()
    await expect.poll(() => fault(page, 'OKX', '429').getAttribute('aria-pressed')).toBe('true')
    const isLimited = (one: SystemStatus['error_details'][number]): boolean => one.provider === 'okx' && one.type === 'rate limit (429)'
    const errors = async (): Promise<SystemStatus['error_details']> => (await api<SystemStatus>('/api/system/status')).error_details
    // a rest is ended by hand each time: by itself it takes two minutes
    await askUntil(async () => {
      const count = (await errors()).find(isLimited)?.count ?? 0
      if (count < 3) {
        server.router.restore('okx')
        // of itself the router may leave it alone for longer than this test lasts
        await server.router.request('ticker', { symbol: 'BTC/USD' }, { only: ['okx'] }).catch(() => undefined)
      }
      return count >= 3
    })
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByRole('button', { name: /^Recent Errors/ }).click()
    const error = page.locator('feedmux-status .error', { hasText: 'rate limit (429)' })
    await error.waitFor(PATIENCE)
    const told = (await errors()).find(isLimited)
    expect(await error.locator('div').allTextContents()).toEqual([`OKX: ${told?.count}x rate limit (429)`, told?.message, `Action: ${told?.action}`])
    expect(told?.action).toMatch(/cooldown|failover/)
    expect(await page.locator('feedmux-status .provider', { hasText: 'OKX' }).locator('.line').textContent()).toMatch(/^Rate Limited \(429\)/)
  })

  it('shows in widget and drawer the very providers and states that the API tells', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByText(/Last update: \d/).waitFor()
    const same = async (): Promise<unknown> => {
      await page.getByRole('button', { name: 'Refresh status' }).click()
      await page.getByRole('button', { name: 'Refresh provider health' }).dispatchEvent('click')
      const [system, told] = await Promise.all([api<SystemStatus>('/api/system/status'), api<ProvidersHealth>('/api/system/providers/health')])
      const drawer = await page.locator('feedmux-status .provider .name').allTextContents()
      const tiles = await page.locator('feedmux-health .tile dd').allTextContents()
      const { healthy_providers, degraded_providers, down_providers } = told.summary
      return [
        drawer.join() === system.providers_detailed.map(({ name }) => name).join(),
        tiles.slice(0, 3).join() === [healthy_providers, degraded_providers, down_providers].join(),
        (await page.locator('#cards .big').first().textContent()) === `${tiles[0]}/${tiles.reduce((sum, count) => sum + Number(count), 0)}`,
        system.resource_breakdown.total === Object.values(system.resource_breakdown.by_source).reduce((sum, count) => sum + count, 0),
      ]
    }
    await expect.poll(same, PATIENCE).toEqual([true, true, true, true])
  })

  it('says that nothing can be broken where providers are real, and offers nothing to break', async () => {
    fixture.reset()
    fixture.answers.set('/api/simulation', { simulated: false, providers: [] })
    seen = await watched(browser, fixture.url)
    await seen.page.getByText('The server asks real providers').waitFor()
    expect(await seen.page.locator('#faults, #heal-all').evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).hidden))).toEqual([true, true])
    expect(await seen.page.getByLabel('Ask a price every second').isChecked()).toBe(false)
  })

  it('clears the cache with the token only', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'Clear cache' }).click()
    await page.getByText('The server does not know this token.').waitFor()
    await page.getByLabel('API token').fill(TOKEN)
    await page.getByRole('button', { name: 'Clear cache' }).click()
    await page.getByText('The cache is empty').waitFor()
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))).not.toContain(TOKEN)
  })

  it('is clean under axe in light and dark, and fits every width', async () => {
    const page = await visit('/', { viewport: { width: 1_440, height: 900 } })
    await page.getByText('1/8 endpoints passed').waitFor()
    await page.getByText(/^O [\d,.]+ {2}H/).waitFor()
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
    expect(await violations(page)).toEqual([])
    expect(await seen?.faults()).toEqual([])
  })

  it.skipIf(FOLDER === undefined)('is photographed in all widths, light and dark', async () => {
    const page = await visit()
    await page.getByText('1/8 endpoints passed').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height })
        await page.screenshot({ path: `${FOLDER}/status-page-${width}-${colorScheme}.png` })
      }
    }
    await page.setViewportSize({ width: 1_000, height: 900 })
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByText(/Last update: \d/).waitFor()
    await page.mouse.move(10, 10)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.locator('feedmux-status dialog').screenshot({ path: `${FOLDER}/status-drawer-${colorScheme}.png` })
    }
    expect(await seen?.faults()).toEqual([])
  })

  it('serves widgets on a page of another origin that the server allows', async () => {
    fixture.reset()
    fixture.elsewhere = server.url
    const elements = `<feedmux-health api-endpoint="${server.url}/api/system"></feedmux-health><feedmux-status api-endpoint="${server.url}/api/system/status"></feedmux-status>`
    seen = await watched(browser, `${fixture.url}/page?with=${encodeURIComponent(elements)}`)
    const { page } = seen
    await page.getByText(/Last updated: \d/).waitFor()
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByText(/Last update: \d/).waitFor()
    const { providers_detailed } = await api<SystemStatus>('/api/system/status')
    expect(await page.locator('feedmux-status .name').allTextContents()).toEqual(providers_detailed.map(({ name }) => name))
    expect(await seen.faults()).toEqual([])
  })

  it('draws candles of the hour that comes twice where clocks go back', async () => {
    fixture.reset()
    const candles = Array.from({ length: 8 }, (_, n) => ({ open: 1, high: 2, low: 1, close: 1 + n / 10, timestamp: Date.UTC(2026, 10, 1, 3 + n) }))
    fixture.answers.set('/api/market/ohlc', { symbol: 'BTC/USD', timeframe: '1h', ohlc: candles, source: 'test' })
    seen = await watched(browser, fixture.url, { timezoneId: 'America/New_York' })
    await seen.page.getByText(/^O 1\.00 {2}H/).waitFor()
    await seen.page.locator('#chart canvas').first().waitFor()
    await seen.page.waitForTimeout(200)
    expect(await seen.faults()).toEqual([])
  })

  it('shows titles, names, symbols and errors of dishonest answers as letters, and makes no element of them', async () => {
    fixture.reset()
    const coin = {
      id: HOSTILE,
      symbol: HOSTILE,
      name: HOSTILE,
      image: HOSTILE,
      current_price: 1,
      market_cap: 1,
      market_cap_rank: 1,
      price_change_24h: 1,
      total_volume: 1,
    }
    fixture.answers
      .set('/api/system/status', () =>
        status({
          providers_detailed: [provider(HOSTILE)],
          performance: { avg_response_ms: 1, fastest_provider: HOSTILE, fastest_time_ms: 1, cache_hit_rate: 1 },
        }),
      )
      .set('/api/status', { online: HOSTILE, success_rate: 1, total_requests: 1 })
      .set('/api/system/providers/health', () => ({ ...health([healthRow(HOSTILE)]), note: HOSTILE }))
      .set('/api/system/binance/health', () => binance())
      .set('/api/system/circuit-breakers', () => breakers())
      .set('/api/news/bitcoin', { success: true, articles: [{ title: HOSTILE, url: 'javascript:globalThis.pwned=1' }] })
      .set('/api/market/gainers', { gainers: [coin], source: HOSTILE })
      .set('/api/market/losers', { losers: [coin], source: HOSTILE })
      .set('/api/market/ohlc', { symbol: HOSTILE, timeframe: HOSTILE, ohlc: [], source: HOSTILE })
      .set('/api/market/price', { refused: 502, body: { success: false, error: HOSTILE } })
      .set('/api/coins/search', { results: [coin] })
      .set('/api/simulation', { simulated: true, providers: [{ id: HOSTILE, name: HOSTILE, fault: null, calls: 1, shown: 0 }] })
    seen = await watched(browser, fixture.url)
    const { page } = seen
    await page.getByText('1/8 endpoints passed').waitFor()
    await page.getByRole('button', { name: 'Test News' }).click()
    await page.locator('#result', { hasText: 'javascript:globalThis' }).waitFor()
    await page.getByRole('combobox', { name: 'Name or symbol of a coin' }).fill(HOSTILE)
    await page.locator('#found [role=option]').first().click()
    await page.getByRole('button', { name: 'Open status panel' }).click()
    for (const place of [
      '#gainers button',
      '#chart-title',
      '#faults .strong',
      '#coin dd >> nth=0',
      '#traffic .bad >> nth=0',
      'feedmux-status .name',
      'feedmux-health .category .row .cut >> nth=0',
    ])
      await expect.poll(() => page.locator(place).first().textContent(), { message: place }).toContain('<img src=x')
    const made = await page.evaluate(() => {
      const roots: ParentNode[] = [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
      return [roots.flatMap((root) => [...root.querySelectorAll('img, iframe, script:not([src]), a[href^="javascript"]')]).length, 'pwned' in globalThis]
    })
    expect(made).toEqual([0, false])
    expect(await seen.faults()).toEqual([])
  })
})
