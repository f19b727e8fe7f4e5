import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { now, provider, status } from './answers.js'
import { answersOf, hide, isAbsent, launch, type PageOptions, violations, type Watched, watched } from './chromium.js'
import { type Fixture, startFixture } from './fixture.js'

const PATH = '/api/system/status'
const SECTIONS = ['All Providers', 'AI Models', 'Infrastructure', 'Resource Breakdown', 'Recent Errors', 'Performance']
const HOSTILE = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>'

describe.skipIf(isAbsent)('<feedmux-status>', () => {
  let browser: Browser
  let fixture: Fixture
  let seen: Watched | undefined

  beforeAll(async () => {
    ;[browser, fixture] = await Promise.all([launch(), startFixture()])
  })
  afterAll(() => Promise.all([browser.close(), fixture.close()]))
  beforeEach(() => {
    fixture.reset()
    fixture.answers.set(PATH, () => status())
  })
  afterEach(() => seen?.close())

  const visit = async (attributes = '', options: PageOptions = {}): Promise<Page> => {
    seen = await watched(browser, `${fixture.url}/page?with=${encodeURIComponent(`<feedmux-status ${attributes}></feedmux-status>`)}`, options)
    return seen.page
  }
  const open = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByText(/Last update: \d/).waitFor()
  }
  const section = (page: Page, title: string): Locator => page.locator('section.section', { has: page.getByRole('button', { name: new RegExp(`^${title}`) }) })
  const head = (page: Page, title: string): Locator => page.getByRole('button', { name: new RegExp(`^${title}`) })

  it('has six sections of which Recent Errors is closed at first, turns the chevron of a closed one, and remembers what was closed', async () => {
    const page = await visit()
    await open(page)
    expect(await page.locator('section.section h3 .title').allTextContents()).toEqual(SECTIONS)
    const states = async (): Promise<(string | null)[]> => Promise.all(SECTIONS.map((title) => head(page, title).getAttribute('aria-expanded')))
    const turns = (): Promise<string[]> => page.locator('.chevron').evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node).rotate))
    expect(await states()).toEqual(['true', 'true', 'true', 'true', 'false', 'true'])
    expect(await turns()).toEqual(['none', 'none', 'none', 'none', '-90deg', 'none'])
    expect(await section(page, 'All Providers').locator('.provider').count()).toBeGreaterThanOrEqual(5)

    await head(page, 'Recent Errors').click()
    await head(page, 'AI Models').click()
    expect(
      await section(page, 'AI Models')
        .locator('.body')
        .evaluate((node) => [(node as HTMLElement).inert, node.getBoundingClientRect().height]),
    ).toEqual([true, 0])
    await page.reload()
    await open(page)
    expect(await states()).toEqual(['true', 'false', 'true', 'true', 'true', 'true'])
  })

  it('says what the answer says, in the words of the specification', async () => {
    const answer = status({
      providers_detailed: [
        provider('Binance', { resource_count: 281 }),
        provider('Kraken', { status: 'rate_limited', status_code: 429, last_check: now() - 300, cached_until: null, resource_count: null }),
        provider('OKX', { status: 'degraded', error: 'timeout after 800 ms', success_rate: 0, resource_count: null }),
        provider('Reddit', { status: 'rate_limited', status_code: 200, last_check: null, resource_count: null }),
        provider('CoinGecko', { status: 'offline', error: 'circuit open', success_rate: null, resource_count: null }),
        provider('CoinPaprika', { status: 'unknown', success_rate: null, response_time_ms: null, last_check: null, resource_count: null }),
      ],
      error_details: [
        { provider: 'kraken', count: 3, type: 'rate limit (429)', message: 'EAPI:Rate limit exceeded', action: 'cooldown 120 s, failover → okx' },
      ],
    })
    fixture.answers.set(PATH, answer)
    const page = await visit()
    await open(page)
    const texts = (title: string, rows: string): Promise<string[]> => section(page, title).locator(rows).allTextContents()
    expect(await texts('All Providers', '.line')).toEqual([
      expect.stringMatching(/^126ms \| Success: 100% \| Last: [2-5]s ago \| 281 resources$/),
      'Rate Limited (429) | Cached 5m ago',
      'timeout after 800 ms | Success: 0%',
      'Rate Limited',
      'circuit open | Success: –',
      'Not asked yet',
    ])
    expect(await texts('All Providers', '.dot')).toEqual(['🟢', '🔴', '🟡', '🔴', '⚫', '⚫'])
    expect(await texts('AI Models', '.pair')).toEqual([
      'Transformers: 🟢 Loaded (CPU mode)',
      'Sentiment Models: 🟢 2 available',
      'HuggingFace API: 🔴 Inactive',
      expect.stringMatching(/^Engine: lexicon, last call \ds ago$/),
    ])
    expect((await texts('Infrastructure', '.pair')).slice(0, 3)).toEqual([
      'Database: 🟢 SQLite (127 cached)',
      'Background Worker: 🟢 Next run 4m',
      'WebSocket: 🟢 Active',
    ])
    expect(await texts('Resource Breakdown', '.pair')).toEqual([
      'Total: 31 resources',
      'Keyless: 28',
      'Keyed: 2',
      'Computed: 1',
      'Market Price: 10 of 12 online',
      'News: 19 of 19 online',
    ])
    expect(await texts('Recent Errors', '.error')).toEqual(['Kraken: 3x rate limit (429)EAPI:Rate limit exceededAction: cooldown 120 s, failover → okx'])
    expect((await texts('Performance', '.pair')).slice(0, 3)).toEqual(['Avg Response: 126ms', 'Fastest: Kraken (7.8ms)', 'Cache Hit: 78%'])
  })

  it('has its lights in one column and its words in another', async () => {
    const page = await visit()
    await open(page)
    const columns = (rows: string, at: number): Promise<number> =>
      page.locator(rows).evaluateAll((nodes, part) => {
        const places = nodes.map((node) => {
          const range = document.createRange()
          range.selectNodeContents(node)
          const { left, width } = (node.classList.contains('dot') ? node : range).getBoundingClientRect()
          return Math.round(left + width * part)
        })
        return new Set(places).size
      }, at)
    // lights by their middles: a square that stands on its corner is wider
    expect(await columns('.dot', 0.5)).toBe(1)
    expect(await columns('.title, .name, .line, .pair > :first-child, .service > :nth-child(2), .under', 0)).toBe(1)
  })

  it('waits for the first answer with dashes, and says why there is none', async () => {
    fixture.answers.set(PATH, { refused: 503, body: { success: false, error: 'the server rests' } })
    const page = await visit()
    await page.getByRole('button', { name: 'Open status panel' }).click()
    await page.getByText('Unavailable: the server rests. Next try in').waitFor()
    expect(await section(page, 'All Providers').locator('p:visible').allTextContents()).toEqual(['Waiting for the first answer …'])
    expect(await section(page, 'AI Models').locator('.pair').allTextContents()).toEqual([
      'Transformers: ⚫ –',
      'Sentiment Models: ⚫ –',
      'HuggingFace API: ⚫ –',
      'Engine: –',
    ])
  })

  it('says of what is unknown that it is unknown: a dash, never 0, and never "loaded"', async () => {
    fixture.answers.set(PATH, {
      ...status({ providers_detailed: [], services: [], coins: [], endpoints: [], resource_breakdown: { total: 0, by_source: {}, by_category: {} } }),
      ai_models: { transformers_loaded: null, sentiment_models: 0, hf_api_active: null, engine: null, last_call: null },
      infrastructure: {
        database_status: 'not configured',
        database_entries: null,
        background_worker: 'not configured',
        worker_next_run: null,
        websocket_active: false,
      },
      performance: { avg_response_ms: null, fastest_provider: null, fastest_time_ms: null, cache_hit_rate: null },
    })
    const page = await visit()
    await open(page)
    expect(await section(page, 'All Providers').getByText('No providers configured').isVisible()).toBe(true)
    expect(await head(page, 'All Providers').locator('.note').textContent()).toBe('none')
    expect(await page.locator('.under:visible').allTextContents()).toEqual([])
    const pairs = await page.locator('.pair').allTextContents()
    expect(pairs).toEqual(
      expect.arrayContaining([
        'Transformers: ⚫ Not in use',
        'Engine: –',
        'Database: ⚫ Not configured',
        'Background Worker: ⚫ Not configured',
        'WebSocket: ⚫ Inactive',
        'Avg Response: –',
        'Fastest: –',
        'Cache Hit: –',
      ]),
    )
    await head(page, 'Recent Errors').click()
    expect(await page.getByText('No recent errors').isVisible()).toBe(true)
  })

  it('asks every 3 s, only while it is open, and rests in a hidden tab', async () => {
    const page = await visit('stream-endpoint="none"', { clock: true })
    const answered = await answersOf(page, 'feedmux-status')
    await page.clock.runFor(10_000)
    expect(fixture.count(PATH)).toBe(0)
    await open(page)
    expect(fixture.count(PATH)).toBe(1)
    for (const n of [2, 3]) {
      await page.clock.runFor(3_100)
      await answered(n)
      expect(fixture.count(PATH)).toBe(n)
    }
    await hide(page, true)
    await page.clock.runFor(20_000)
    expect(fixture.count(PATH)).toBe(3)
    await hide(page, false)
    await expect.poll(() => fixture.count(PATH)).toBe(4)
    await page.getByRole('button', { name: 'Close status panel' }).click()
    await page.clock.runFor(20_000)
    expect(fixture.count(PATH)).toBe(4)
  })

  it('never has two polls under way, however slow the answer is and however often somebody refreshes', async () => {
    const held: (() => void)[] = []
    fixture.answers.set(PATH, () => new Promise((answer) => held.push(() => answer(status()))))
    const page = await visit('update-interval="250"')
    await page.getByRole('button', { name: 'Open status panel' }).click()
    const refresh = page.getByRole('button', { name: 'Refresh status' })
    for (let n = 0; n < 3; n++) await refresh.click()
    await page.waitForTimeout(700)
    expect(fixture.count(PATH)).toBe(1)
    held[0]?.()
    await expect.poll(() => fixture.count(PATH)).toBe(2)
    expect(fixture.mostAtOnce(PATH)).toBe(1)
  })

  it('listens to the event stream where there is one, and polls again when it ends', async () => {
    fixture.streams = true
    const page = await visit('update-interval="0"', { clock: true }) // as if it were not set
    await open(page)
    await expect.poll(() => fixture.asked).toContain('/api/stream?topics=status')
    await expect.poll(() => fixture.tell('status', status({ overall_health: 'partial' }))).toBe(1)
    await page.locator('.pill', { hasText: 'partial' }).waitFor()
    const polls = fixture.count(PATH)
    await page.clock.runFor(9_000)
    expect(fixture.count(PATH)).toBe(polls)
    fixture.streams = false
    fixture.hangUp()
    await expect.poll(async () => (await page.clock.runFor(1_000), fixture.count(PATH))).toBeGreaterThan(polls)
    await page.locator('.pill', { hasText: 'online' }).waitFor()
  })

  it('leaves a stream that falls silent, polls at its own pace, and comes back to it later', async () => {
    fixture.streams = true
    const page = await visit('', { clock: true })
    const answered = await answersOf(page, 'feedmux-status')
    await open(page)
    const streams = (): number => fixture.asked.filter((path) => path.startsWith('/api/stream')).length
    await expect.poll(streams).toBe(1)
    await page.clock.runFor(14_500)
    await answered(2)
    await expect.poll(() => fixture.tell('status', status())).toBe(0)
    await page.clock.runFor(3_100)
    await answered(3)
    expect(fixture.count(PATH)).toBe(3)
    await expect.poll(async () => (await page.clock.runFor(3_100), streams()), { timeout: 15_000 }).toBe(2)
  })

  it('stays open when it is closed and opened again at once', async () => {
    const page = await visit('stream-endpoint="none"')
    await open(page)
    const isOpen = await page.evaluate(async () => {
      const drawer = document.querySelector<HTMLElement & { open(): void; close(): void; isOpen: boolean }>('feedmux-status')
      drawer?.close()
      drawer?.open()
      await new Promise((done) => setTimeout(done, 100))
      return drawer?.isOpen
    })
    expect(isOpen).toBe(true)
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
  })

  it('says of an answer in another form that it is one, and keeps what it had', async () => {
    const page = await visit('stream-endpoint="none"')
    await open(page)
    fixture.answers.set(PATH, { hello: 'world' })
    await page.getByRole('button', { name: 'Refresh status' }).click()
    await page.getByText('Unavailable: the answer has another form than expected. These are the last good data.').waitFor()
    expect(await page.locator('.provider').count()).toBe(7)
    expect(await page.locator('.pill').textContent()).toBe('unavailable')
    fixture.answers.set(PATH, () => status())
    await page.getByRole('button', { name: 'Refresh status' }).click()
    await expect.poll(() => page.locator('.pill').textContent()).toBe('online')
    expect(await seen?.faults()).toEqual([])
  })

  it('keeps the last good data when the server fails, says so, waits longer each time, and recovers', async () => {
    const page = await visit('stream-endpoint="none"', { clock: true })
    await open(page)
    fixture.answers.set(PATH, { refused: 503, body: { success: false, error: 'the server rests' } })
    await page.clock.runFor(3_100)
    await page.getByText('Unavailable: the server rests. These are the last good data. Next try in 6s.').waitFor()
    expect(await page.locator('.provider').count()).toBe(7)
    const before = fixture.count(PATH)
    await page.clock.runFor(4_000)
    expect(fixture.count(PATH)).toBe(before)
    await page.clock.runFor(2_500)
    await page.getByText('Next try in 12s.').waitFor()
    fixture.answers.set(PATH, () => status())
    await page.clock.runFor(12_500)
    await expect.poll(() => page.locator('.trouble').textContent()).toBe('')
  })

  it('is worked by the keyboard alone, and gives the focus back', async () => {
    const page = await visit()
    const focused = (): Promise<string | null> =>
      page.evaluate(() => {
        const inner = document.activeElement?.shadowRoot?.activeElement
        return inner?.getAttribute('aria-label') ?? inner?.querySelector('.title')?.textContent ?? null
      })
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Open status panel')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('Close status panel')
    const way: (string | null)[] = []
    for (let n = 0; n < SECTIONS.length; n++) {
      await page.keyboard.press('Tab')
      way.push(await focused())
    }
    expect(way).toEqual(SECTIONS)
    await page.keyboard.press('Space')
    expect(await head(page, 'Performance').getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Open status panel')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('changes only what changed: rows, focus and scroll stay, and nothing shifts', async () => {
    const page = await visit('update-interval="300"')
    await open(page)
    const places = (): Promise<string[]> =>
      page
        .locator('.section, .provider, .pair, .service')
        .evaluateAll((nodes) => nodes.map((node) => `${node.className} ${node.getBoundingClientRect().top} ${node.getBoundingClientRect().height}`))
    await page.evaluate(() => {
      const root = document.querySelector('feedmux-status')?.shadowRoot
      const parts = root?.querySelector('.parts')
      if (parts) parts.scrollTop = 120
      root?.querySelectorAll<HTMLElement>('.head')[2]?.focus()
      Object.assign(globalThis, { first: root?.querySelector('.provider') })
    })
    const before = await places()
    const changed = status()
    changed.providers_detailed = changed.providers_detailed.map((one, n) => ({
      ...one,
      status: n % 2 ? 'degraded' : 'online',
      error: 'slow',
      response_time_ms: 12_345,
    }))
    fixture.answers.set(PATH, changed)
    await page.getByText('4 of 7 online').waitFor()
    expect(await places()).toEqual(before)
    const kept = await page.evaluate(() => {
      const root = document.querySelector('feedmux-status')?.shadowRoot
      const { first } = globalThis as unknown as { first: Element }
      const focus = root?.activeElement?.querySelector('.title')?.textContent
      return { sameRow: root?.querySelector('.provider') === first, scroll: root?.querySelector('.parts')?.scrollTop, focus }
    })
    expect(kept).toEqual({ sameRow: true, scroll: 120, focus: 'Infrastructure' })
  })

  it('shows hostile names, errors and symbols as letters', async () => {
    fixture.answers.set(PATH, {
      ...status({
        overall_health: HOSTILE,
        providers_detailed: [provider(HOSTILE, { status: 'degraded', error: HOSTILE }), provider('constructor', { status: 'constructor' })],
        error_details: [{ provider: HOSTILE, count: 1, type: HOSTILE, message: HOSTILE, action: HOSTILE }],
        coins: [{ symbol: HOSTILE, status: 'online', last_update: null, price: 1 }],
      }),
      resource_breakdown: { total: 1, by_source: { [HOSTILE]: 1, constructor: 1 }, by_category: { [HOSTILE]: 1, toString: 1 } },
    })
    const page = await visit()
    await open(page)
    expect(await page.locator('.provider .name').allTextContents()).toEqual([HOSTILE, 'constructor'])
    expect(await section(page, 'Resource Breakdown').locator('.pair').last().textContent()).toBe('ToString: 1 online')
    expect(await page.locator('.trouble').textContent()).toBe('')
    const made = await page.evaluate(() => {
      const root = document.querySelector('feedmux-status')?.shadowRoot
      return [root?.querySelectorAll('img, script, style, iframe, [style]').length, 'pwned' in globalThis]
    })
    expect(made).toEqual([0, false])
    expect(await seen?.faults()).toEqual([])
  })

  it('slides in within 0.4 s, and not at all for those who want no motion', async () => {
    const page = await visit('', { reducedMotion: 'no-preference' })
    const durations = (): Promise<string[]> =>
      page
        .locator('.drawer, .section:first-child .chevron')
        .evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node).transitionDuration.split(', ')[0] ?? ''))
    expect(await durations()).toEqual(['0.4s', '0.3s'])
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await durations()).toEqual(['0s', '0s'])
  })

  it('covers a narrow page and keeps what is behind out of reach', async () => {
    const page = await visit('', { viewport: { width: 320, height: 640 } })
    await open(page)
    await expect
      .poll(() => page.locator('dialog').evaluate((node) => [node.getBoundingClientRect().left, node.getBoundingClientRect().width]))
      .toEqual([0, 320])
    expect(await page.locator('dialog').evaluate((node) => node.matches(':modal'))).toBe(true)
    fixture.answers.set(PATH, { refused: 500, body: { success: false, error: 'x'.repeat(300) } })
    await page.getByRole('button', { name: 'Refresh status' }).click()
    await page.getByText(/^Unavailable: xxx/).waitFor()
    // a page of HTML instead of an answer leaves room for what else there is to say
    expect(await page.locator('.trouble').textContent()).toMatch(/^Unavailable: x{160}… These are the last good data\. Next try in \d+s\.$/)
    for (const part of ['.parts', '.bottom']) expect(await page.locator(part).evaluate((node) => node.scrollWidth <= node.clientWidth)).toBe(true)
  })

  it('ends with destroy(): no more polls, nothing left on the page', async () => {
    const page = await visit('update-interval="250"')
    await open(page)
    await page.evaluate(() => document.querySelector<HTMLElement & { destroy(): void }>('feedmux-status')?.destroy())
    const asked = fixture.count(PATH)
    await page.waitForTimeout(700)
    expect(fixture.count(PATH) - asked).toBeLessThanOrEqual(1) // one may have been on its way
    expect(await page.locator('feedmux-status').count()).toBe(0)
  })

  it('is clean under axe in light and dark, whatever the providers are like', async () => {
    fixture.answers.set(
      PATH,
      status({
        providers_detailed: ['online', 'rate_limited', 'degraded', 'offline', 'unknown'].map((is) => provider(is, { status: is, error: 'timeout' })),
        error_details: [{ provider: 'degraded', count: 2, type: 'timeout', message: 'no answer in 800 ms', action: 'failover → online' }],
      }),
    )
    const page = await visit()
    await open(page)
    await head(page, 'Recent Errors').click()
    expect(await violations(page)).toEqual([])
    expect(await seen?.faults()).toEqual([])
  })
})
