import * as z from 'zod'
import { iso, isoField, known, words } from '../fields.js'
import { badRequest, unavailable } from '../failures.js'
import type { Session, Sessions } from '../ports.js'
import { type Api, route } from '../route.js'
import { named } from '../views/seen.js'

const tag = 'Sessions'
const counts = z.record(z.string(), z.int())

const statsField = z.object({
  active_connections: z.int(),
  total_sessions: z.int(),
  total_connections_ever: z.int(),
  messages_sent: z.int(),
  messages_received: z.int(),
  client_types: counts,
  subscriptions: counts,
  timestamp: isoField,
})

/** The clients' port. Throws 503 where the server has no live stream. */
function sessionsOf({ options: { sessions } }: Api): Sessions {
  if (sessions === undefined) throw unavailable('no live stream is configured: give the handler sessions')
  return sessions
}

function statsOf(api: Api) {
  const { activeConnections, totalSessions, totalConnectionsEver, messagesSent, messagesReceived, clientTypes, subscriptions } = sessionsOf(api).statistics()
  return {
    active_connections: activeConnections,
    total_sessions: totalSessions,
    total_connections_ever: totalConnectionsEver,
    messages_sent: messagesSent,
    messages_received: messagesReceived,
    client_types: clientTypes,
    subscriptions,
    timestamp: iso(api.now()),
  }
}

const sessionField = z.object({
  session_id: z.string(),
  client_type: z.enum(['browser', 'api', 'mobile']),
  connected_at: isoField,
  last_activity: isoField,
  ip_address: words,
  user_agent: words,
  metadata: z.record(z.string(), z.string()),
})

const sessionRow = ({ id, clientType, connectedAt, lastActivityAt, address, userAgent, metadata }: Session) => ({
  session_id: id,
  client_type: clientType,
  connected_at: iso(connectedAt),
  last_activity: iso(lastActivityAt),
  ip_address: known(address),
  user_agent: known(userAgent),
  metadata,
})

const list = route({
  method: 'GET',
  path: '/api/sessions',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Clients of the live stream, with their addresses',
  errors: [503],
  answer: z.object({ sessions: z.record(z.string(), sessionField), stats: statsField }),
  run({ api }) {
    const sessions = sessionsOf(api).list()
    return { sessions: Object.fromEntries(sessions.map((session) => [session.id, sessionRow(session)])), stats: statsOf(api) }
  },
})

const stats = route({
  method: 'GET',
  path: '/api/sessions/stats',
  tag,
  kind: 'state',
  summary: 'Counters of the live stream',
  errors: [503],
  answer: statsField,
  run: ({ api }) => statsOf(api),
})

const broadcast = route({
  method: 'POST',
  path: '/api/broadcast',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Sends the body to every client of a channel',
  errors: [503],
  query: z.object({ group: z.string().min(1).max(64).default('all').describe('a channel: all, alerts, prices:BTC') }),
  // a body that was forgotten must not reach everybody as an empty message
  body: z
    .unknown()
    .refine((message) => JSON.stringify(message) !== '{}', 'the message is empty')
    .describe('any JSON but {}'),
  answer: z.object({ status: z.literal('sent'), group: z.string() }),
  run({ api, query: { group }, body }) {
    const sessions = sessionsOf(api)
    if (sessions.broadcast(group, body)) return { status: 'sent', group }
    throw badRequest(`no channel ${JSON.stringify(group)}: there are ${named(Object.keys(sessions.statistics().subscriptions))}`)
  },
})

/** Clients of the live stream. */
export const sessionsRoutes = [list, stats, broadcast]
