import type { Handler, SessionStatistics } from 'feedmux/http-api'

/** Asks the REST API from inside, so that a stream tells the same as the route. Undefined where it has no good answer. */
export async function answerOf(handler: Handler, path: string): Promise<unknown> {
  const response = await handler(new Request(`http://localhost${path}`))
  return response.ok ? ((await response.json()) as unknown) : undefined
}

/** Now, as all messages carry it. */
export const timestamp = (): string => new Date().toISOString()

/** The counters of the stream as they are sent. */
export const statisticsOf = (counters: SessionStatistics): object => ({
  active_connections: counters.activeConnections,
  total_sessions: counters.totalSessions,
  total_connections_ever: counters.totalConnectionsEver,
  messages_sent: counters.messagesSent,
  messages_received: counters.messagesReceived,
  client_types: counters.clientTypes,
  subscriptions: counters.subscriptions,
  timestamp: timestamp(),
})
