import type { IncomingMessage } from 'node:http'
import type { ClientFacts } from './clients.ts'

const LONGEST_AGENT = 200

/** Pages of other origins are kept out, since browsers let any page open a WebSocket anywhere. What is no browser sends no origin. */
export function isOwnOrigin({ headers }: IncomingMessage, others: readonly string[]): boolean {
  const { origin, host } = headers
  if (origin === undefined || others.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** What a request tells of its client. */
export function factsOf({ headers, url = '/' }: IncomingMessage, address: string | undefined): ClientFacts {
  const query = new URL(url, 'http://localhost').searchParams
  const agent = headers['user-agent']?.slice(0, LONGEST_AGENT)
  const clientId = query.get('client_id') ?? undefined
  return {
    clientType: typeOf(query.get('client_type'), agent),
    address,
    ...(agent !== undefined && { userAgent: agent }),
    ...(clientId !== undefined && /^[\w.-]{1,64}$/.test(clientId) && { clientId }),
    metadata: headers.origin === undefined ? {} : { origin: headers.origin.slice(0, LONGEST_AGENT) },
  }
}

const TYPES = ['browser', 'api', 'mobile'] as const

function typeOf(told: string | null, agent = ''): ClientFacts['clientType'] {
  const known = TYPES.find((type) => type === told)
  if (known !== undefined) return known
  if (/Mobi|Android|iPhone|okhttp|CFNetwork/i.test(agent)) return 'mobile'
  return agent.startsWith('Mozilla/') ? 'browser' : 'api'
}
