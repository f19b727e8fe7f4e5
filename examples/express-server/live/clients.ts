import { randomUUID } from 'node:crypto'
import type { Session, Sessions, SessionStatistics } from 'feedmux/http-api'
import type { WebSocket } from 'ws'
import { CHANNELS } from './channels.ts'

/** What is known of a client when it connects. */
export interface ClientFacts {
  readonly clientId?: string | undefined
  readonly clientType: Session['clientType']
  readonly address?: string | undefined
  readonly userAgent?: string | undefined
  readonly metadata: Readonly<Record<string, string>>
}

/** One connected client. */
export interface LiveClient extends Omit<Session, 'lastActivityAt'> {
  lastActivityAt: number
  readonly clientId: string
  readonly socket: WebSocket
  readonly channels: Set<string>
  /** Beats of the heart since the last sign of life. */
  missed: number
}

/** Told when a channel gets its first client, or loses its last one. */
export type AudienceListener = (channel: string, isWanted: boolean) => void

// channels that speak so seldom that whoever joins gets the last message at once
const KEPT: ReadonlySet<string> = new Set(['market', 'news', 'providers'])

/** Everybody who is connected, by channel. */
export class LiveClients implements Sessions {
  readonly #maxBufferedBytes: number
  readonly #clients = new Set<LiveClient>()
  readonly #channels = new Map<string, Set<LiveClient>>()
  readonly #latest = new Map<string, string>()
  readonly #listeners: AudienceListener[] = []
  readonly #counts = { ever: 0, sent: 0, received: 0 }

  /** Who leaves more unread is dropped, so that nobody waits for it and memory stays bounded. */
  constructor(maxBufferedBytes: number) {
    this.#maxBufferedBytes = maxBufferedBytes
  }

  get size(): number {
    return this.#clients.size
  }

  all(): Iterable<LiveClient> {
    return this.#clients.values()
  }

  add(socket: WebSocket, facts: ClientFacts): LiveClient {
    const [id, now] = [randomUUID(), Date.now()]
    const client: LiveClient = { id, ...facts, clientId: facts.clientId ?? id, connectedAt: now, lastActivityAt: now, socket, channels: new Set(), missed: 0 }
    this.#clients.add(client)
    this.#counts.ever += 1
    return client
  }

  remove(client: LiveClient): void {
    for (const channel of client.channels) this.leave(client, channel)
    this.#clients.delete(client)
  }

  join(client: LiveClient, channel: string): void {
    client.channels.add(channel)
    const joined = this.#channels.get(channel) ?? new Set<LiveClient>()
    // who asks again and again must not begin the channel's rhythm anew each time
    if (joined.has(client)) return
    this.#channels.set(channel, joined.add(client))
    const last = this.#latest.get(channel)
    if (last !== undefined) this.#write(client, last)
    if (joined.size === 1) for (const listener of this.#listeners) listener(channel, true)
  }

  leave(client: LiveClient, channel: string): void {
    client.channels.delete(channel)
    const joined = this.#channels.get(channel)
    if (!joined?.delete(client) || joined.size > 0) return
    this.#channels.delete(channel)
    this.#latest.delete(channel)
    for (const listener of this.#listeners) listener(channel, false)
  }

  /** Clients of a channel. */
  audience(channel: string): number {
    return this.#members(channel).size
  }

  onAudience(listener: AudienceListener): void {
    this.#listeners.push(listener)
  }

  /** Counts a message that came. */
  received(client: LiveClient): void {
    this.#counts.received += 1
    client.lastActivityAt = Date.now()
    client.missed = 0
  }

  send(client: LiveClient, message: object): void {
    this.#write(client, JSON.stringify(message))
  }

  publish(channel: string, message: object, isKept = KEPT.has(channel)): void {
    const audience = this.#members(channel)
    if (audience.size === 0) return
    const text = JSON.stringify(message) // once for all
    if (isKept) this.#latest.set(channel, text)
    for (const client of audience) this.#write(client, text)
  }

  broadcast(group: string, message: unknown): boolean {
    if (!this.#channels.has(group) && !CHANNELS.some((channel) => channel === group)) return false
    this.publish(group, typeof message === 'object' && message !== null ? message : { message }, false)
    return true
  }

  list(): Session[] {
    return [...this.#clients].map(sessionOf)
  }

  statistics(): SessionStatistics {
    const { size } = this.#clients
    return {
      activeConnections: size,
      totalSessions: size,
      totalConnectionsEver: this.#counts.ever,
      messagesSent: this.#counts.sent,
      messagesReceived: this.#counts.received,
      clientTypes: tally(this.#clients),
      subscriptions: { all: size, ...Object.fromEntries([...this.#channels].map(([channel, joined]) => [channel, joined.size])) },
    }
  }

  #members(channel: string): ReadonlySet<LiveClient> {
    return channel === 'all' ? this.#clients : (this.#channels.get(channel) ?? new Set())
  }

  #write({ socket }: LiveClient, text: string): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > this.#maxBufferedBytes) return socket.terminate()
    this.#counts.sent += 1
    socket.send(text)
  }
}

const sessionOf = ({ id, clientType, connectedAt, lastActivityAt, address, userAgent, metadata }: LiveClient): Session => ({
  id,
  clientType,
  connectedAt,
  lastActivityAt,
  address,
  userAgent,
  metadata,
})

function tally(clients: Iterable<LiveClient>): Record<string, number> {
  const types: Record<string, number> = { browser: 0, api: 0, mobile: 0 }
  for (const { clientType } of clients) types[clientType] = (types[clientType] ?? 0) + 1
  return types
}
