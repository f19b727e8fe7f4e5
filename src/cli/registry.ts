import * as factories from '../providers/index.js'
import type { Factory } from './io.js'

/** Every provider's factory by the provider's id. */
export const registry: Readonly<Record<string, Factory>> = Object.fromEntries(Object.values(factories).map((make) => [make().id, make]))
