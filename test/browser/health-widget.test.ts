import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { binance, breakers, health, healthRow, statistics } from './answers.js'
import { answersOf, hide, isAbsent, launch, type PageOptions, violations, type Watched, watched } from './chromium.js'
import { type Fixture, startFixture } from './fixture.js'

const HEALTH = '/api/system/providers/health'
const HOSTS = '/api/system/binance/health'
const BREAKERS = '/api/system/circuit-breakers'
const STATISTICS = '/api/system/providers/stats'
const HISTORY = '/api/system/history'
const HOSTILE = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>'

describe.skipIf(isAbsent)('<feedmux-health>', () => {
  let browser: Browser
  let fixture: Fixture
  let seen: Watched | undefined

  beforeAll(async () => {
    ;[browser, fixture] = await Promise.all([launch(), startFixture()])
  })
  afterAll(() => Promise.all([browser.close(), fixture.close()]))
  beforeEach(() => {
    fixture.reset()
    fixture.answers
      .set(HEALTH, () => health())
      .set(HOSTS, () => binance())
      .set(BREAKERS, () => breakers())
      .set(STATISTICS, () => statistics())
      .set('/api/providers/kraken', { attribution: { text: 'Data by Kraken', url: 'https://www.kraken.com', required: true } })
      .set('/api/providers/okx', { attribution: null })
      .set(HISTORY, () => ({
        points: [null, 40, 80, 20, null, 60].map((p95_ms, n) => ({ at: new Date(60_000 * n).toISOString(), requests: 1, failures: 0, p95_ms })),
      }))
  })
  afterEach(() => seen?.close())

  const visit = async (html = '<feedmux-health></feedmux-health>', options: PageOptions = {}): Promise<Page> => {
    seen = await watched(browser, `${fixture.url}/page?with=${encodeURIComponent(html)}`, options)
    return seen.page
  }
  const shown = (page: Page): Promise<void> =>
    page
      .getByText(/Last updated: \d/)
      .first()
      .waitFor()
  const texts = (page: Page | Locator, rows: string): Promise<string[]> => page.locator(rows).allTextContents()

  it('asks the three routes at the same time and shows providers, hosts and breakers', async () => {
    fixture.answers.set(HEALTH, () =>
      health([
        healthRow('Binance', { status: 'degraded', success_rate: 88.24 }),
        healthRow('Kraken', { priority: 2 }),
        healthRow('OKX', { status: 'unknown', success_rate: null }),
        healthRow('CoinGecko', { status: 'down', success_rate: 0, available: false }),
      ]),
    )
    fixture.answers.set(HOSTS, () => binance(75)).set(BREAKERS, () => breakers({ CoinGecko: 65, OKX: 8 }))
    const page = await visit()
    await shown(page)
    expect(fixture.asked.slice(0, 3).toSorted()).toEqual([HOSTS, BREAKERS, HEALTH].toSorted())
    expect(await texts(page, '.tile')).toEqual(['Healthy1', 'Degraded1', 'Down1', 'Not asked1'])
    expect(await texts(page, '.category >> nth=0 >> .row')).toEqual([
      'BinanceP1⚠ degraded88.2%',
      'KrakenP2✓ healthy100%',
      'OKXP1○ not asked–',
      'CoinGeckoP1✕ down0%',
    ])
    expect(await texts(page, '.category h3')).toEqual(['Market Price3/4', 'News2/2'])
    expect(await texts(page, '.hosts .counts')).toEqual(['2/3 Available1 In Backoff'])
    expect(await texts(page, '.host')).toEqual([
      '✓ api.binance.com100%',
      expect.stringMatching(/^✕ api-gcp\.binance\.combackoff 1:1\d0%$/),
      '✓ data-api.binance.visionN/A',
    ])
    expect(await texts(page, '.breakers .sentence')).toEqual(['⚠ 2 circuit breakers open'])
    expect(await texts(page, '.breaker')).toEqual([
      expect.stringMatching(/^OKX — 5 failuresopentrial in 0:0\d$/),
      expect.stringMatching(/^CoinGecko — 5 failuresopentrial in 1:0\d$/),
    ])
  })

  it('counts down between two answers, and shows a breaker closed again', async () => {
    fixture.answers.set(BREAKERS, breakers({ Kraken: 40 }))
    const page = await visit('<feedmux-health stream-endpoint="none"></feedmux-health>', { clock: true })
    await shown(page)
    const left = async (): Promise<number> => Number((await page.locator('.breaker .number').textContent())?.split(':').at(-1))
    const first = await left()
    await page.clock.runFor(5_000)
    expect(first - (await left())).toBeGreaterThanOrEqual(4)
    fixture.answers.set(BREAKERS, () => breakers())
    await page.getByRole('button', { name: 'Refresh provider health' }).click()
    await page.getByText('✓ All circuit breakers closed').waitFor()
    expect(await page.locator('.breaker').count()).toBe(0)
  })

  it('says of a breaker on trial that it is, and not that all are closed', async () => {
    const told = breakers()
    const [first, ...others] = told.circuit_breakers['market_price'] ?? []
    fixture.answers.set(BREAKERS, { ...told, circuit_breakers: { market_price: [{ ...first, state: 'half-open' }, ...others] } })
    const page = await visit()
    await shown(page)
    expect(await texts(page, '.breakers .sentence')).toEqual(['⚠ 1 circuit breaker on trial'])
  })

  it('shows the breaker of one capability beside its provider that is well, and does not say that all are closed', async () => {
    const told = breakers()
    const [first, ...others] = told.circuit_breakers['market_price'] ?? []
    const next_attempt_at = new Date(Date.now() + 65_000).toISOString()
    const resting = { ...first, capabilities_resting: [{ capability: 'candles', state: 'open', next_attempt_at }] }
    fixture.answers.set(BREAKERS, {
      ...told,
      circuit_breakers: { market_price: [resting, ...others], market_ohlcv: [resting] },
      summary: { ...told.summary, capability_breakers_open: 1 },
    })
    const page = await visit()
    await shown(page)
    expect(await texts(page, '.breakers .sentence')).toEqual(['⚠ 1 circuit breaker open'])
    expect(await texts(page, '.breaker')).toEqual([expect.stringMatching(/^Binance — candles onlyopentrial in [01]:\d\d$/)])
  })

  it('asks nothing by itself once it is switched off by a function, not even for its details, and shows so', async () => {
    const page = await visit('<feedmux-health expanded stream-endpoint="none"></feedmux-health>', { clock: true })
    await page.locator('.panel').first().waitFor()
    await page.evaluate(() => document.querySelector<HTMLElement & { stopAutoRefresh(): void }>('feedmux-health')?.stopAutoRefresh())
    expect(await page.getByLabel('Auto-refresh').isChecked()).toBe(false)
    const asked = fixture.asked.length
    await page.clock.runFor(60_000)
    expect(fixture.asked.length).toBe(asked)
    await page.getByRole('button', { name: 'Refresh provider health' }).click()
    await expect.poll(() => [fixture.count(HEALTH), fixture.count(STATISTICS)]).toEqual([2, 2])
  })

  it('is no worse for having no Binance', async () => {
    fixture.answers.delete(HOSTS)
    const page = await visit()
    await shown(page)
    expect(await page.locator('.hosts').isVisible()).toBe(false)
    expect(await page.locator('.breakers').evaluate((node) => getComputedStyle(node).borderTopWidth)).toBe('0px') // the line between two
    expect(await texts(page, '.trouble')).toEqual([''])
  })

  it('says of nothing that it is nothing, without alarm', async () => {
    fixture.answers.set(HEALTH, () => health([])).set(STATISTICS, () => ({ success: true, statistics: {} }))
    const page = await visit('<feedmux-health expanded></feedmux-health>')
    await shown(page)
    await expect.poll(() => texts(page, '.none:visible, .detail .sentence')).toEqual(['No providers configured', 'No providers configured'])
    expect(await page.locator('.figure').evaluateAll((nodes) => nodes.map((node) => node.className))).toEqual(Array(4).fill('figure off'))
  })

  it('scrolls long details by the keyboard where a page bounds their height', async () => {
    const page = await visit('<feedmux-health expanded></feedmux-health>', { viewport: { width: 320, height: 800 } })
    await page.locator('.panel').first().waitFor()
    const detail = page.getByRole('region', { name: 'Providers in detail' })
    await page.evaluate(() => document.querySelector<HTMLElement>('feedmux-health')?.style.setProperty('--feedmux-detail-height', '200px'))
    expect(await detail.evaluate((node) => [node.clientHeight < 202, node.scrollHeight > 300])).toEqual([true, true])
    await detail.focus()
    await page.keyboard.press('End')
    await expect.poll(() => detail.evaluate((node) => node.scrollTop)).toBeGreaterThan(50)
  })

  it('refreshes every 10 s and on demand, rests in a hidden tab, and stops by its box', async () => {
    const page = await visit('<feedmux-health stream-endpoint="none"></feedmux-health>', { clock: true })
    await shown(page)
    const answered = await answersOf(page, 'feedmux-health')
    expect(fixture.count(HEALTH)).toBe(1)
    await page.clock.runFor(4_000)
    expect(fixture.count(HEALTH)).toBe(1) // the time of the test goes on, too
    await page.clock.runFor(6_500)
    await answered(1)
    await page.getByRole('button', { name: 'Refresh provider health' }).click()
    await answered(2)
    expect(fixture.count(HEALTH)).toBe(3)
    await hide(page, true)
    await page.clock.runFor(60_000)
    expect(fixture.count(HEALTH)).toBe(3)
    await hide(page, false)
    await answered(3)
    await page.getByLabel('Auto-refresh').uncheck()
    await page.clock.runFor(60_000)
    expect(fixture.count(HEALTH)).toBe(4)
    await page.getByLabel('Auto-refresh').check()
    await answered(4)
  })

  it('listens to the event stream where there is one: a breaker is shown at once, and nobody polls', async () => {
    fixture.streams = true
    const page = await visit('<feedmux-health></feedmux-health>', { clock: true })
    await shown(page)
    await expect.poll(() => fixture.tell('health', { health: health(), binance: null, breakers: breakers({ Kraken: 60 }) })).toBe(1)
    await page.getByText('⚠ 1 circuit breaker open').waitFor()
    const polls = fixture.count(HEALTH)
    await page.clock.runFor(25_000)
    expect(fixture.count(HEALTH)).toBe(polls)
  })

  it('says when nothing can be loaded, and keeps old data when something fails later', async () => {
    fixture.answers.set(HEALTH, { refused: 500, body: { success: false, error: 'broken' } })
    const page = await visit('<feedmux-health stream-endpoint="none"></feedmux-health>')
    await page.getByText('Failed to load provider health data').waitFor()
    expect(await texts(page, '.trouble')).toEqual([expect.stringMatching(/^Unavailable: broken\./)])
    const refresh = page.getByRole('button', { name: 'Refresh provider health' })
    fixture.answers.set(HEALTH, () => health())
    await refresh.click()
    await shown(page)
    fixture.answers.set(BREAKERS, { refused: 502, body: { success: false, error: 'bad gateway' } })
    await refresh.click()
    await page.getByText('Unavailable: bad gateway. These are the last good data.').waitFor()
    expect(await page.locator('.category .row').count()).toBe(9)
  })

  it('expands to each provider in detail: latency, quota, share and last error', async () => {
    const page = await visit()
    await shown(page)
    expect(fixture.count(STATISTICS)).toBe(0)
    const expand = page.getByRole('button', { name: 'Show details' })
    await expand.click()
    const card = page.locator('.panel', { hasText: 'Kraken' })
    await card.waitFor()
    expect(await page.getByRole('button', { name: 'Hide details' }).getAttribute('aria-expanded')).toBe('true')
    expect(await texts(card, '.four > div')).toEqual(['p5040ms', 'p9580ms', 'p99120ms', 'Requests1,234'])
    expect(await texts(card, '.bar')).toEqual(['Share18.2% of 25% aimed at', 'Calls / min54 of 60', 'Calls / s9 of 9', 'Units / d200 of 200'])
    expect(
      await card.locator('.fill').evaluateAll((nodes) => nodes.map((node) => [(node as HTMLElement).style.inlineSize, node.getAttribute('data-state')])),
    ).toEqual([
      ['18.2%', null],
      ['90%', 'poor'],
      ['100%', null], // full each second: no shortage
      ['100%', 'bad'],
    ])
    expect(await texts(card, '.last')).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d timeout after 800 ms$/)])
    const line = card.getByRole('img')
    expect(await line.getAttribute('aria-label')).toBe('Kraken: p95 between 20ms and 80ms')
    expect(await line.locator('path').getAttribute('d')).toMatch(/^M24\.0 \S+L48\.0 2\.0L72\.0 \S+M120\.0 \S+h0$/)
    expect(await card.getByRole('link', { name: 'Data by Kraken' }).getAttribute('href')).toBe('https://www.kraken.com')
    expect(fixture.asked).toContain(`${HISTORY}?provider=kraken&minutes=60`)
    await page.getByRole('button', { name: 'Hide details' }).click()
    expect(await page.locator('.detail').isVisible()).toBe(false)
  })

  it('keeps rows, scroll and focus across a refresh, and shifts nothing', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => healthRow(`Provider ${n}`))
    fixture.answers.set(HEALTH, () => health(rows))
    const page = await visit()
    await shown(page)
    const places = (): Promise<number[]> => page.locator('.row, .block, .bottom').evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().top))
    await page.evaluate(() => {
      const main = document.querySelector('feedmux-health')?.shadowRoot?.querySelector<HTMLElement>('.main')
      if (main) main.scrollTop = 150
      main?.focus()
      Object.assign(globalThis, { row: main?.querySelector('.row') })
    })
    const before = await places()
    fixture.answers.set(HEALTH, () => health(rows.map((row, n) => (n < 3 ? { ...row, status: 'down', success_rate: 3.5 } : row))))
    await page.getByRole('button', { name: 'Refresh provider health' }).dispatchEvent('click')
    await page.getByText('3.5%').first().waitFor()
    expect(await places()).toEqual(before)
    const kept = await page.evaluate(() => {
      const root = document.querySelector('feedmux-health')?.shadowRoot
      const { row } = globalThis as unknown as { row: Element }
      return [root?.querySelector('.row') === row, root?.querySelector('.main')?.scrollTop, root?.activeElement?.className]
    })
    expect(kept).toEqual([true, 150, 'scroll main'])
  })

  it('comes several to a page, by functions too, and ends with destroy()', async () => {
    const page = await visit('<div id="one"></div><div id="two"></div>')
    // as text: an import() in a function would be rewritten on its way here
    const library = `import('/static/feedmux-health.js').then(({ initProviderHealthWidget: init, getProviderHealthWidget: get }) =>`
    const found = await page.evaluate(`${library} {
      const first = init('one', { refreshRate: 250 })
      const second = init('two', { autoRefresh: false })
      let refusal = ''
      try { init('three') } catch (error) { refusal = error.message }
      return [first === init('one'), get() === second, get('one') === first, first.refreshRate, second.autoRefresh, refusal]
    })`)
    expect(found).toEqual([true, true, true, 250, false, 'no element has the id "three": give the id of the container'])
    await expect.poll(() => fixture.count(HEALTH), { timeout: 5_000 }).toBeGreaterThan(3)
    await page.evaluate(`${library} ['one', 'two'].forEach((id) => get(id).destroy()))`)
    expect(await page.locator('feedmux-health').count()).toBe(0)
    const asked = fixture.count(HEALTH)
    await page.waitForTimeout(800)
    expect(fixture.count(HEALTH) - asked).toBeLessThanOrEqual(1) // one may have been on its way
  })

  it('shows hostile names as letters', async () => {
    fixture.answers.set(HEALTH, () => ({
      ...health([healthRow(HOSTILE)]),
      providers: { [HOSTILE]: [healthRow(HOSTILE, { status: HOSTILE })], constructor: [healthRow('constructor', { status: 'constructor' })] },
    }))
    fixture.answers.set(BREAKERS, () => ({
      ...breakers(),
      circuit_breakers: { x: [{ provider: HOSTILE, state: HOSTILE, circuit_open: true, next_attempt_at: HOSTILE, consecutive_failures: 5 }] },
    }))
    fixture.answers.set(STATISTICS, () => statistics({ name: HOSTILE, last_error: HOSTILE }))
    fixture.answers.set('/api/providers/kraken', { attribution: { text: HOSTILE, url: 'javascript:globalThis.pwned=1', required: true } })
    const page = await visit('<feedmux-health expanded></feedmux-health>')
    await shown(page)
    await page.locator('.panel').first().waitFor()
    expect(await texts(page, '.category .row .cut')).toEqual([HOSTILE, 'constructor'])
    const made = await page.evaluate(() => {
      const root = document.querySelector('feedmux-health')?.shadowRoot
      return [root?.querySelectorAll('img, script, style, iframe, a[href]').length, 'pwned' in globalThis]
    })
    expect(made).toEqual([0, false])
    expect(await seen?.faults()).toEqual([])
  })

  it('fits 320 px, and is clean under axe in light and dark, expanded', async () => {
    fixture.answers.set(HOSTS, () => binance(75)).set(BREAKERS, () => breakers({ CoinGecko: 65 }))
    const page = await visit('<feedmux-health expanded></feedmux-health>', { viewport: { width: 320, height: 800 } })
    await shown(page)
    await page.locator('.panel').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(await violations(page)).toEqual([])
    expect(await seen?.faults()).toEqual([])
  })
})
