import * as factories from '../providers/index.js'
import type { Factory } from './io.js'

const made = Object.values<unknown>(factories).filter((value): value is Factory => typeof value === 'function')

/** Every provider's factory by the id of what it makes. */
export const registry: Readonly<Record<string, Factory>> = Object.fromEntries(made.map((make) => [make().id, make]))
