import type { AnyProvider, ProviderOptions } from '../provider/provider.js'
import * as registry from '../providers/index.js'

/** What makes a provider. Some take options of their own beside those that all have. */
export type Factory = (options?: ProviderOptions & Readonly<Record<string, unknown>>) => AnyProvider

/** Services under ids of their own that a factory for several makes. */
const binanceUs: Factory = (options) => registry.binance({ region: 'us', ...options })
/** It stands at an address that the user gives. */
const dtSource: Factory = (options) => registry.customFallback({ id: 'crypto-dt-source', name: 'Crypto DT Source', ...options })

/** The registry's factories by the ids of what they make. */
export const factories: ReadonlyMap<string, Factory> = /* @__PURE__ */ new Map(
  [...new Set(Object.values<unknown>(registry))]
    .filter((value): value is Factory => typeof value === 'function')
    .map((factory): [string, Factory] => [factory().id, factory])
    .concat([
      ['binance-us', binanceUs],
      ['crypto-dt-source', dtSource],
    ]),
)
