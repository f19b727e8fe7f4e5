import { type LabelMap, plainLabels } from './labels.js'

/** A classifier of texts, as its card describes it. */
export interface TextModel {
  /** On huggingface.co. */
  readonly id: string
  /** By the label's text, in any case. */
  readonly labels: LabelMap
  /** Longest text, in tokens of the model, its two marks of beginning and end among them. */
  readonly maxTokens: number
  /** What it was trained on. */
  readonly domain: 'crypto' | 'social' | 'financial' | 'general'
  /** Whether Hugging Face's own inference serves it, as far as is known. Others: an endpoint of your own, or `localModel()`. */
  readonly served: boolean
}

const three: LabelMap = { positive: 'bullish', neutral: 'neutral', negative: 'bearish' }
const moods: LabelMap = { bullish: 'bullish', neutral: 'neutral', bearish: 'bearish' }

/**
 * Models whose labels are known. Order of the labels in a model is of no account here: finbert counts 0 = positive, cardiffnlp 0 = negative. Labels of
 * kk08/CryptoBERT and FinTwitBERT, and who serves what is not in Hugging Face's list, are unverified.
 */
export const textModels: readonly TextModel[] = [
  { id: 'ProsusAI/finbert', labels: three, maxTokens: 512, domain: 'financial', served: true },
  { id: 'cardiffnlp/twitter-roberta-base-sentiment-latest', labels: three, maxTokens: 512, domain: 'social', served: true },
  // no neutral: its p is 0
  {
    id: 'distilbert/distilbert-base-uncased-finetuned-sst-2-english',
    labels: { positive: 'bullish', negative: 'bearish' },
    maxTokens: 512,
    domain: 'general',
    served: true,
  },
  { id: 'ElKulako/cryptobert', labels: moods, maxTokens: 128, domain: 'crypto', served: false },
  { id: 'kk08/CryptoBERT', labels: { label_0: 'bearish', label_1: 'bullish' }, maxTokens: 512, domain: 'crypto', served: false },
  { id: 'StephanAkkerman/FinTwitBERT-sentiment', labels: moods, maxTokens: 512, domain: 'social', served: false },
  { id: 'mrm8488/distilroberta-finetuned-financial-news-sentiment-analysis', labels: three, maxTokens: 512, domain: 'financial', served: false },
  { id: 'yiyanghkust/finbert-tone', labels: three, maxTokens: 512, domain: 'financial', served: false },
]

/** The classifier for headlines where none is named. */
export const HEADLINES_MODEL = 'ProsusAI/finbert'

/** Longest text of a model that is in no list, in tokens. */
const MAX_TOKENS = 512

const byId = (id: string): TextModel | undefined => textModels.find((model) => model.id.toLowerCase() === id.toLowerCase())

/** Labels and longest text of a model: the user's own word, else the list's, else labels that say themselves what they mean. */
export function modelFacts(id: string | undefined, labels?: LabelMap, maxTokens?: number): { readonly labels: LabelMap; readonly maxTokens: number } {
  const known = id === undefined ? undefined : (byId(id) ?? byId(id.replace(/^distilbert-base/, 'distilbert/distilbert-base')))
  return { labels: labels ?? known?.labels ?? plainLabels, maxTokens: maxTokens ?? known?.maxTokens ?? MAX_TOKENS }
}
