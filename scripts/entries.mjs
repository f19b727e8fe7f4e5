import { globSync } from 'node:fs'

/** Files beside the entries that are not one: parts of a provider (`coingecko.assets.ts`), and the type that all strategies have. */
const parts = /\.[a-z]+\.ts$|\/strategy\.ts$/

/** Public files of the library, as they are called in `dist/`: `index`, `providers/binance`, … The patterns of `exports` in package.json are the same. */
export const entries = globSync([
  'src/index.ts',
  'src/providers/*.ts',
  'src/strategies/*.ts',
  'src/{config,forecasting,http-api,redis,sentiment,telemetry,testing}/index.ts',
])
  .filter((file) => !parts.test(file))
  .map((file) => file.replaceAll('\\', '/').slice('src/'.length, -'.ts'.length))
  .toSorted()

/** The same as users write them: `feedmux`, `feedmux/providers`, `feedmux/providers/binance`, … */
export const subpaths = entries.map((entry) => `feedmux/${entry}`.replace(/\/index$/, ''))
