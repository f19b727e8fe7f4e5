import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Dialog, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { which } from '../../scripts/services.mjs'

/** The browser at hand; empty where there is none. Where it is required, its absence fails the tests instead of leaving them out. */
const executablePath = process.env['CHROMIUM_PATH'] ?? which('chromium', 'chromium-browser', 'google-chrome')
export const isAbsent = executablePath === '' && process.env['FEEDMUX_REQUIRE_SERVICES'] === undefined

// without the first it does not start as root; the others keep it from calling home
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
  '--disable-lcd-text',
]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ARGS })

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG A and AA in light, and in dark what depends on colours: rule, element, and how to cure it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const runOnly = JSON.stringify(colorScheme === 'light' ? STANDARDS : ['color-contrast'])
    const told = await page.evaluate<string[]>(`axe.run({ resultTypes: ['violations'], runOnly: ${runOnly} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)))`)
    found.push(...told.map((one) => `${colorScheme}: ${one}`))
  }
  return found
}

/**
 * Counts the answers that an element has taken from now on; gives what waits for the `n`th.
 * A test that runs the clock on waits for it first: a request that was only sent has set no timer for the next one yet.
 */
export async function answersOf(page: Page, element: string): Promise<(n: number) => Promise<void>> {
  await page.evaluate((name) => {
    const counted = globalThis as unknown as { answers: number }
    counted.answers = 0
    document.querySelector(name)?.addEventListener('feedmux-data', () => counted.answers++)
  }, element)
  return async (n) => {
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { answers: number }).answers), { timeout: 12_000 }).toBe(n)
  }
}

/** A page that tells what went wrong in it: errors of scripts, and what its policy refused. */
export interface Watched {
  readonly page: Page
  /** Empty where all went well. */
  faults(): Promise<string[]>
  /** Leaves nothing in the browser for the next page. */
  close(): Promise<void>
}

/** How a page is opened. */
export interface PageOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly reducedMotion?: 'reduce' | 'no-preference'
  /** Its time can be run forward by the test. */
  readonly clock?: boolean
  /** Where its visitor lives: `America/New_York`. */
  readonly timezoneId?: string
}

// tests share one, one after the other, so that the scripts are fetched and compiled once
const pages = new WeakMap<Browser, Promise<Page>>()
const clocked = new WeakMap<Browser, Promise<Page>>()

async function prepared(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(12_000)
  await page.addInitScript(noteRefusals)
  return page
}

async function withClock(page: Page): Promise<Page> {
  await page.clock.install()
  return page
}

function sharedBy(browser: Browser, clock: boolean): Promise<Page> {
  const shared = clock ? clocked : pages
  const page =
    shared.get(browser) ??
    browser
      .newContext()
      .then(prepared)
      .then(clock ? withClock : undefined)
  shared.set(browser, page)
  return page
}

/** Opens a page and watches it. */
export async function watched(browser: Browser, url: string, options: PageOptions = {}): Promise<Watched> {
  const { clock = false, timezoneId, viewport = { width: 1_000, height: 900 }, reducedMotion = 'reduce' } = options
  const page = await (timezoneId ? browser.newContext({ timezoneId }).then(prepared) : sharedBy(browser, clock))
  const errors: string[] = []
  const noteError = (error: Error): void => void errors.push(String(error))
  const noteDialog = (dialog: Dialog): void => {
    errors.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  }
  page.on('pageerror', noteError).on('dialog', noteDialog)
  await Promise.all([page.setViewportSize(viewport), page.emulateMedia({ reducedMotion, colorScheme: 'light' })])
  await page.goto(url)
  return {
    page,
    faults: async () => [...errors, ...(await page.evaluate(() => (globalThis as unknown as { refused: string[] }).refused))],
    async close() {
      page.off('pageerror', noteError).off('dialog', noteDialog)
      if (timezoneId) return page.context().close()
      await page.evaluate(() => localStorage.clear())
      await page.goto('about:blank')
    },
  }
}

/** Runs in the page. */
function noteRefusals(): void {
  Object.assign(globalThis, { refused: [] as string[] })
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    ;(globalThis as unknown as { refused: string[] }).refused.push(`${violatedDirective} refused ${blockedURI} of ${sourceFile}`)
  })
}

/** Hides or shows the tab, as far as its scripts can tell: a browser without windows never does it by itself. */
export const hide = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => is })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
