import * as factories from '../providers/index.js'
import { huggingFace } from '../sentiment/hugging-face.js'
import { lexicon } from '../sentiment/lexicon.js'
import type { Factory } from './io.js'

const made = [...new Set(Object.values<unknown>(factories)), huggingFace, lexicon].filter((value): value is Factory => typeof value === 'function')

/** Every factory by the id of what it makes: providers, and the engines that need no model on this machine. */
export const registry: Readonly<Record<string, Factory>> = Object.fromEntries(made.map((make) => [make().id, make]))
