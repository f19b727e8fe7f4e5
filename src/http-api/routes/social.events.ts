import * as z from 'zod'
import { baseOf } from '../../model/symbol.js'
import { iso, isoField, provenanceFields, words } from '../fields.js'
import { marketField } from '../insight/fields.js'
import { unavailable } from '../failures.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'
import type { Capability, DataOf, ParamsOf } from '../../model/capabilities.js'

/** No provider of feedmux has it: it is there for whoever adds one, with `options.capabilities`. */
const CAPABILITY = 'events'

const event = z.looseObject({ title: z.string(), date: z.string(), type: words.optional(), importance: words.optional() })

/** What is to happen: of a provider that the server's owner added. */
export const events = route({
  method: 'GET',
  path: '/api/events',
  tag: 'Social',
  kind: 'data',
  summary: 'What is to happen, where the server has a provider of the capability events; by itself feedmux has none',
  errors: [503],
  query: z.object({ coin: marketField.optional(), type: z.string().min(1).max(40).optional(), days: z.int().min(1).max(90).default(30) }),
  answer: z.object({
    success: z.literal(true),
    events: z.array(event),
    count: z.int(),
    by_importance: z.record(z.string(), z.int()),
    filters: z.object({ coin: words, type: words, days: z.int() }),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { coin: symbol, type, days } = call.query
    const has = call.api.router.status().providers.some(({ capabilities }) => capabilities.includes(CAPABILITY))
    if (!has) throw unavailable('no provider is configured for events: add one of your own to the router')
    const coin = symbol === undefined ? undefined : baseOf(symbol)
    const params = { ...(coin !== undefined && { coin }), ...(type !== undefined && { type }), days }
    const result = await call.ask(CAPABILITY as Capability, params as unknown as ParamsOf<Capability>)
    const rows = eventsIn(result.data)
    const filters = { coin: coin ?? null, type: type ?? null, days }
    return fromRouter(result, {
      success: true,
      events: rows,
      count: rows.length,
      by_importance: counted(rows.flatMap(({ importance }) => importance ?? [])),
      filters,
      timestamp: iso(call.api.now()),
    })
  },
})

/** How often each word is there, whatever the words are. */
function counted(given: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const word of given) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** What is an event in the answer of a provider that nothing is known of. */
const eventsIn = (data: DataOf<Capability>): z.output<typeof event>[] =>
  (Array.isArray(data) ? (data as unknown[]) : []).flatMap((row) => {
    const read = event.safeParse(row)
    return read.success ? [read.data] : []
  })
