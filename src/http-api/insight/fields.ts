import * as z from 'zod'
import { INTERVAL_MS, type Interval } from '../../model/interval.js'
import { coinNamed, figure, symbolField } from '../fields.js'

/** A market by its asset's symbol or name, or as a pair: `BTC`, `bitcoin`, `BTCUSDT`, `BTC-USD`, `BTC/USD`; gives `BTC/USD`. */
export const marketField = z
  .string()
  .trim()
  .min(1)
  .max(61)
  .transform((text) => coinNamed(text) ?? text)
  .pipe(symbolField)
  .describe('symbol, name or pair: BTC, bitcoin, BTCUSDT, BTC-USD, BTC/USD')

/** Length of the candles that are looked at. */
export const intervalField = z.enum(Object.keys(INTERVAL_MS) as [Interval, ...Interval[]])

/** Said with everything that could be taken for advice. */
export const DISCLAIMER = 'Figures computed from past data. They are no advice, and say nothing certain of the future.'

/** Word of a signal, null where it says nothing. */
export const signalWord = z.enum(['bullish', 'bearish', 'neutral', 'overbought', 'oversold']).nullable()
/** Which way the price goes. */
export const trendWord = z.enum(['up', 'down', 'sideways']).nullable()
/** What prevails. */
export const toneWord = z.enum(['bullish', 'bearish', 'neutral']).nullable()
/** An indicator as it is read, its words aside. */
export const readingFields = { value: figure, data: z.record(z.string(), figure), signal: signalWord, trend: trendWord }
/** First and last day. */
export const spanField = z.object({ start: z.iso.date().nullable(), end: z.iso.date().nullable() })
