import { z } from 'zod'
import { statisticsOf, timestamp } from './answers.ts'
import { channelOf, priceChannel, shortName, symbolOf, symbolOfChannel } from './channels.ts'
import type { LiveClient, LiveClients } from './clients.ts'
import type { LivePrices } from './prices.ts'

/** What clients may send. */
const MESSAGE = z.object({ type: z.string().max(40), group: z.string().max(64).optional(), symbol: z.string().max(64).optional() })
type Message = z.output<typeof MESSAGE>

/** What answering takes. */
export interface Desk {
  readonly clients: LiveClients
  readonly prices: LivePrices
  readonly maxSubscriptions: number
  /** The system's statistics, as `/api/stats` gives them. */
  stats(): Promise<unknown>
}

/** Answers one message of a client. */
export async function answer(desk: Desk, client: LiveClient, text: string): Promise<void> {
  const { clients } = desk
  const message = read(text)
  if (message === undefined)
    return refuse(desk, client, 'bad-message', 'a JSON object with a text "type" expected, for example {"type":"subscribe","group":"prices"}')
  switch (message.type) {
    case 'ping':
      return clients.send(client, { type: 'pong', timestamp: timestamp() })
    case 'pong':
      return undefined // that it came is enough
    case 'subscribe':
      return subscribe(desk, client, message)
    case 'unsubscribe':
      return unsubscribe(desk, client, message)
    case 'get_stats':
      clients.send(client, { type: 'stats_update', data: statisticsOf(clients.statistics()) })
      return clients.send(client, { type: 'stats_response', data: (await desk.stats()) ?? null, timestamp: timestamp() })
    default:
      return refuse(desk, client, 'unknown-type', `unknown type "${message.type}": subscribe, unsubscribe, get_stats, ping or pong expected`)
  }
}

/** Says what is wrong. */
export const refuse = ({ clients }: Pick<Desk, 'clients'>, client: LiveClient, code: string, error: string): void =>
  clients.send(client, { type: 'error', error, code, timestamp: timestamp() })

function read(text: string): Message | undefined {
  try {
    return MESSAGE.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function subscribe(desk: Desk, client: LiveClient, message: Message): Promise<void> {
  const wanted = wantedBy(desk, client, message)
  if (wanted === undefined) return
  const { clients, maxSubscriptions } = desk
  const { channel, symbol, acknowledged } = wanted
  if (channel === 'all') return clients.send(client, { type: 'subscribed', ...acknowledged })
  if (!client.channels.has(channel) && client.channels.size >= maxSubscriptions)
    return refuse(desk, client, 'too-many-subscriptions', `at most ${maxSubscriptions} subscriptions: unsubscribe from one first`)
  // a symbol that nobody has is never joined; one without a price now may have one in a moment
  client.channels.add(channel)
  const first = symbol === undefined ? undefined : await desk.prices.look(symbol)
  const isGone = client.socket.readyState !== client.socket.OPEN || !client.channels.has(channel)
  if (isGone) return undefined
  if (first?.type === 'error' && first.code !== 'no-price') {
    client.channels.delete(channel)
    return refuse(desk, client, first.code, first.error)
  }
  clients.send(client, { type: 'subscribed', ...acknowledged })
  clients.join(client, channel)
  if (first !== undefined) clients.send(client, first)
}

function unsubscribe(desk: Desk, client: LiveClient, message: Message): void {
  const wanted = wantedBy(desk, client, message)
  if (wanted === undefined) return
  if (wanted.channel === 'all') return refuse(desk, client, 'not-possible', 'everybody is in the group "all": close the connection to leave it')
  desk.clients.leave(client, wanted.channel)
  desk.clients.send(client, { type: 'unsubscribed', ...wanted.acknowledged })
}

interface Wanted {
  readonly channel: string
  readonly symbol?: string | undefined
  /** What the acknowledgement repeats. */
  readonly acknowledged: object
}

/** What a message is about; a refusal where that does not exist. */
function wantedBy(desk: Desk, client: LiveClient, { type, group, symbol }: Message): Wanted | undefined {
  if (symbol !== undefined) {
    const known = symbolOf(symbol)
    if (known === undefined) {
      refuse(desk, client, 'unknown-symbol', `"${symbol}" is no symbol: write BTC, BTC/USD, BTC-USD or BTCUSDT`)
      return undefined
    }
    const name = shortName(known)
    const said = type === 'subscribe' ? `prices of ${name} follow` : `no more prices of ${name}`
    return { channel: priceChannel(known), symbol: known, acknowledged: { symbol: name, message: said, timestamp: timestamp() } }
  }
  const channel = channelOf(group ?? '')
  if (channel === undefined) {
    const known = 'market, prices, prices:<SYMBOL>, news, alerts, providers, breakers, stats or all'
    refuse(desk, client, 'unknown-group', `unknown group ${JSON.stringify(group ?? null)}: ${known} expected`)
    return undefined
  }
  return { channel, symbol: symbolOfChannel(channel), acknowledged: { group: channel } }
}
