/** One article. */
export interface NewsItem {
  id: string
  title: string
  url: string
  publisher: string
  /** Unix ms. */
  publishedAt: number
  /** Plain text. */
  summary?: string
  imageUrl?: string
  symbols?: string[]
}

/** One reading of a fear-and-greed index. */
export interface FearGreed {
  /** 0 (extreme fear) … 100 (extreme greed). */
  value: number
  /** The provider's own word. */
  label: string
  /** Unix ms. */
  at: number
}

/** What an engine reads out of one text. */
export interface TextSentiment {
  label: 'bullish' | 'neutral' | 'bearish'
  /** p(bullish) − p(bearish), −1…1. */
  score: number
  /** 0…1. */
  confidence: number
  engine: string
  model?: string
  /** Of each label; they add up to 1. */
  probabilities?: { bullish: number; neutral: number; bearish: number }
  /** Of several engines: share of their weight that says this label, 0…1. */
  agreement?: number
  /** Of several engines: what each said; the weights add up to 1. */
  members?: { engine: string; model?: string; label: TextSentiment['label']; score: number; weight: number }[]
  /** Of several engines: ids of those that gave nothing, and why. */
  leftOut?: { engine: string; reason: string }[]
}

/** How an asset is talked about. */
export interface SocialStats {
  asset: string
  galaxyScore?: number
  /** Share of positive votes, 0…100. */
  sentimentPercent?: number
  interactions24h?: number
  posts24h?: number
  followers?: number
  /** Unix ms. */
  asOf?: number
}

/** One post of a social network. */
export interface Post {
  id: string
  title: string
  url: string
  author?: string
  score?: number
  comments?: number
  /** Unix ms. */
  at: number
}

/** Technical indicators computed over candles, by name. */
export interface Indicators {
  symbol: string
  interval: string
  /** Unix ms. */
  asOf: number
  /** Who gave the candles that they are computed from. */
  source?: string
  values: Record<string, number | Record<string, number>>
}

/** A projection with its interval; `method` names how it was made. */
export interface Forecast {
  symbol: string
  method: string
  /** Who gave the candles that it is made from. */
  source?: string
  points: { at: number; value: number; low: number; high: number }[]
  /** 0…1. */
  confidenceLevel: number
}
