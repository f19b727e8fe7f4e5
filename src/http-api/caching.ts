import type { Results } from './reply.js'

/** Longest time that a shared cache may keep an answer, in s. */
const MOST_SHARED_S = 300

/**
 * Headers that let browsers and CDNs keep an answer as long as its data is fresh. `freshUntil`: Unix ms, of the shortest-lived; nothing where
 * the answer is in no cache of the router, and may be in none of others.
 */
export function dataHeaders(results: Results, freshUntil: number | undefined, now: number): Record<string, string> {
  const list = results.filter((one) => one !== undefined)
  if (list.length === 0) return { 'cache-control': 'no-store' }
  const sharedS = Math.min(MOST_SHARED_S, Math.floor(Math.max(0, (freshUntil ?? now) - now) / 1_000))
  const isStale = list.some(({ source }) => source === 'stale')
  return {
    'cache-control': sharedS > 0 && !isStale ? `public, max-age=0, s-maxage=${sharedS}, must-revalidate` : 'no-cache',
    'x-feedmux-provider': [...new Set(list.map(({ provider }) => provider))].join(', '),
    'x-feedmux-cache': worst(list.map(({ source }) => source)),
    'x-feedmux-attempts': String(list.reduce((sum, { attempts }) => sum + attempts.filter(({ outcome }) => outcome !== 'skipped').length, 0)),
  }
}

const ORDER = ['cache', 'shared', 'network', 'stale'] as const

const worst = (sources: readonly (typeof ORDER)[number][]): string => ORDER.findLast((source) => sources.includes(source)) ?? 'network'

/** A weak tag of the data itself: how long the answer took and how old it is now does not change it. */
export const tagOf = (path: string, results: Results): string =>
  `W/"${hash(`${path} ${results.map((one) => (one === undefined ? '' : `${one.provider} ${one.fetchedAt} ${one.source === 'stale'}`)).join()}`)}"`

/** A weak tag of a text. */
export const tagOfText = (text: string): string => `W/"${hash(text)}"`

/** Whether the client has this already. Compared weakly: a proxy that compresses may have made a tag weak or strong. */
export const hasTag = (request: Request, tag: string): boolean =>
  (request.headers.get('if-none-match') ?? '').split(',').some((one) => one.trim() === '*' || opaque(one.trim()) === opaque(tag))

const opaque = (tag: string): string => tag.replace(/^W\//, '')

// cyrb53, a public-domain hash of 53 bits (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js): tells versions apart, protects nothing
function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36)
}
