import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewsItem } from '../../../src/model/insight.js'
import { combineNews } from '../../../src/provider/news/combine-news.js'
import { NOW } from '../../support/ask.js'

const HOUR = 3_600_000
let count = 0
const item = (title: string, hoursAgo = 1, more: Partial<NewsItem> = {}): NewsItem => {
  count += 1
  return { id: `n${count}`, title, url: `https://site${count}.example/${count}`, publisher: 'The News', publishedAt: NOW - hoursAgo * HOUR, ...more }
}
const together = (a: string, b: string, hours = 1) => combineNews([[item(a, 0)], [item(b, hours)]], {}).length === 1

describe('combineNews', () => {
  it('puts lists together, newest first, fifty where nobody says how many', () => {
    const [a, b, c] = [item('One happened today', 3), item('Something else went wrong', 1), item('Nobody saw a third one', 2)]
    expect(combineNews([[a], [b, c]], {})).toEqual([b, c, a])
    expect(combineNews([[a], [b, c]], { limit: 2 })).toEqual([b, c])
    const many = Array.from({ length: 80 }, (_, n) => item(`${n} coins`, n))
    expect([combineNews([many], {}).length, combineNews([many], { limit: 70 }).length, combineNews([], {}).length]).toEqual([50, 70, 0])
  })

  it.each([
    ['http://www.site.example/a/', 'https://site.example/a'],
    ['https://site.example/a/?id=1', 'https://www.site.example/a?id=1'],
  ])('takes %s and %s for one article, and keeps the one published first', (one, other) => {
    const first = item('As it was called at first', 5, { url: one, symbols: ['ETH'] })
    const later = item('What they call it now', 1, { url: other, symbols: ['BTC', 'ETH'] })
    expect(combineNews([[later], [first]], {})).toEqual([{ ...first, symbols: ['BTC', 'ETH'] }])
    expect(combineNews([[later], [{ ...first, url: `${one}x` }]], {})).toHaveLength(2)
  })

  it.each([
    ['SEC approves the first spot Solana ETF', 'SEC Approves First Spot SOL ETF!'],
    ['Bitcoin tops $100,000 as ETF inflows hit a record', 'Bitcoin tops $100K as ETF inflows hit record'],
    ['Strategy buys $1.2 billion of bitcoin in a week', 'Strategy Buys $1.2B of Bitcoin in a Week'],
    ['Tether freezes wallet of the Bitget hacker after heist', 'Tether freezes wallet of the Bitget hacker after heist | CoinDesk'],
    ['U.S. House passes the market structure bill', 'US House passes the market structure bill'],
    ['As ETFs gain, Bitcoin hits $100K for the first time', 'Bitcoin hits $100,000 for the first time as ETFs gain'],
    ['Circle’s USDC comes to another chain this week', "Circle's USDC comes to another chain this week"],
    ['비트코인 가격이 오늘 사상 최고치를 다시 경신했다', '비트코인 가격이 오늘 사상 최고치를 다시 경신했다.'],
  ])('takes «%s» and «%s» for one story', (a, b) => {
    expect([together(a, b), together(b, a)]).toEqual([true, true])
  })

  it.each([
    ['Spot bitcoin ETFs see inflows for the ninth day in a row', 'Spot bitcoin ETFs see outflows for the ninth day in a row'],
    ['Bitcoin falls below $60,000 as traders leave the market', 'Bitcoin falls below $50,000 as traders leave the market'],
    ['Price of bitcoin today, with charts and all you need', 'Price of bitcoin today, with charts and all you need: 21 November'],
    ['SEC approves the first spot Solana ETF in the country', 'SEC has not approved the first spot Solana ETF in the country'],
    ['The SEC approves a Solana ETF by the bank', 'The SEC never approves a Solana ETF by the bank'],
    ['SEC sues Binance over unregistered securities claims', 'Binance sues SEC over unregistered securities claims'],
    ['Ethereum flips Bitcoin in daily fee revenue', 'Bitcoin flips Ethereum in daily fee revenue'],
    ['Kraken plans to go public early next year, report says', 'Kraken delays plans to go public early next year, report says'],
    ['Senate to pass the stablecoin bill after a long debate', 'Senate fails to pass the stablecoin bill after a long debate'],
    ['Judge says the developer of Tornado Cash can leave', "Judge says the developer of Tornado Cash can't leave"],
    ['Bitcoin slips below $60,000 on Monday', 'Bitcoin slips below $60,000 on Monday again'],
    ['Market wrap', 'Market Wrap'],
    ['Bitcoin rises', 'Bitcoin rises again after a long week of losses'],
  ])('does not take «%s» and «%s» for one story', (a, b) => {
    expect([together(a, b), together(b, a)]).toEqual([false, false])
  })

  it('takes a headline that comes back after two days for another story', () => {
    const title = 'Bitcoin miners sell what they have mined'
    expect([together(title, title, 47), together(title, title, 49)]).toEqual([true, false])
  })

  it('changes none of the lists it was given', () => {
    const lists = [
      [Object.freeze(item('The same story in two papers', 1, { symbols: ['BTC'] }))],
      [Object.freeze(item('The same story in two papers', 2))],
    ].map((list) => Object.freeze(list))
    expect(combineNews(lists, {})).toEqual([{ ...lists[1]?.[0], symbols: ['BTC'] }])
  })

  const words = fc.constantFrom('bitcoin', 'rises', 'falls', 'sec', 'etf', 'not', 'the', '60k', 'ether', 'Ethereum', 'solana', 'hack')
  const story = fc
    .record({
      words: fc.array(words, { minLength: 1, maxLength: 8 }),
      path: fc.integer({ min: 0, max: 15 }),
      hours: fc.integer({ min: 0, max: 100 }),
      tag: fc.constantFrom('BTC', 'ETH', undefined),
    })
    .map(({ words: said, path, hours, tag }, n = 0): NewsItem => ({
      id: `${path}-${n}`,
      title: said.join(' '),
      url: `https://site.example/${path}`,
      publisher: 'The News',
      publishedAt: NOW - hours * HOUR,
      ...(tag && { symbols: [tag] }),
    }))
  const lists = fc.array(fc.array(story, { maxLength: 8 }), { maxLength: 5 })

  it('gives the same whichever list comes first, adds nothing by doing it twice, and invents nothing', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const combined = combineNews(all, { limit })
        expect(
          combineNews(
            all.toReversed().map((list) => list.toReversed()),
            { limit },
          ),
        ).toEqual(combined)
        expect(combineNews([combined], { limit })).toEqual(combined)
        const given = all.flat()
        expect(
          combined.every((one) => given.some(({ title, url, publishedAt }) => title === one.title && url === one.url && publishedAt === one.publishedAt)),
        ).toBe(true)
        expect(new Set(combined.map(({ url }) => url)).size).toBe(combined.length)
        expect(combined.map(({ publishedAt }) => publishedAt)).toEqual(combined.map(({ publishedAt }) => publishedAt).toSorted((a, b) => b - a))
        expect(combined.length === 0).toBe(given.length === 0)
        const tags = new Set(given.flatMap(({ symbols = [] }) => symbols))
        expect(new Set(combineNews(all, { limit: 1_000 }).flatMap(({ symbols = [] }) => symbols))).toEqual(tags)
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds by the rarest words whatever a look at every pair would find', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const kept = combineNews(all, { limit: 1_000 })
        const pairs = kept.flatMap((a) =>
          kept.filter((b) => a !== b && Math.abs(a.publishedAt - b.publishedAt) <= 48 * HOUR).map((b) => [a.title, b.title] as const),
        )
        expect(pairs.filter(([a, b]) => together(a, b))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['a thousand different ones', (n: number) => `Story ${n} of coin ${n % 97} in week ${n % 13} by hand ${n * 7}`],
    ['five thousand of the same words', () => 'All say the very same thing about bitcoin today'],
    ['five thousand that share all but a word', (n: number) => `All say the very same thing about bitcoin today but word${n} other${n} third${n}`],
    ['very long ones', (n: number) => Array.from({ length: 100 }, (_, i) => `w${(n * i) % 301}`).join(' ')],
  ])('is quick with %s', (_, titleOf) => {
    const many = Array.from({ length: 5_000 }, (__, n) => item(titleOf(n), n % 40))
    const startedAt = performance.now()
    combineNews([many.slice(0, 2_500), many.slice(2_500)], {})
    expect(performance.now() - startedAt).toBeLessThan(4_000) // comparing every pair takes many times as long
  })
})
