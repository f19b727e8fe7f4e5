type Tone = 'bullish' | 'neutral' | 'bearish'

/** One labelled headline. */
export interface Headline {
  readonly label: Tone
  readonly text: string
}

/** How well a reader meets the labels; shares are 0…1. */
export interface HeadlineScore {
  readonly headlines: number
  readonly accuracy: number
  readonly recall: Readonly<Record<Tone, number>>
  readonly flipped: number
  readonly silent: number
  readonly confusion: Readonly<Record<Tone, Readonly<Record<Tone, number>>>>
}

export function headlines(): Headline[]
export function scoreOf(read: (text: string) => string): { readonly score: HeadlineScore; readonly wrong: readonly (Headline & { readonly read: string })[] }
