/** Public files of the library, as they are called in `dist/`: `index`, `providers/binance`, … */
export const entries: string[]
/** The same as users write them: `feedmux`, `feedmux/providers`, `feedmux/providers/binance`, … */
export const subpaths: string[]
