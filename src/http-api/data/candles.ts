import { z } from 'zod'
import type { Candle } from '../../model/market.js'
import { figure, known } from '../fields.js'

/** Lengths of candles that the API offers. */
export const timeframeField = z.enum(['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'])

/** One candle. */
export const candleRowField = z.object({
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: figure.describe('in units of the base'),
  timestamp: z.number().describe('when it opened, Unix ms'),
  closed: z.boolean().nullable().describe('false while it is still running'),
})

/** A candle as the API shows it. */
export const candleRow = ({ open, high, low, close, volume, openTime, closed }: Candle): z.input<typeof candleRowField> => ({
  open,
  high,
  low,
  close,
  volume: known(volume),
  timestamp: openTime,
  closed: known(closed),
})
