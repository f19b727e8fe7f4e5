import { read } from '../read.js'

/** What the names that feeds write stand for. Names of several zones (IST) are none. */
const ZONES: Readonly<Record<string, string>> = {
  ut: 'Z',
  utc: 'Z',
  gmt: 'Z',
  z: 'Z',
  wet: 'Z',
  bst: '+01:00',
  west: '+01:00',
  cet: '+01:00',
  cest: '+02:00',
  eet: '+02:00',
  eest: '+03:00',
  msk: '+03:00',
  sgt: '+08:00',
  hkt: '+08:00',
  jst: '+09:00',
  kst: '+09:00',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
}
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Longer texts are no date. */
const LONGEST = 80
/** Day, month and year with or without the day's name in front. */
const DAY = /^(?:[a-z]{3,9}\.?(?:,\s*|\s+))?(\d{1,2})[\s-]([a-z]{3})[a-z]{0,6}\.?[\s-](\d{2}|\d{4})(?=\s|$)/i
/** As a text of JavaScript begins: `Sun Nov 01 2026`. */
const MONTH_FIRST = /^[a-z]{3} ([a-z]{3}) (\d\d) (\d{4})(?=\s)/i
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?/
const ZONE = /^(?:(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)|([a-z]{1,5}))?(?:\s*\(.*\))?$/i
const ISO_ZONE = /\s+(?:([+-]\d\d:?\d\d)|utc|gmt|z)$/i

/** Unix ms out of a date as RFC 822, ISO 8601 or a program writes it, or out of Unix ms. Without a zone, or in one that nobody names, it is UTC or refused. */
export function timeOf(value: unknown, at: string): number {
  if (typeof value !== 'string') return read.millis(value, at)
  const text = value.trim().slice(0, LONGEST).replace(/\s+/g, ' ')
  return read.isoTime(isoOf(text.replace(MONTH_FIRST, '$2 $1 $3')) ?? text.replace(ISO_ZONE, (_, offset?: string) => offset ?? 'Z'), at)
}

function isoOf(text: string): string | undefined {
  const [whole, day = '', month = '', year = ''] = DAY.exec(text) ?? []
  if (whole === undefined) return undefined
  const rest = text.slice(whole.length).trim()
  const [time = '', hours = '0', minutes = '00', seconds = '00'] = TIME.exec(rest) ?? []
  const zone = ZONE.exec(rest.slice(time.length).trim())
  const number = MONTHS.indexOf(month.toLowerCase()) + 1
  const date = [year.padStart(4, '20'), two(number), two(day)].join('-')
  return `${date}T${two(hours)}:${minutes}:${seconds}${zone === null ? '?' : zoneOf(zone)}`
}

function zoneOf([, sign, hours = '', minutes, name = 'utc']: readonly (string | undefined)[]): string {
  return sign === undefined ? (ZONES[name.toLowerCase()] ?? '?') : `${sign}${two(hours)}:${minutes}`
}

const two = (number: number | string): string => String(number).padStart(2, '0')
