import { ConfigError } from '../errors.js'
import type { ModelReadings } from './desk.js'

/** How the hub is asked. */
export interface HubOptions {
  /** @default 'https://huggingface.co' */
  readonly url?: string | undefined
  /** Patience with each model, in ms. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
}

const AT_ONCE = 4

/** Asks the Hugging Face hub (https://huggingface.co/docs/hub/api) how models are, for the handler's option `models`. */
export function hubModels(
  ids: readonly string[],
  { url = 'https://huggingface.co', timeoutMs = 10_000, fetch }: HubOptions = {},
): () => Promise<ModelReadings[]> {
  const bad = ids.find((id) => !/^[\w.-]+(\/[\w.-]+)?$/.test(id))
  if (bad !== undefined) throw new ConfigError(`a model is named like 'ProsusAI/finbert', got ${JSON.stringify(bad)}`)
  return async () => {
    const readings: ModelReadings[] = []
    const queue = [...ids.entries()]
    const worker = async (): Promise<void> => {
      for (let job = queue.shift(); job; job = queue.shift()) readings[job[0]] = await readingsOf(job[1], `${url}/api/models/${job[1]}`, timeoutMs, fetch)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return readings
  }
}

async function readingsOf(id: string, url: string, timeoutMs: number, fetch = globalThis.fetch): Promise<ModelReadings> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    // the hub answers 401 for a model that there is not
    if (response.status === 404 || response.status === 401) return { id, status: 'unavailable' }
    if (!response.ok) return { id, status: 'error' }
    const { downloads, likes, pipeline_tag, lastModified } = (await response.json()) as Readonly<Record<string, unknown>>
    const lastUpdatedAt = typeof lastModified === 'string' ? Date.parse(lastModified) : Number.NaN
    return {
      id,
      status: 'available',
      ...(typeof downloads === 'number' && { downloads }),
      ...(typeof likes === 'number' && { likes }),
      ...(typeof pipeline_tag === 'string' && { pipelineTag: pipeline_tag }),
      ...(!Number.isNaN(lastUpdatedAt) && { lastUpdatedAt }),
    }
  } catch {
    return { id, status: 'error' }
  }
}
