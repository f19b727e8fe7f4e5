import { expect, test } from 'vitest'
import { printable, printableJson } from '../../src/cli/printable.js'
import { ProviderError } from '../../src/errors.js'
import { collector, feedmux, result, rig, ticker } from './support.js'

const ESC = '\u001B'
/** Moves the cursor, renames the window, hides text, erases a line, turns the direction: as escapes, as C1 controls, and as marks. */
const HOSTILE = `a${ESC}[2J${ESC}]0;owned\u0007${ESC}[8mb\u009B2J\rc\u0008\u202Ed\u2066e`
const OWN = new RegExp(String.raw`${ESC}\[(?:1|2|22|31|32|33|39)m`, 'g')
const CONTROLS = /(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/u

test('controls and marks of direction are taken out, line ends and the commands’ own colours stay', () => {
  expect(printable(HOSTILE)).toBe('a[2J]0;owned[8mb2Jcde')
  expect(printable(`one\n${ESC}[1mtwo${ESC}[22m 🚀`)).toBe('one\n[1mtwo[22m 🚀')
  expect(printable(`one\n${ESC}[1mtwo${ESC}[22m ${ESC}[8mx`, true)).toBe(`one\n${ESC}[1mtwo${ESC}[22m [8mx`)
})

test('JSON keeps every character, and shows those that a terminal would obey as escapes', () => {
  const text = printableJson({ title: HOSTILE }, 2)
  expect(text).not.toMatch(CONTROLS)
  expect(JSON.parse(text)).toEqual({ title: HOSTILE })
})

const at = Date.UTC(2026, 10, 2, 12)
const answers: Readonly<Record<string, unknown>> = {
  news: result([{ id: '1', title: HOSTILE, url: 'https://a.example/1', publisher: HOSTILE, publishedAt: at }], {
    attribution: { text: HOSTILE, url: 'https://a.example', required: true },
  }),
  'fear-greed': result([{ value: 20, label: HOSTILE, at }]),
  'sentiment x': result([{ label: 'bearish', score: -0.6, confidence: 0.4, engine: HOSTILE, model: HOSTILE }]),
  'ticker BTC/USD': result({ ...ticker('BTC/USD'), quote: HOSTILE, quoteVolume24h: 5 }),
  'indicators BTC/USD': result({ symbol: 'BTC/USD', interval: '1d', asOf: at, source: HOSTILE, values: { [HOSTILE]: 1 } }),
  'forecast BTC/USD': result({ symbol: 'BTC/USD', method: HOSTILE, confidenceLevel: 0.8, points: [{ at, value: 1, low: 1, high: 1 }] }),
  gas: result({ chain: HOSTILE, standard: 1 }),
}

test.each(Object.keys(answers))('what providers say reaches no terminal as it is: %s', async (line) => {
  for (const isTTY of [true, false])
    for (const flags of ['', ' --json']) {
      const io = rig(() => answers[line], { stdout: collector({ isTTY, columns: 80 }), now: () => at })
      expect(await feedmux(io, line + flags)).toBe(0)
      const own = isTTY && flags === '' ? io.stdout.text.replaceAll(OWN, '') : io.stdout.text
      expect(own).toContain('owned')
      expect(own).not.toMatch(CONTROLS)
    }
})

test('an error is told without what a terminal would obey', async () => {
  const io = rig(() => {
    throw new ProviderError({ provider: 'kraken', reason: 'not-found', message: HOSTILE })
  })
  expect(await feedmux(io, 'ticker BTC/USD')).toBe(1)
  expect(io.stderr.text).toContain('owned')
  expect(io.stderr.text).not.toMatch(CONTROLS)
  const wrong = rig()
  expect(await feedmux(wrong, `ticker BTC/USD --${HOSTILE}`)).toBe(2)
  expect(wrong.stderr.text).not.toMatch(CONTROLS)
})

test('a text with line ends stays in its line of a table', async () => {
  const io = rig(() => result([{ value: 20, label: 'Fear\nfeedmux: all is well', at }]))
  await feedmux(io, 'fear-greed')
  expect(io.stdout.text).toContain('Fear feedmux: all is well')
})
