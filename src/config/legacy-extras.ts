import { isObject, type Json, listOf } from './clean.js'
import { figureOf } from './legacy-format.js'
import { didYouMean, type Findings } from './report.js'
import type { RouterEntry } from './schema.js'

/** A text model of a legacy file. It is made with `feedmux/sentiment`. */
export interface LegacyModel {
  readonly model: string
  readonly task: string
}

/** What a legacy file says beside providers and pools. */
export interface LegacyExtras {
  /** For the router. */
  readonly router?: RouterEntry
  /** For `router.startProbes()`. */
  readonly probes?: { readonly everyMs: number }
  readonly models?: readonly LegacyModel[]
}

const FALLBACK_KEYS = ['max_retries', 'retry_delay_seconds', 'circuit_breaker_threshold', 'circuit_breaker_timeout_seconds', 'health_check_interval_seconds']

/** `fallback_strategy` as options of the router. */
export function fallbackOf(told: Json | undefined, findings: Findings): Pick<LegacyExtras, 'router' | 'probes'> {
  if (told === undefined) return {}
  if (!isObject(told)) {
    findings.skip('fallback_strategy', 'an object expected')
    return {}
  }
  for (const key of Object.keys(told))
    if (!FALLBACK_KEYS.includes(key)) findings.wrong(`fallback_strategy.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, FALLBACK_KEYS))
  const figure = (key: string, least: number): number | undefined => {
    if (told[key] === undefined) return undefined
    const value = figureOf(told[key])
    if (value !== undefined && value >= least) return value
    findings.wrong(`fallback_strategy.${key}`, `a number ≥ ${least} expected`)
    return undefined
  }
  const retries = figure('max_retries', 0)
  const failures = figure('circuit_breaker_threshold', 1)
  const open = figure('circuit_breaker_timeout_seconds', 1)
  const every = figure('health_check_interval_seconds', 1)
  if (retries !== undefined) findings.decide('fallback_strategy.max_retries', `retries: ${Math.floor(retries)}, where nobody else can be asked`)
  if (told['retry_delay_seconds'] !== undefined)
    findings.decide('fallback_strategy.retry_delay_seconds', 'not used: pauses are random from 200 ms on, and Retry-After wins')
  if (failures !== undefined) findings.decide('fallback_strategy.circuit_breaker_threshold', `breaker.failures: ${Math.floor(failures)}`)
  if (open !== undefined) findings.decide('fallback_strategy.circuit_breaker_timeout_seconds', `breaker.cooldownMs: ${open * 1_000}`)
  if (every !== undefined) findings.decide('fallback_strategy.health_check_interval_seconds', `probes.everyMs: ${every * 1_000}, for router.startProbes()`)
  const breaker = { ...(failures !== undefined && { failures: Math.floor(failures) }), ...(open !== undefined && { cooldownMs: open * 1_000 }) }
  const router = { ...(retries !== undefined && { retries: Math.floor(retries) }), ...(Object.keys(breaker).length > 0 && { breaker }) }
  return { ...(Object.keys(router).length > 0 && { router }), ...(every !== undefined && { probes: { everyMs: every * 1_000 } }) }
}

/** Text models; a classifier that is listed as another task is said. */
export function modelsOf(told: Json | undefined, findings: Findings): Pick<LegacyExtras, 'models'> {
  if (told !== undefined && !isObject(told)) findings.skip('huggingface_models', 'lists of models by their use expected')
  const groups = isObject(told) ? Object.entries(told) : []
  for (const [group, list] of groups) if (!listOf(list)) findings.skip(`huggingface_models.${group}`, 'a list expected')
  const models = groups.flatMap(([group, list]) =>
    (listOf(list) ?? []).flatMap((entry, i): LegacyModel[] => {
      const path = `huggingface_models.${group}[${i}]`
      if (!isObject(entry) || typeof entry['model_id'] !== 'string') {
        findings.skip(path, 'model_id expected')
        return []
      }
      const task = group === 'zero_shot' ? 'zero-shot-classification' : 'text-classification'
      if (typeof entry['task'] === 'string' && entry['task'] !== task && entry['task'] !== 'sentiment-analysis')
        findings.decide(`${path}.task`, `${entry['model_id']} is a classifier: '${task}'`)
      return [{ model: entry['model_id'], task }]
    }),
  )
  if (models.length > 0) findings.decide('huggingface_models', `${models.length} text models: made with feedmux/sentiment`)
  return models.length > 0 ? { models } : {}
}
